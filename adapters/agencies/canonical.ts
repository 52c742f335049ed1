import type { z } from 'zod'
import { readDate, writeDate } from '../../schemas/dates.ts'
import { date, isEmpty, listRowsOf, textOf } from '../../schemas/fields.ts'
import { pathText, type Path } from '../../schemas/limits.ts'
import type { Json, Payload } from '../../schemas/message.ts'
import { isObject } from '../../schemas/objects.ts'
import { onceEach } from './once.ts'

type Schema = z.core.$ZodType

interface Wrapped {
  readonly type: string
  readonly innerType?: Schema
  readonly out?: Schema
  readonly shape?: Readonly<Record<string, Schema>>
}

const defOf = (schema: Schema): Wrapped => schema._zod.def // zod keeps these by the kind of the schema

/** What an optional or preprocessed schema is about. */
function inner(schema: Schema): Schema {
  const { innerType, out } = defOf(schema)
  const next = innerType ?? out
  return next === undefined || listRowsOf(schema) !== undefined ? schema : inner(next)
}

interface Names {
  readonly exact: Readonly<Record<string, Schema>>
  readonly folded: ReadonlyMap<string, string>
}

const namesOf = new WeakMap<Schema, Names>()

function namesIn(schema: Schema): Names | undefined {
  const known = namesOf.get(schema)
  if (known !== undefined) return known
  const { shape } = defOf(schema)
  if (shape === undefined) return undefined
  const folded = new Map(
    Object.keys(shape)
      .reverse()
      .map((name) => [name.toLowerCase(), name]),
  )
  const names = { exact: shape, folded }
  namesOf.set(schema, names)
  return names
}

/**
 * A partner's object in the form that all dialects share (dvcqg §19 rules 7 to 9): known fields under their own names whatever their
 * case, without those that are empty, scalars as text, dates as yyyyMMddHHmmss where they can be read, one row for a list of one.
 * Unknown fields are kept as they are. Throws `malformed_request` where one field is given twice with different values.
 */
export function canonical(schema: Schema, value: Json, path: Path = []): Json {
  const target = inner(schema)
  const list = listRowsOf(target)
  if (list !== undefined) return rowsOf(list.row, value, path)
  const names = namesIn(target)
  if (names !== undefined && isObject(value)) return fieldsOf(names, value, path)
  return typeof value === 'object' ? value : scalar(schema === date, textIn(value))
}

function rowsOf(row: Schema, value: Json, path: Path): Json {
  if (isObject(value)) return [canonical(row, value, [...path, 0])]
  const rows = value as Json
  return Array.isArray(rows) ? rows.map((each: Json, at) => canonical(row, each, [...path, at])) : rows
}

function fieldsOf({ exact, folded }: Names, value: Payload, path: Path): Payload {
  const fields = Object.entries(value).flatMap(([written, given]) => {
    const name = Object.hasOwn(exact, written) ? written : (folded.get(written.toLowerCase()) ?? written)
    const schema = Object.hasOwn(exact, name) ? exact[name] : undefined
    if (schema !== undefined && isEmpty(given)) return []
    return [[name, schema === undefined ? given : canonical(schema, given, [...path, name])] as const]
  })
  return Object.fromEntries(onceEach(fields, (name) => pathText([...path, name])))
}

/** Clients of .NET write truth as `True` and `False`, and so does the axis. */
const textIn = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : textOf(value)

function scalar(isDate: boolean, text: string): string {
  const ms = isDate ? readDate(text) : null
  return ms === null ? text : writeDate(ms)
}
