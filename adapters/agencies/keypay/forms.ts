import type { Payload } from '../../../schemas/message.ts'
import type { PaymentAction } from '../payments/content.ts'
import type { Names } from '../payments/names.ts'

/** Fields over which check_sum is made, in their order (dvcqg §9.3). */
export const summed = {
  payment: ['addition_fee', 'client_id', 'command', 'trans_amount', 'transaction_id', 'version'],
  query: ['client_id', 'command', 'transaction_id'],
} as const

const shared: Names = {
  client_id: 'MaDoiTac',
  transaction_id: 'MaThamChieu',
  trans_amount: 'SoTien',
  description: 'ThongTinGiaoDich',
  currency_code: 'MaTienTe',
}

interface Form {
  readonly names: Names
  /** What a field holds where the message does not say. */
  readonly defaults: Payload
}

/** The two messages that both sides of KeyPay know, under their national names. */
export const forms: Readonly<Record<PaymentAction, Form>> = {
  'payment.requested': {
    names: { ...shared, bill_info: 'ThongTinBienLai' },
    defaults: {
      ...{ command: 'PAY', version: '3.0', locale: 'vn', country_code: 'vi', currency_code: 'VND' },
      ...{ environment: '1', addition_fee: '0', return_url: '', description: '' },
    },
  },
  'payment.result': {
    names: { ...shared, transaction_code: 'MaGiaoDich', status: 'MaLoi' },
    defaults: {
      ...{ command: 'PAY', version: '3.0', locale: 'vn', country_code: 'vi', currency_code: 'VND' },
      ...{ environment: '1', addition_fee: '0', payment_fee: '0', description: '', transaction_code: '' },
    },
  },
}

/** status 0 is success, here and only here spelled so. */
export const paidStatus = '0'
export const paidCode = '00'
