import { textOf } from '../../../schemas/fields.ts'
import type { Message, Payload } from '../../../schemas/message.ts'

/** Places to which one message goes at most: it is one delivery, done or not done. */
export const mostPlaces = 20

/** Whom a notice names by a field of `NguoiNhan`, such as `Email`, each once; those without it are left to other ways. */
export function namedIn({ payload }: Message, field: 'Email' | 'SoDienThoai'): readonly string[] {
  const people = payload['NguoiNhan']
  const rows = Array.isArray(people) ? (people as readonly Payload[]) : [] // rows have passed their schema
  const places = rows.map((row) => textOf(row[field]).trim())
  return [...new Set(places.filter((place) => place !== ''))]
}
