import { markOf } from '../../../signing/joined-mark.ts'
import { dossier, secret } from '../payments.ts'

const order = [
  ...['amount', 'orderId', 'orderInfo', 'requestCode', 'transactionNo', 'payDate', 'payGate', 'errorCode'],
  ...['type', 'transactionCode'],
]

/** A callback of a province's PayGov (dvcqg §9.4): paid, unless a test says otherwise. */
export function paygovCallback(
  more: Readonly<Record<string, string | number>> = {},
  fields: readonly string[] = order,
): Readonly<Record<string, string | number>> {
  const callback: Readonly<Record<string, string | number>> = {
    ...{ amount: 150000, orderId: `H49.05-${dossier}-01`, orderInfo: 'Le phi cap lai', requestCode: 'YC01' },
    ...{ transactionNo: 'PG0001', payDate: '20261121090145', payGate: 'VNPAY', errorCode: '00', type: '1' },
    transactionCode: 'TC01',
    ...more,
  }
  const text = fields.map((name) => String(callback[name] ?? '')).join('|')
  return { ...callback, checksum: markOf('hmac', text, secret) }
}
