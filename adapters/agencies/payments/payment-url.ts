import type { Parcel } from '../dialect.ts'

/** The word under which the address of a payment, as its handler gave it, is remembered. */
export const paymentUrlWord = 'UrlThanhToan'

const mostLetters = 2_000

/** Remembers where the handler of a request wants the payer to be sent; nothing that a browser should not open. */
export async function keepPaymentUrl(given: string, { message, notes }: Parcel): Promise<void> {
  const url = given.trim()
  if (/^https?:\/\//i.test(url) && url.length <= mostLetters)
    await notes?.keep([paymentUrlWord, message.id], url)
}
