import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { PaymentAsked } from './asked.ts'

/** A partner's own name of a field → its national name. */
export type Names = Readonly<Record<string, string>>

/** Known fields under their national names, the others as they are; without the mark, which belongs to the line that it came by. */
export function nationalNames(names: Names, { fields }: PaymentAsked, mark: string): Payload {
  const folded = new Map(Object.entries(names).map(([own, national]) => [own.toLowerCase(), national]))
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([own]) => own.toLowerCase() !== mark)
      .map(([own, value]) => [folded.get(own.toLowerCase()) ?? own, value]),
  )
}

/** The same back again. */
export function ownNames(names: Names, payload: Payload): Payload {
  const byNational = new Map(Object.entries(names).map(([own, national]) => [national, own]))
  return Object.fromEntries(
    Object.entries(payload).map(([national, value]) => [byNational.get(national) ?? national, value]),
  )
}

/** Some fields as they stand in the text, joined by bars. */
export const joined = (names: readonly string[], text: (name: string) => string): string =>
  names.map(text).join('|')

export const textIn =
  (payload: Payload) =>
  (name: string): string =>
    textOf(payload[name])
