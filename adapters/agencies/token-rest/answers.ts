import type { Json } from '../../../schemas/message.ts'
import type { DoorAnswer } from '../dialect.ts'
import type { Refusal } from '../dossiers/refusal.ts'
import { sentenceOf } from '../dossiers/words.ts'

/** The codes that clients of this dialect know (dvcqg §12, §17). */
const known: ReadonlySet<number> = new Set([200, 400, 401, 403, 404, 502])

/** What may pass is a 502, every other refusal a 400. */
function statusOf(status: number): number {
  if (known.has(status)) return status
  return status < 500 && status !== 429 ? 400 : 502
}

export function writeJson(body: Json, status = 200, headers: DoorAnswer['headers'] = {}): DoorAnswer {
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) }
}

export const writeSuccess = (data: Json): DoorAnswer => writeJson({ code: 200, message: 'Thành công', data })

/** A failure: here HTTP codes are meaningful, and the body's `code` says the same. */
export function writeFailure(
  { status, error, thing }: Refusal,
  retryAfterSeconds: number | null = null,
): DoorAnswer {
  const code = statusOf(status)
  const headers = {
    ...(code === 401 && { 'www-authenticate': 'Bearer' }),
    ...(retryAfterSeconds !== null && { 'retry-after': String(retryAfterSeconds) }),
  }
  return writeJson({ code, message: sentenceOf(error, thing), data: null }, code, headers)
}
