import { z } from 'zod'
import { readDate } from './dates.ts'
import { fieldForms, textForm, wordsForm } from './field-forms.ts'

/** What a field holds that is no list and no object. */
type Scalar = string | number | boolean | null

/** Says what is wrong with a value, or null when nothing is. */
type Check = (value: unknown) => string | null

interface ListRows {
  readonly row: z.ZodType
  readonly max: number
}
type Schema = z.core.$ZodType

const listRows = new WeakMap<Schema, ListRows>()

/** The rows of a list, whose own schema holds only the check that goes through them; also of a list that more checks were added to. */
export function listRowsOf(schema: Schema): ListRows | undefined {
  const { parent } = schema._zod
  return listRows.get(schema) ?? (parent === undefined ? undefined : listRowsOf(parent))
}

/** Null, missing and the empty text mean the same (dvcqg §19 rule 7). */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** Empty, or nothing but spaces: no name for anything. */
export function isBlank(value: unknown): boolean {
  return isEmpty(value) || (typeof value === 'string' && value.trim() === '')
}

/** A scalar as text: clients send numbers and booleans both bare and quoted (dvcqg §19 rule 8). Empty text when there is none. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)

const matches = (pattern: RegExp, reason: string): Check => {
  return (value) => (typeof value !== 'boolean' && pattern.test(textOf(value)) ? null : reason)
}

const isText = (max: number): Check => {
  return (value) => {
    if (!isScalar(value)) return 'not text'
    return textOf(value).length > max ? `longer than ${max} characters` : null
  }
}

/** A code is short and printable; what its list holds is a matter of flags. */
const isCode = (max: number): Check => {
  return (value) => {
    if (!isScalar(value)) return 'not a code'
    const text = textOf(value).trim()
    if (text.length > max) return `longer than ${max} characters`
    return /\p{Cc}/u.test(text) ? 'not a code' : null
  }
}

function optional(check: Check, form: object) {
  return z
    .custom<Scalar>((value) => isEmpty(value) || check(value) === null, {
      error: (issue) => check(issue.input) ?? 'not valid',
    })
    .meta({ ...form })
    .optional()
}

function required(check: Check) {
  return z.custom<Scalar>((value) => !isBlank(value) && check(value) === null, {
    error: (issue) => (isBlank(issue.input) ? 'missing' : (check(issue.input) ?? 'not valid')),
  })
}

/** A field without which a message cannot be named or ordered. */
export const key = (max = 200) => required(isCode(max)).meta({ ...fieldForms.key, maxLength: max })
export const code = optional(isCode(200), fieldForms.code)
/** A code whose list is numbered, such as TrangThaiHoSo. */
export const digits = optional(matches(/^\d{1,9}$/, 'not a code of digits'), fieldForms.digits)
export const words = (...list: readonly string[]) =>
  optional(
    (value) => (list.includes(textOf(value)) ? null : `not one of ${list.join(', ')}`),
    wordsForm(list),
  )

const shortText = optional(isText(4000), fieldForms.text)
/** Unicode text of at most `max` UTF-16 units; 4,000 holds every name and address that partners are known to send. */
export const text = (max?: number) => (max === undefined ? shortText : optional(isText(max), textForm(max)))
/** Free text, as long as a string may be at all. */
export const prose = optional(isText(65_536), fieldForms.prose)

export const date = optional((value) => {
  return typeof value !== 'boolean' && readDate(textOf(value)) !== null ? null : 'not a date yyyyMMddHHmmss'
}, fieldForms.date)

/** Whole đồng. A `.0` or `.00` from a decimal type is the same amount; thousands separators are not readable safely. */
export const amount = optional(
  matches(/^\d{1,15}(?:\.00?)?$/, 'not an amount in whole đồng'),
  fieldForms.amount,
)
export const count = optional(matches(/^\d{1,15}$/, 'not a whole number'), fieldForms.count)
export const number = optional(matches(/^-?\d{1,15}(?:[.,]\d{1,9})?$/, 'not a number'), fieldForms.number)
export const yesNo = optional(
  (value) => (/^(?:true|false|0|1)$/i.test(textOf(value)) ? null : 'not True, False, 0 or 1'),
  fieldForms.yesNo,
)

/** An object whose unknown fields are carried untouched. */
export function record<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.looseObject(shape, { error: 'not an object' })
}

/** A nested object that may be missing. */
export function part<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => (isEmpty(value) ? undefined : value), record(shape).optional())
}

/** What the rows of a list are, for types alone: judged one by one, they are `unknown` to zod. */
export interface RowsOf<Row extends z.ZodType> {
  readonly '~row'?: Row
}

/** Stops at the first row that is at fault: the whole of a long bad list would take half a second to describe. */
function rowsOf<Row extends z.ZodType>(
  row: Row,
  max: number,
  empty: string,
): z.ZodArray<z.ZodUnknown> & RowsOf<Row> {
  const error = (issue: { readonly input?: unknown }) => (isEmpty(issue.input) ? empty : 'not a list')
  const rows = z.array(z.unknown(), { error }).check(({ value, issues }) => {
    if (value.length > max) {
      issues.push({ code: 'custom', input: value, path: [], message: `more than ${max} rows` })
      return
    }
    for (const [index, item] of value.entries()) {
      const [fault] = row.safeParse(item).error?.issues ?? []
      if (!fault) continue
      issues.push({ code: 'custom', input: item, path: [index, ...fault.path], message: fault.message })
      return
    }
  })
  listRows.set(rows, { row, max })
  return rows
}

/** A nested list that may be missing. */
export function list<Row extends z.ZodType>(row: Row, max = 1000) {
  return z.preprocess((value) => (isEmpty(value) ? undefined : value), rowsOf(row, max, '').optional())
}

/** The national batch, `data` with at least one row. */
export function batch<Row extends z.ZodType>(row: Row, max = 200) {
  return rowsOf(row, max, 'missing').min(1, 'no rows')
}

/** A batch whose rows are all about one thing, so that one message has one place in the order. */
export function batchOf<Row extends z.ZodType>(name: string, row: Row) {
  return batch(row).check(({ value, issues }) => {
    if (issues.length > 0) return
    const keys = value.map((item) => textOf((item as Record<string, unknown>)[name]).trim())
    const index = keys.findIndex((found) => found !== keys[0])
    if (index < 0) return
    const message = `differs from data[0].${name}: send one message per ${name}`
    issues.push({ code: 'custom', input: value, path: [index, name], message })
  })
}
