import { markOf } from '../../../signing/joined-mark.ts'
import { dossier, secret } from '../payments.ts'

type Fields = Readonly<Record<string, unknown>>

const summed = (fields: Fields, names: string): Fields => ({
  ...fields,
  check_sum: markOf(
    'hmac',
    names
      .split(' ')
      .map((name) => String(fields[name] as string | number))
      .join('|'),
    secret,
  ),
})
const ofPayment = 'addition_fee client_id command trans_amount transaction_id version'

const about = {
  ...{ client_id: 'CLIENT01', transaction_id: '1201_7f3c2a10-5b6e-', trans_amount: '150000', command: 'PAY' },
  ...{
    version: '3.0',
    description: 'Le phi cap lai',
    locale: 'vn',
    country_code: 'vi',
    currency_code: 'VND',
  },
  ...{ environment: '1', addition_fee: '0' },
}

/** A request for a payment by KeyPay (dvcqg §9.3). */
export const keypayCreate = (more: Fields = {}): Fields => {
  const bill_info = { MaHoSo: dossier, HoTenNguoiNop: 'Phạm Thị Mẫu', MaDichVu: '2' }
  return summed({ ...about, return_url: 'https://mot-cua.example.vn/', bill_info, ...more }, ofPayment)
}

/** Its result: paid, unless a test says otherwise. */
export const keypayCallback = (more: Fields = {}): Fields =>
  summed({ ...about, transaction_code: 'KP0001', payment_fee: '0', status: '0', ...more }, ofPayment)

export const keypayQuery = (): Fields =>
  summed(
    { client_id: about.client_id, transaction_id: about.transaction_id, command: 'QUERY' },
    'client_id command transaction_id',
  )
