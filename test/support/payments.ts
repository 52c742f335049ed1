import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Message } from '../../schemas/message.ts'
import type { MarkRule } from '../../signing/joined-mark.ts'
import { markOf } from '../../signing/joined-mark.ts'
import { withGateway, type LentGateway } from './gateway.ts'
import { createParty, type Party } from './parties.ts'
import { admit, createPerson } from './people.ts'

/** Of the partners of the tests. */
export const secret = 'bi-mat-thu-nghiem-01'

type Fields = Readonly<Record<string, unknown>>

/** Fields over which a mark is made, as the specification lists them. */
const order: Readonly<Record<string, string>> = {
  INIT: 'LoaiBanTin PhienBan MaDoiTac MaThamChieu SoTien LoaiHinhThanhToan MaKenhThanhToan MaThietBi NgonNgu MaTienTe MaNganHang ThongTinGiaoDich ThoiGianGD Ip',
  CONFIRM:
    'LoaiBanTin MaLoi MaDoiTac MaThamChieu SoTien MaTienTe MaGiaoDich MaNganHang ThoiGianGD ThongTinGiaoDich',
  QUERY: 'LoaiBanTin PhienBan MaDoiTac MaThamChieu ThoiGianGD',
  GET_BILL: 'LoaiBanTin PhienBan MaDoiTac MaThamChieu ThoiGianGD',
}

export const reference = 'H492612110001T20261121090000'
export const dossier = 'H49.05-261121-0001'
const about = { MaDoiTac: 'H49TEST', MaThamChieu: reference }

export const init: Fields = {
  ...{ LoaiBanTin: 'INIT', PhienBan: '1.0.6', ...about, SoTien: '150000', LoaiHinhThanhToan: 'PAY' },
  ...{ MaKenhThanhToan: '1', MaThietBi: '1', NgonNgu: 'vi-VN', MaTienTe: 'VND', MaNganHang: 'PAYMENT' },
  ThongTinGiaoDich: `THANH TOAN HO SO ${dossier}`,
  ...{ ThoiGianGD: '20261121090000', Ip: '10.10.0.5' },
  ThongTinBienLai: {
    ...{ MaDichVu: '2', MaDVC: '1.009999.01', MaTTHC: '1.009999', MaDonVi: 'H49.05', MaHoSo: dossier },
    ...{ HoTenNguoiNop: 'Phạm Thị Mẫu', SoCMNDNguoiNop: '022099000123' },
    PhiLePhi: [{ LoaiPhiLePhi: 2, MaPhiLePhi: 2, TenPhiLePhi: 'Lệ phí cấp lại', SoTien: 150000 }],
    DSKhoanNop: [{ NoiDung: 'Lệ phí cấp lại', SoTien: '150000' }],
  },
}

export const confirm: Fields = {
  ...{ LoaiBanTin: 'CONFIRM', MaLoi: '00', ...about, SoTien: 150000, MaTienTe: 'VND' },
  ...{ MaGiaoDich: 'GD20261121000077', MaNganHang: 'VCB', ThoiGianGD: '20261121090145' },
  ThongTinGiaoDich: `THANH TOAN HO SO ${dossier}`,
}

export const query: Fields = {
  LoaiBanTin: 'QUERY',
  PhienBan: '1.0.6',
  ...about,
  ThoiGianGD: '20261121091500',
}
export const getBill: Fields = { ...query, LoaiBanTin: 'GET_BILL', ThoiGianGD: '20261121091600' }

/** The text that a mark is made over, from fields as they were written. */
export const textToMark = (fields: Fields): string =>
  (order[String(fields['LoaiBanTin'])] ?? '')
    .split(' ')
    .map((name) => textOf(fields[name]))
    .join('|')

export const marked = (fields: Fields, rule: MarkRule = 'sha256', key = secret): Fields => ({
  ...fields,
  MaXacThuc: markOf(rule, textToMark(fields), key),
})

export interface PaymentScene {
  readonly lent: LentGateway
  readonly operator: string
  /** Posts JSON, or a text as it is; answers the status and what came back as JSON. */
  post(path: string, body: unknown): Promise<{ readonly status: number; readonly json: Fields }>
}

const registry = { aliases: { 'portal-core': ['G22'] } }

/** A gateway with parties and accounts of a dialect's door, each the name of its secret and the code of its body. */
export function withPayments(
  parties: readonly Party[],
  accounts: Readonly<Record<string, string>>,
  use: (scene: PaymentScene) => Promise<void>,
  env: Partial<Record<'PUBLIC_URL', string>> = {},
): Promise<void> {
  return withGateway(parties, { registry, env }, async (lent) => {
    const admin = createPerson('admin')
    const operator = createPerson('operator')
    await admit(lent, parties, [admin, operator], registry)
    for (const [name, code] of Object.entries(accounts)) {
      const body = { type: 'application/json', bytes: JSON.stringify({ value: secret }) }
      const path = `/admin/v1/agencies/${code}/secrets/${encodeURIComponent(name)}`
      const put = await lent.call(admin.apiKey, 'PUT', path, body)
      expect(put.status, put.text).to.be.below(300)
    }
    await use({ lent, operator: operator.apiKey, post: poster(lent.url) })
  })
}

const poster =
  (url: string): PaymentScene['post'] =>
  async (path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await answer.text()
    const location = answer.headers.get('location')
    return { status: answer.status, json: location === null ? (JSON.parse(text) as Fields) : { location } }
  }

export const portal = createParty({ code: 'G22', dialect: 'native-json' })

/** Actions of the messages that a body received, oldest first. */
export async function received(lent: LentGateway, { apiKey }: Party): Promise<readonly string[]> {
  const { json } = await lent.call(apiKey, 'GET', '/v1/messages?max=100&direction=received')
  return (json as unknown as { items: { action: string }[] }).items.map(({ action }) => action)
}

/** The newest result of a payment, as its recipients got it. */
export async function resultOf({ store }: LentGateway, of = reference): Promise<Message> {
  const [found] = await store.latestMessages(of, ['payment.result'])
  if (found === undefined) throw new Error('no payment.result')
  return found.message
}

/** Reasons of the open cases. */
export async function openCases({ lent, operator }: PaymentScene): Promise<readonly string[]> {
  const { json } = await lent.call(operator, 'GET', '/admin/v1/payment-cases')
  return (json as unknown as { items: { reason: string }[] }).items.map(({ reason }) => reason)
}
