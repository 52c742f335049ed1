import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import { inverse } from './renamed.ts'

/** A partner's code of a kind of person → the national one. */
export type Persons = Readonly<Record<string, string>>

const codeIn = (codes: Persons, code: string): string | undefined =>
  Object.hasOwn(codes, code) ? codes[code] : undefined

/** A row with the national LoaiDoiTuong for the partner's. Throws `invalid_field` for one that is none. */
export function withNationalPerson(row: Payload, persons: Persons): Payload {
  const kind = textOf(row['LoaiDoiTuong']).trim()
  if (kind === '') return row
  const national = codeIn(persons, kind)
  if (national === undefined)
    throw new GatewayError('invalid_field', {
      field: 'LoaiDoiTuong',
      reason: `not one of ${Object.keys(persons).join(', ')}`,
    })
  return { ...row, LoaiDoiTuong: national }
}

/** A national row with the partner's LoaiDoiTuong; null where the partner has none for it. */
export function withTheirPerson(row: Payload, persons: Persons): Payload | null {
  const kind = textOf(row['LoaiDoiTuong'])
  if (kind === '') return row
  const theirs = codeIn(inverse(persons), kind)
  return theirs === undefined ? null : { ...row, LoaiDoiTuong: theirs }
}
