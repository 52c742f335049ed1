import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'

/** Names of the fields in upper case, at every level (dvcqg §6.2). */
export function upperCased(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(upperCased)
  return Object.fromEntries(
    Object.entries(value as Payload).map(([name, part]) => [name.toUpperCase(), upperCased(part)]),
  )
}

/** Clients read these as lists without looking. */
const lists = [
  'CAPTHUCHIEN',
  'TRINHTUTHUCHIEN',
  'CACHTHUCTHUCHIEN',
  'DOITUONGTHUCHIEN',
  'THANHPHANHOSO',
  'KETQUATHUCHIEN',
  'CANCUPHAPLY',
  'COQUANTHUCHIEN',
  'COQUANCOTHAMQUYEN',
  'COQUANDUOCUYQUYEN',
  'COQUANPHOIHOP',
  'TTHCLIENQUAN',
  'TTHCLIENTHONG',
]

/** Clients read these as numbers without looking. */
const numbers = new Set(['KENH', 'THOIGIANGIAIQUYET', 'SOTIEN'])

const listOf = (value: Json | undefined): readonly Json[] => {
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? (value as readonly Json[]) : [value]
}

function numeric(value: Json, name = ''): Json {
  if (Array.isArray(value)) return value.map((each: Json) => numeric(each))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value as Payload).map(([key, part]) => [key, numeric(part, key)]),
    )
  if (!numbers.has(name)) return value
  const number = Number(textOf(value).replace(',', '.'))
  return Number.isFinite(number) ? number : 0
}

/**
 * A procedure as clients can read it (dvcqg §6.3). None where nothing says its field: a client asks again for every dossier, and
 * fails on a row without one.
 */
export function procedureOf(row: Payload): readonly Payload[] {
  const own = { MALINHVUC: row['MALINHVUC'] ?? '', TENLINHVUC: row['TENLINHVUC'] ?? '' }
  const given = listOf(row['LINHVUCTHUCHIEN']) as readonly Payload[]
  const fields = (given.length === 0 ? [own] : given).filter((field) => textOf(field['MALINHVUC']) !== '')
  if (fields.length === 0) return []
  const listed = Object.fromEntries(lists.map((name) => [name, listOf(row[name])]))
  return [numeric({ ...row, ...listed, LINHVUCTHUCHIEN: fields }) as Payload] // an object stays one
}
