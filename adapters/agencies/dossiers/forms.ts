import { readDate } from '../../../schemas/dates.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { isObject } from '../../../schemas/objects.ts'

const zoneMs = 7 * 3_600_000

/** `yyyy-MM-dd HH:mm:ss` in Asia/Ho_Chi_Minh; what is no date stays as it is. */
export function sqlDate(value: Json): Json {
  const ms = readDate(textOf(value))
  return ms === null ? value : new Date(ms + zoneMs).toISOString().slice(0, 19).replace('T', ' ')
}

/** ISO 8601 with milliseconds, in UTC; what is no date stays as it is. */
export function isoDate(value: Json): Json {
  const ms = readDate(textOf(value))
  return ms === null ? value : new Date(ms).toISOString()
}

/** A whole number bare; anything else as it is. */
export function whole(value: Json): Json {
  const text = textOf(value)
  return /^-?\d{1,15}$/.test(text) ? Number(text) : value
}

/** A number bare, whichever mark it has for decimals; anything else as it is. */
export function bare(value: Json): Json {
  const text = textOf(value).replace(',', '.')
  return /^-?\d{1,15}(?:\.\d{1,6})?$/.test(text) ? Number(text) : value
}

/** A truth value bare, from any spelling; anything else as it is. */
export function truth(value: Json): Json {
  const text = textOf(value).toLowerCase()
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : value
}

/** Rows of a list, or one object, each changed; anything else as it is, for the national schema to judge. */
export function eachRow(value: Json, act: (row: Payload) => Payload): Json {
  if (isObject(value)) return act(value)
  return Array.isArray(value) ? value.map((row: Json) => (isObject(row) ? act(row) : row)) : value
}

/** Fields of a row in the form that a table has for them; the others as they are. */
export function formed(
  row: Readonly<Record<string, Json>>,
  forms: Readonly<Record<string, (value: Json) => Json>>,
): Readonly<Record<string, Json>> {
  const fields = Object.entries(row).map(([name, value]): [string, Json] => [
    name,
    (Object.hasOwn(forms, name) ? forms[name] : undefined)?.(value) ?? value,
  ])
  return Object.fromEntries(fields)
}
