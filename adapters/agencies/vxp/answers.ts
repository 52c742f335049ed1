import { answerOf, type ErrorCode, type GatewayError } from '../../../schemas/errors.ts'
import type { BodyPart } from '../body-parts.ts'
import type { DoorAnswer, IntakeResult } from '../dialect.ts'
import { escaped, sentenceOf } from '../dossiers/words.ts'

const headers = { 'content-type': 'application/json; charset=utf-8' }

/** What a verb's answer has beside the three fields of every answer. */
export type Extra = Readonly<Record<string, unknown>>

/** 200 whatever is said, for nothing else is read; ASCII, for the official client reads nothing else (edxml §8.1.6). */
const write = (body: Extra): DoorAnswer => ({ status: 200, headers, body: escaped(JSON.stringify(body)) })

export const writeSuccess = (extra: Extra = {}): DoorAnswer =>
  write({ status: 'OK', ErrorCode: '0', ErrorDesc: '', ...extra })

/** A success whose `data` is text that is too large to be held. */
export function writeData(parts: readonly BodyPart[]): DoorAnswer {
  const { body, ...answer } = writeSuccess({ data: '' })
  return { ...answer, body: String(body).slice(0, -end.length), parts: [...parts, end] }
}

const end = '"}'

/** Codes of the provincial axes (edxml §8.3); 100 is the client's own for everything else. */
const codes: Partial<Record<ErrorCode, string>> = {
  malformed_xml: '10',
  too_large: '10',
  unsupported_media: '10',
  unauthenticated: '15',
  bad_signature: '15',
  unroutable: '18',
  forbidden: '19',
  internal: '20',
  unavailable: '20',
  too_many_requests: '20',
  body_draining: '20',
  invalid_field: '22',
  body_suspended: '23',
}

/** `extra`: fields that the client reads without looking, empty. */
function writeFault(code: ErrorCode, sentence: string, extra: Extra = {}): DoorAnswer {
  return write({ status: 'FAIL', ErrorCode: codes[code] ?? '100', ErrorDesc: sentence, ...extra })
}

/** Of an account nothing more is said than that it is none. */
export function writeError(error: GatewayError, extra: Extra): DoorAnswer {
  const reason = error.code === 'unauthenticated' ? null : (error.reason ?? null)
  const sentence = error.code === 'unauthenticated' ? badAccount : sentenceOf({ ...answerOf(error), reason })
  return writeFault(error.code, sentence, extra)
}

const badAccount = 'Sai mã hệ thống (systemid) hoặc chữ ký của tiêu đề không đúng'

export const writeRefusal = (
  { error }: Extract<IntakeResult, { kind: 'refused' }>,
  extra: Extra,
): DoorAnswer => writeFault(error.code, sentenceOf(error), extra)
