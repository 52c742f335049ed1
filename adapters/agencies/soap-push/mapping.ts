import { readDate } from '../../../schemas/dates.ts'
import { isEmpty, textOf } from '../../../schemas/fields.ts'
import type { Json, Message, Payload } from '../../../schemas/message.ts'
import { isObject } from '../../../schemas/objects.ts'
import type { Field, Fields, GroupField, TextField } from './fields.ts'
import type { Operation } from './options.ts'

/** The elements of an operation, in the order of its fields. */
export interface Elements {
  readonly [element: string]: string | Elements | readonly string[] | readonly Elements[]
}

export interface Mapped {
  readonly elements: Elements
  /** Why the message cannot be said in full; empty when it can. */
  readonly lost: readonly string[]
}

const isGroup = (field: Field): field is GroupField => typeof field === 'object' && 'fields' in field
const textField = (field: string | TextField): TextField =>
  typeof field === 'string' ? { from: field, as: 'text' } : field

/** Where paths begin: the payload, or the only row of a batch; undefined for a batch of several. */
function scopeOf({ payload }: Message, { rows }: Operation): Payload | undefined {
  const { data } = payload
  if (rows === 'all' || !Array.isArray(data)) return payload
  const [row, ...others] = data as readonly Payload[]
  return others.length > 0 ? undefined : row
}

function factsOf({ id, sender, action, subjectKey, sentAt }: Message): Payload {
  const facts = { $id: id, $sender: sender, $action: action, $subjectKey: subjectKey }
  return { ...facts, $sentAt: new Date(sentAt).toISOString() }
}

/** Lays a message out in the elements of an operation, and says what of it would be lost. */
export function mapMessage(message: Message, operation: Operation): Mapped {
  const scope = scopeOf(message, operation)
  if (scope === undefined) return { elements: {}, lost: ['a batch of several rows'] }
  const { fields, leaves } = operation
  const elements = elementsOf(fields, { ...scope, ...factsOf(message) })
  const taken = [...pathsOf(fields, ''), ...leaves.map((path) => `${path}*`)]
  const unmapped = leavesOf(scope, '').filter((path) => !taken.some((each) => covers(each, path)))
  return { elements, lost: [...new Set([...unmapped, ...unwritable(elements)])] }
}

function elementsOf(fields: Fields, scope: Payload): Elements {
  const entries = Object.entries(fields).map(
    ([element, field]) => [element, contentOf(field, scope)] as const,
  )
  return Object.fromEntries(entries.filter(([, content]) => content !== undefined)) as Elements
}

function contentOf(field: Field, scope: Payload): Elements[string] | undefined {
  if (!isGroup(field)) return textsIn(textField(field), scope)
  const { each, fields } = field
  if (each === undefined) {
    const group = elementsOf(fields, scope)
    return Object.keys(group).length === 0 ? undefined : group
  }
  const rows = rowsAt(scope, each)
  return rows.length === 0 ? undefined : rows.map((row) => elementsOf(fields, row))
}

/** The rows of a list; one that is a value goes by the name `$row`. */
function rowsAt(scope: Payload, path: string): readonly Payload[] {
  const list = at(scope, path)
  if (!Array.isArray(list)) return []
  return (list as readonly Json[]).map((row) => (isObject(row) ? row : { $row: row }))
}

function textsIn(field: TextField, scope: Payload): Elements[string] | undefined {
  if (field.each === undefined) return textIn(field, scope)
  const texts = rowsAt(scope, field.each).flatMap((row) => textIn(field, row) ?? [])
  return texts.length === 0 ? undefined : texts
}

function textIn({ from, otherwise, as, values }: TextField, scope: Payload): string | undefined {
  const value = from === undefined ? undefined : at(scope, from)
  if (isEmpty(value)) return otherwise
  const text = forms[as](value as Json)
  return values !== undefined && Object.hasOwn(values, text) ? values[text] : text
}

/** A date in Vietnam's own time with its zone; what is no date stays as it is. */
const isoOf = (value: Json, length: number): string => {
  const ms = readDate(textOf(value))
  if (ms === null) return textOf(value)
  const local = new Date(ms + 7 * 3_600_000).toISOString()
  return length === 10 ? local.slice(0, 10) : `${local.slice(0, 19)}+07:00`
}

const forms: Readonly<Record<TextField['as'], (value: Json) => string>> = {
  text: textOf,
  json: (value) => JSON.stringify(value),
  dateTime: (value) => isoOf(value, 19),
  date: (value) => isoOf(value, 10),
}

function at(scope: Payload, path: string): Json | undefined {
  let value: Json | undefined = scope
  for (const name of path.split('.'))
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  return value
}

/** Paths that fields read: rows of a list under `list[]`, whatever is below a path under `path*`. */
function pathsOf(fields: Fields, prefix: string): readonly string[] {
  return Object.values(fields).flatMap((field) => {
    if (isGroup(field))
      return pathsOf(field.fields, field.each === undefined ? prefix : `${prefix}${field.each}[].`)
    const { each, from = '', as } = textField(field)
    const path = `${prefix}${each === undefined ? '' : `${each}[].`}${from}`.replace(/\.\$row$/, '')
    return [`${path}${as === 'json' ? '*' : ''}`]
  })
}

function covers(taken: string, path: string): boolean {
  if (!taken.endsWith('*')) return path === taken
  const above = taken.replace(/\*+$/, '')
  return above === '' || path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[]`)
}

/** Paths of all that a payload says. */
function leavesOf(value: Json, path: string): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((row) => leavesOf(row, `${path}[]`))
  if (!isObject(value)) return isEmpty(value) ? [] : [path]
  const below = Object.entries(value)
  return below.flatMap(([name, inner]) => leavesOf(inner, path === '' ? name : `${path}.${name}`))
}

/** What XML 1.0 cannot carry, and the one form that the writer would not escape. */
const strange =
  /^<!\[CDATA\[[\s\S]*\]\]>$|[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u

function unwritable(elements: Elements): readonly string[] {
  return Object.entries(elements).flatMap(([name, content]) => {
    if (typeof content === 'string') return strange.test(content) ? [`the characters of ${name}`] : []
    const rows = Array.isArray(content) ? (content as readonly (string | Elements)[]) : [content as Elements]
    return rows.flatMap((row) => unwritable(typeof row === 'string' ? { [name]: row } : row))
  })
}
