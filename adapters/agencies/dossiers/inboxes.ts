import { readDate } from '../../../schemas/dates.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { InboxDeed } from '../ask.ts'
import type { KnownMessage } from '../door.ts'
import type { Asked } from './asked.ts'
import { upperCased } from './procedures.ts'

/** A service by which an agency reads what was sent to it. */
interface InboxService {
  readonly actions: readonly string[]
  readonly rows: (messages: readonly KnownMessage[], asked: Asked) => readonly Payload[]
}

/** What a body is told of a petition. */
export const petitionActions = [
  'pakn.received',
  'pakn.supplemented',
  'pakn.forwarded',
  'pakn.co-handled',
  'pakn.returned',
  'pakn.published',
  'pakn.withdrawn',
] as const
const questionActions = ['question.asked', 'question.answered', 'question.rated'] as const

/** What such a body reads here; anything else for it is reported as what its dialect cannot carry. */
export const inboxActions: readonly string[] = [...questionActions, ...petitionActions]

const rowsIn = ({ payload }: KnownMessage): readonly Payload[] =>
  (payload['data'] as readonly Payload[] | undefined) ?? [payload]

/** Fields that clients read without looking (dvcqg §7). */
const questionFields = [
  ...['HOIDAPID', 'MALINHVUC', 'MATTHCDP', 'MADONVI', 'TENDONVI', 'NOIDUNG', 'NOIDUNGTRALOI', 'TRALOIID'],
  ...['HOVATEN', 'DIACHI', 'THUDIENTU', 'SODIENTHOAI', 'TRANGTHAI'],
]

/** The id of a question is a number to them. */
const numbered = (row: Payload): Payload => {
  const id = Number(textOf(row['HOIDAPID']))
  return Number.isSafeInteger(id) ? { ...row, HOIDAPID: id } : row
}

/** One row of each thing, with what came of it later: the first names win no more than the last. */
function merged(messages: readonly KnownMessage[], name: string): readonly Payload[] {
  const things = new Map<string, Payload>()
  for (const row of messages.flatMap(rowsIn)) {
    const upper = upperCased(row) as Payload // an object stays one
    const key = textOf(upper[name]).trim()
    things.set(key, { ...things.get(key), ...upper })
  }
  return [...things.values()]
}

const questions = (messages: readonly KnownMessage[]): readonly Payload[] =>
  merged(messages, 'HOIDAPID').map((row) =>
    numbered({ ...Object.fromEntries(questionFields.map((name) => [name, ''])), ...row }),
  )

const isOf = (name: string, asked: string) => (row: Payload) =>
  asked === '' || textOf(row[name]).trim() === asked

/** Services of §7 and, by the names that are proposed for them, of §8.2. */
const inboxes: Readonly<Record<string, InboxService>> = {
  LayDanhSachHoiDapGuiTuDVCQG: { actions: questionActions, rows: questions },
  LayDanhSachHoiDapBoCoQuan: { actions: questionActions, rows: questions },
  LayNoiDungTraLoiTheoCauHoi: {
    actions: ['question.answered'],
    rows: (messages, asked) =>
      questions(messages)
        .filter(isOf('HOIDAPID', asked.text('cauhoiid')))
        .map(({ TRALOIID, NOIDUNGTRALOI }) => ({
          TRALOIID: TRALOIID ?? '',
          NOIDUNGTRALOI: NOIDUNGTRALOI ?? '',
        })),
  },
  LayDanhSachPAKN: {
    actions: petitionActions,
    rows: (messages, asked) => merged(messages, 'MAPAKN').filter(isOf('TRANGTHAI', asked.text('trangthai'))),
  },
  LayChiTietPAKN: {
    actions: petitionActions,
    rows: (messages, asked) => merged(messages, 'MAPAKN').filter(isOf('MAPAKN', asked.text('mapakn'))),
  },
}

export const inboxOf = (service: string): InboxService | undefined =>
  Object.hasOwn(inboxes, service) ? inboxes[service] : undefined

/** `tungay` and `denngay` bound when it came, the latter's day whole. Throws `invalid_field`. */
export function inboxDeed({ actions }: InboxService, asked: Asked): InboxDeed {
  const since = dayIn(asked, 'tungay')
  const before = dayIn(asked, 'denngay')
  return {
    ...{ kind: 'inbox', actions, expressed: inboxActions },
    ...(since === undefined ? {} : { since }),
    ...(before === undefined ? {} : { before: before + 86_400_000 }),
  }
}

function dayIn(asked: Asked, field: string): number | undefined {
  const text = asked.text(field)
  if (text === '') return undefined
  const ms = readDate(text)
  if (ms === null) throw new GatewayError('invalid_field', { field, reason: 'not a date' })
  return ms
}
