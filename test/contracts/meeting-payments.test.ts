import { expect } from 'chai'
import type { Dialect, DoorRequest, Trusted } from '../../adapters/agencies/dialect.ts'
import { keypay } from '../../adapters/agencies/keypay/index.ts'
import { nativeJson } from '../../adapters/agencies/native-json/index.ts'
import { paygov } from '../../adapters/agencies/paygov/index.ts'
import { paymentPlatform } from '../../adapters/agencies/payment-platform/index.ts'
import type { Agency } from '../../schemas/agency.ts'
import type { Json, Payload } from '../../schemas/message.ts'
import { factsOf } from '../../schemas/money-fact.ts'
import { parsePayload } from '../../schemas/parse.ts'
import { messageOf } from './dialect.ts'

/** What all dialects are to make of the same result of a payment. */
const result: Payload = {
  ...{ MaThamChieu: 'H492612110001T20261121090000', MaDoiTac: 'H49TEST', SoTien: '150000', MaLoi: '00' },
  ...{ MaGiaoDich: 'GD20261121000077', MaTienTe: 'VND', MaNganHang: 'VCB', ThoiGianGD: '20261121090145' },
  ...{ ThongTinGiaoDich: 'Lệ phí cấp lại', UrlBienLai: 'https://bienlai.example.vn/1' },
  TruongRieng: { Con: ['a', '1'] },
}

const post = (path: string, body: Json, headers: DoorRequest['headers'] = {}): DoorRequest => ({
  ...{ method: 'POST', path, query: {}, headers, body: Buffer.from(JSON.stringify(body)) },
})

const without = (row: Payload, ...names: readonly string[]): Payload =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))

/** One dialect in which results of payments come and go. */
interface Speaker {
  readonly dialect: Dialect
  readonly options: Agency['options']
  /** The same result as its clients write it. */
  readonly says: Payload
  readonly arrives: (body: Json) => DoorRequest
  /** Fields that its clients have no name for. */
  readonly lacks: readonly string[]
  /** Fields of its own, which say nothing of the money. */
  readonly adds: Payload
  /** Fields that it can write in a poorer form only. */
  readonly poorer: Payload
}

const speakers: readonly Speaker[] = [
  {
    dialect: paymentPlatform,
    options: { confirmUrl: 'https://nhan.example.vn/confirm' },
    says: { LoaiBanTin: 'CONFIRM', ...result, SoTien: 150000 },
    arrives: (body) => post('/payment-platform', body),
    ...{ lacks: [], adds: { LoaiBanTin: 'CONFIRM' }, poorer: {} },
  },
  {
    dialect: keypay,
    options: { callbackUrl: 'https://nhan.example.vn/o/pgi/kpdvcqg/paymentconfirm' },
    says: {
      ...{ client_id: 'H49TEST', transaction_id: 'H492612110001T20261121090000', trans_amount: 150000 },
      ...{ transaction_code: 'GD20261121000077', currency_code: 'VND', description: 'Lệ phí cấp lại' },
      ...{ status: '0', command: 'PAY', version: '3.0', payment_fee: '0', TruongRieng: { Con: ['a', '1'] } },
    },
    arrives: (body) => post('/o/pgi/kpdvcqg/paymentconfirm', body),
    lacks: ['MaNganHang', 'ThoiGianGD', 'UrlBienLai'],
    ...{ adds: { command: 'PAY', version: '3.0', payment_fee: '0' }, poorer: {} },
  },
  {
    dialect: paygov,
    options: { callbackUrl: 'https://nhan.example.vn/paygov' },
    says: {
      ...{ partnerCode: 'H49TEST', orderId: 'H492612110001T20261121090000', amount: 150000, type: '1' },
      ...{ transactionNo: 'GD20261121000077', payGate: 'VCB', payDate: '21/11/2026 09:01:45' },
      ...{ orderInfo: 'Lệ phí cấp lại', errorCode: '00', TruongRieng: { Con: ['a', '1'] } },
    },
    arrives: (body) => post('/paygov/H49TEST/callback', body),
    lacks: ['MaTienTe', 'UrlBienLai'],
    ...{ adds: { type: '1' }, poorer: { ThongTinGiaoDich: 'Le phi cap lai' } },
  },
  {
    dialect: nativeJson,
    options: {},
    says: { action: 'payment.result', payload: result },
    arrives: (body) => {
      const { payload = null } = body as Payload
      return post('/v1/messages', { action: 'payment.result', payload }, { 'idempotency-key': '"nhtm-1"' })
    },
    ...{ lacks: [], adds: {}, poorer: {} },
  },
]

const agencyOf = ({ dialect, options }: Speaker): Agency => ({
  ...{
    code: 'VCB',
    name: 'Ngân hàng',
    partyClass: 'company',
    status: 'live',
    dialect: dialect.name,
    options,
  },
})

function told(speaker: Speaker, body: Json): Trusted {
  const contents = speaker.dialect.decode(speaker.arrives(body), agencyOf(speaker)) as readonly Trusted[]
  expect(contents).to.have.lengthOf(1)
  return contents[0]!
}

/** What the ledger keeps of a result, but for what not every dialect says. */
const factIn = (payload: Payload) => {
  const [fact] = factsOf({ action: 'payment.result', sender: 'VCB', payload })
  return { ...fact!, bank: null, at: null }
}

describe('the dialects that tell of payments meet in the middle', () => {
  for (const speaker of speakers)
    it(`${speaker.dialect.name}: says the same of the money as every other`, () => {
      const { header, payload } = told(speaker, speaker.says)
      expect(header.action).to.equal('payment.result')
      expect(payload).to.deep.equal({ ...without(result, ...speaker.lacks), ...speaker.adds })
      expect(() => parsePayload('payment.result', payload)).not.to.throw()
      expect(factIn(payload)).to.deep.equal(factIn(result))
      expect(factIn(payload)).to.include({ kind: 'paid', amount: 150_000, transaction: 'GD20261121000077' })
    })

  for (const from of speakers)
    for (const to of speakers)
      it(`${from.dialect.name} → ${to.dialect.name}: arrives with all that was said, unknown fields too`, () => {
        const { payload } = told(from, from.says)
        const encoded = to.dialect.encode({ ...messageOf('payment.result'), payload }, agencyOf(to))
        if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
        const arrived = told(to, JSON.parse(Buffer.from(encoded.body).toString()) as Json).payload
        expect(arrived).to.deep.include({ ...without(result, ...from.lacks), ...to.poorer })
        expect(factIn(arrived)).to.deep.equal(factIn(result))
      })
})
