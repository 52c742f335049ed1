import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { readJson } from '../../../schemas/read-json.ts'
import type { DoorRequest } from '../dialect.ts'
import { parametersOf, utf8Of } from '../dossiers/asked.ts'

/** A request or an answer about a payment as it was written: marks are made over the very text of its fields (dvcqg §9.1, §21 trap 8). */
export interface PaymentAsked {
  /** A field as it was written, in any case of its name; empty where there is none. */
  readonly text: (name: string) => string
  /** All fields under their own names, numbers as the text that they were written in. */
  readonly fields: Payload
}

/** What it is read from: a request, or an answer. */
type Written = Pick<DoorRequest, 'headers' | 'body'>

const read = new WeakMap<Written, PaymentAsked>()

const isForm = ({ headers }: Written): boolean =>
  (headers['content-type'] ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded')

/** Strings stay as they are; numbers, which stand between them, become the text that they were written in. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g
const quoted = (json: string): string =>
  json.replace(stringOrNumber, (found) => (found.startsWith('"') ? found : `"${found}"`))

function fieldsOf(request: Written): unknown {
  const bytes = utf8Of(request)
  if (isForm(request)) return Object.fromEntries(new URLSearchParams(Buffer.from(bytes).toString('utf8')))
  if (bytes.byteLength === 0) return {}
  readJson(bytes) // as strict as any other door, and then once more for the text of its numbers
  return JSON.parse(quoted(Buffer.from(bytes).toString('utf8')))
}

/** Reads a request or an answer once: JSON, or a form. Throws `malformed_request` or `too_large`. */
export function paymentAsked(request: Written): PaymentAsked {
  const known = read.get(request)
  if (known !== undefined) return known
  const given = fieldsOf(request)
  const parameters = parametersOf(given)
  const asked: PaymentAsked = {
    text: (name) => textOf(parameters.get(name.toLowerCase())),
    fields: given as Readonly<Record<string, Json>>, // an object, or `parametersOf` has thrown
  }
  read.set(request, asked)
  return asked
}
