import type { ErrorAnswer } from '../../../schemas/errors.ts'
import { encodeBase64 } from '../base64.ts'
import type { DoorAnswer } from '../dialect.ts'
import type { FoundRows } from '../dossiers/looking.ts'
import type { Refusal } from '../dossiers/refusal.ts'
import { namesSuccess } from '../dossiers/said.ts'
import type { FileDone } from '../file-deed.ts'
import { sentenceOf } from '../dossiers/words.ts'
import type { FacadeOptions } from './options.ts'

const headers = { 'content-type': 'application/json; charset=utf-8' }

type Style = Pick<FacadeOptions, 'successCode'>

/** Always 200, never escaped: clients look for words in the text of the answer as it came (dvcqg §3.4). */
const write = (body: Readonly<Record<string, unknown>>): DoorAnswer => ({
  ...{ status: 200, headers, body: JSON.stringify(body) },
})

/** The words that say so: without them a client takes its push for failed. */
export const writeTaken = ({ successCode }: Style): DoorAnswer =>
  write({ error_code: successCode, message: 'Đồng bộ thành công' })

/** The document that was asked for stands as JSON text inside `message` (dvcqg §6.4). */
export const writeFound = (found: FoundRows, { successCode }: Style): DoorAnswer =>
  write({ error_code: successCode, message: JSON.stringify(found) })

/** A file, or the part of it that was asked for, as the text of its base64 (dvcqg §6.4). */
export const writeFile = ({ size, part, bytes }: FileDone): DoorAnswer => ({
  status: part === null ? 200 : 206,
  headers: {
    ...{ 'content-type': 'text/plain; charset=us-ascii', 'accept-ranges': 'bytes' },
    ...(part === null ? {} : { 'content-range': part }),
    ...(size === null ? {} : { 'content-length': String(4 * Math.ceil(size / 3)) }),
  },
  ...{ body: '', stream: encodeBase64(bytes) },
})

/** By this code and the words `đã tồn tại` a client learns to send the same to the address for updates. */
const existsCode = 3

/** A refusal without the words of success, which a recipient's reason may hold: of progress a client reads nothing else. */
function plainSentence(error: ErrorAnswer, thing: string): string {
  const full = sentenceOf(error, thing)
  return namesSuccess(full) ? sentenceOf({ ...error, field: null, reason: null }) : full
}

/** `inside`: where clients read a document inside `message`, they find one. */
export function writeFault(
  { status, error, thing }: Refusal,
  { successCode }: Style,
  form: 'plain' | 'inside' = 'plain',
): DoorAnswer {
  const code = error.code === 'reference_conflict' ? existsCode : status
  const error_code = typeof successCode === 'number' ? code : String(code)
  const message = plainSentence(error, thing)
  const document = { error_code, message, result: [] }
  return write({ error_code, message: form === 'inside' ? JSON.stringify(document) : message })
}
