import type { ClientRow } from '../rows.ts'

/** A bank that speaks the messages of the payment platform: it may try both sides, asking for a payment and telling of its result. */
export const paymentPlatformClient: ClientRow = {
  code: 'NHTM02',
  name: 'Ngân hàng thương mại số 02 (nền tảng thanh toán)',
  partyClass: 'company',
  dialect: 'payment-platform',
  options: { paymentUrl: 'https://thanhtoan.example.vn/{MaThamChieu}' },
  grants: ['payment.requested', 'payment.result'],
  door: {
    path: '/payment-platform',
    account: 'NHTM02',
    moreAccounts: ['CONFIRM:NHTM02'],
    names: ['partnerCode', 'secret'],
  },
}
