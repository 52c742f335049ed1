import { writeDate } from '../../../schemas/dates.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import { wholeDong } from '../../../schemas/money-fact.ts'
import { rowsIn } from '../ask.ts'
import type { DoorAnswer } from '../dialect.ts'
import { jsonAnswer } from '../payments/answers.ts'
import type { PaymentAsked } from '../payments/asked.ts'
import { styledDate } from '../payments/dates.ts'
import { stateCodeOf, tellingFact } from '../payments/result.ts'
import {
  echoOf,
  knownIn,
  markedWith,
  sentenceOf,
  unknown,
  writeCode,
  type Answer,
  type Caller,
  type Looked,
} from './answers.ts'
import { billOf, newestIn } from './bills.ts'
import { markedText } from './texts.ts'

/** How a payment stands, under the names of the national platform. */
type State = Readonly<Record<(typeof names)[number], string>>

const names = [
  ...(['SoTien', 'MaTienTe', 'MaGiaoDich', 'MaNganHang', 'ThoiGianGD', 'ThongTinGiaoDich'] as const),
  ...(['TrangThaiGD', 'UrlBienLai'] as const),
] as const

const given = (row: Payload): State =>
  Object.fromEntries(names.map((name) => [name, textOf(row[name])])) as State // a text for each name

function known({ payment, messages }: NonNullable<ReturnType<typeof knownIn>>): State {
  const fact = tellingFact(payment)
  const at = fact?.at ?? null
  return {
    SoTien: String(fact?.amount ?? payment.asked ?? 0),
    MaTienTe: newestIn(messages, 'MaTienTe'),
    MaGiaoDich: fact?.transaction ?? '',
    MaNganHang: fact?.bank ?? '',
    ThoiGianGD: at === null ? '' : writeDate(at),
    ThongTinGiaoDich: newestIn(messages, 'ThongTinGiaoDich'),
    TrangThaiGD: stateCodeOf(payment),
    UrlBienLai: billOf(messages),
  }
}

function stateIn(done: Looked): State | undefined {
  if (done.kind === 'ask' && done.from === 'body') return rowsIn(done.given).map(given)[0]
  const found = knownIn(done.found)
  return found && known(found)
}

/** QUERY: what a CONFIRM would say, and TrangThaiGD. */
export function writeQuery(asked: PaymentAsked, done: Looked, guest: Caller): DoorAnswer {
  const state = stateIn(done)
  if (state === undefined) return jsonAnswer(writeCode(asked, unknown, guest))
  const { TrangThaiGD, UrlBienLai, ...said } = state
  const answer: Answer = {
    LoaiBanTin: 'QUERY',
    MaLoi: guest.options.successCode,
    ...echoOf(asked),
    ...said,
    SoTien: wholeDong(said.SoTien) ?? said.SoTien,
    MaTienTe: said.MaTienTe || 'VND',
    ThoiGianGD: styledDate(said.ThoiGianGD, guest.options.dateStyle),
  }
  const text = markedText('CONFIRM', (name) => textOf(answer[name]))
  return jsonAnswer(markedWith({ ...answer, ...sentenceOf(done), TrangThaiGD, UrlBienLai }, text, guest))
}
