import { writeDate } from '../../../schemas/dates.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { Said } from '../../../schemas/said.ts'

interface StatusRow {
  /** Whose word it is: the receiver's, or the original sender's. */
  readonly by: 'receiver' | 'sender'
  /** States after which it is expected; '' = sent, and nothing heard yet. */
  readonly after: readonly string[]
  /** Nothing is expected after it. */
  readonly ends?: true
  /** Not without a reason, by practice. */
  readonly needsReason?: true
  readonly said: Said
}

const open = ['', '01', '03', '04', '05', '16'] as const

/** What a status means and when it is expected (edXML §4.1, §4.2). */
export const statuses = {
  '01': { by: 'receiver', after: [''], said: { vi: 'đã đến hệ thống', en: 'arrived' } },
  '02': {
    ...{ by: 'receiver', after: ['', '01'], ends: true, needsReason: true },
    said: { vi: 'từ chối, trả lại', en: 'refused, returned' },
  },
  '03': { by: 'receiver', after: ['', '01'], said: { vi: 'đã tiếp nhận, vào sổ', en: 'registered' } },
  '04': { by: 'receiver', after: ['03'], said: { vi: 'đã phân công', en: 'assigned' } },
  '05': { by: 'receiver', after: ['03', '04', '05'], said: { vi: 'đang xử lý', en: 'being processed' } },
  '06': {
    ...{ by: 'receiver', after: ['03', '04', '05'], ends: true },
    said: { vi: 'hoàn thành', en: 'completed' },
  },
  '13': {
    ...{ by: 'sender', after: open, needsReason: true },
    said: { vi: 'lấy lại', en: 'asked back' },
  },
  // They answer an update or a revocation too, which comes as a letter and leaves no status.
  '15': {
    ...{ by: 'receiver', after: ['13', ...open], ends: true },
    said: { vi: 'đồng ý lấy lại, cập nhật', en: 'agreed' },
  },
  '16': {
    ...{ by: 'receiver', after: ['13', ...open], needsReason: true },
    said: { vi: 'từ chối lấy lại, cập nhật', en: 'not agreed' },
  },
} as const satisfies Readonly<Record<string, StatusRow>>

export type StatusCode = keyof typeof statuses

const isKnown = (code: string): code is StatusCode => Object.hasOwn(statuses, code)

/** What to make of a status after another: skipped and late ones are normal, and unknown ones are carried on, so none of this refuses. */
export function judgeStatus(before: string, code: string): 'next' | 'repeat' | 'out-of-order' | 'unknown' {
  if (!isKnown(code)) return 'unknown'
  const row: StatusRow = statuses[code]
  if (row.after.includes(before)) return 'next'
  return before === code ? 'repeat' : 'out-of-order'
}

interface Answering {
  readonly code: StatusCode
  /** Who says it. */
  readonly from: Payload
  /** Whom it is for: of a 13 the holder, of every other the letter's sender. */
  readonly to: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly reason?: string
}

/** The status that answers a letter. Throws `invalid_field` where a reason is due and none is given. */
export function statusOf(letter: Payload, { code, from, to, at, reason = '' }: Answering): Payload {
  const row: StatusRow = statuses[code]
  if (row.needsReason === true && reason === '')
    throw new GatewayError('invalid_field', {
      field: 'Description',
      reason: `status ${code} asks for a reason`,
    })
  const part = (name: string) => (letter[name] ?? {}) as Payload // judged at intake
  const { CodeNumber, CodeNotation } = part('Code')
  const { PromulgationDate } = part('PromulgationInfo')
  const DocumentId = letter['DocumentId'] ?? ''
  return {
    DocumentId,
    From: from,
    ResponseFor: {
      OrganId: to,
      Code: [CodeNumber, CodeNotation].map(textOf).filter(Boolean).join('/'),
      ...(PromulgationDate === undefined ? {} : { PromulgationDate }),
      DocumentId,
    },
    StatusCode: code,
    ...(reason === '' ? {} : { Description: reason }),
    Timestamp: writeDate(at),
  }
}
