import { readDate, writeDate } from '../../schemas/dates.ts'
import type { Json } from '../../schemas/message.ts'

/** What a payload says: without what is empty, for the bus wants every known element; days without their hour; files by their names. */
export function said(value: Json, name = ''): Json | undefined {
  if (Array.isArray(value)) {
    const rows = (value as readonly Json[]).map((row) => said(row)).filter((row) => row !== undefined)
    return rows.length === 0 ? undefined : rows
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([inner, each]) => [inner, said(each, inner)] as const)
    const told = fields.filter(
      ([inner, each]) => each !== undefined && !['Url', 'Digest', 'Size'].includes(inner),
    )
    return told.length === 0 ? undefined : (Object.fromEntries(told) as Json)
  }
  if (value === '' || value === null) return undefined
  const day = ['PromulgationDate', 'DueDate'].includes(name) ? readDate(String(value)) : null
  return day === null ? value : writeDate(day).slice(0, 8)
}
