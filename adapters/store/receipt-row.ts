import type { Receipt, SignedReceipt } from '../../schemas/receipt.ts'

/** The receipt inside a JWS that this gateway wrote and stored: its middle part is the receipt as JSON. */
export function receiptOf(jws: string): SignedReceipt {
  const body = jws.split('.')[1] ?? ''
  return { receipt: JSON.parse(Buffer.from(body, 'base64url').toString()) as Receipt, jws }
}
