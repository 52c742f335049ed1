import type { ErrorAnswer, ErrorCode } from '../../../schemas/errors.ts'

/** UTF-16 units beyond ASCII as escapes: the same JSON to every reader, whatever charset it assumes. */
export const escaped = (json: string): string =>
  json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** In the words of the national clients, where they differ from the gateway's own. */
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
