import type { ErrorAnswer, ErrorCode } from '../../../schemas/errors.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { DoorAnswer } from '../dialect.ts'
import { defaults, type EnvelopeOptions } from './options.ts'

const headers = { 'content-type': 'application/json; charset=utf-8' }

/** UTF-16 units beyond ASCII as escapes: the same JSON to every reader, whatever charset it assumes. */
const escaped = (json: string): string =>
  json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

type Style = Pick<EnvelopeOptions, 'successCode' | 'escape'>

/** Always 200: some clients lose the text of anything else (dvcqg §21 trap 3). */
function write(body: Readonly<Record<string, unknown>>, { escape }: Style): DoorAnswer {
  const json = JSON.stringify(body)
  return { status: 200, headers, body: escape ? escaped(json) : json }
}

export interface Success {
  readonly message?: string
  readonly result?: readonly Payload[]
  readonly session?: string
}

export function writeSuccess(success: Success, style: Style): DoorAnswer {
  return write({ error_code: style.successCode, message: 'Thành công', ...success }, style)
}

/** `error_code` is the HTTP status that a REST door would answer, in the kind of value that success has. */
export function writeFault(
  { status, message }: { readonly status: number; readonly message: string },
  style: Style = defaults,
): DoorAnswer {
  const { successCode } = style
  const code = typeof successCode === 'number' ? status : String(status)
  return write({ error_code: code, message, result: [] }, style)
}

/** In the words of this dialect's clients, where they differ from the gateway's own. */
const words: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'Phiên làm việc không hợp lệ hoặc đã hết hạn, đề nghị đăng nhập lại',
}

/** A refusal in one sentence: what is wrong, where, and with which thing. */
export function sentenceOf({ code, message, field, reason, detailId }: ErrorAnswer, thing = ''): string {
  const named = thing === '' ? '' : `Mã ${thing}`
  if (code === 'reference_conflict') return `${named} đã tồn tại`.trim()
  const place = thing === '' ? field : field?.replace(/^data\[0\]\./, '') // its message has a list of its own
  const where = [place ?? '', reason ?? ''].filter((part) => part !== '').join(': ')
  const what = (words[code] ?? message.vi).replace(/\.$/, '')
  const text = [named, where === '' ? what : `${what} (${where})`].filter((part) => part !== '').join(': ')
  return code === 'internal' ? `${text} [${detailId}]` : text
}
