import type { Trusted } from '../dialect.ts'
import type { Guest } from '../door.ts'
import type { PaymentAsked } from '../payments/asked.ts'
import { contentOf } from '../payments/content.ts'
import type { PlatformOptions } from './options.ts'
import { markedText } from './texts.ts'

interface Origin {
  readonly guest: Guest<PlatformOptions>
  /** The exact bytes received. */
  readonly original: Uint8Array
}

/** INIT: a reference is one attempt to pay, for ever. */
export const initContent = (asked: PaymentAsked, origin: Origin): Trusted =>
  contentOf({
    ...origin,
    action: 'payment.requested',
    words: [asked.text('MaDoiTac'), asked.text('MaThamChieu')],
    payload: asked.fields,
  })

const commonSpellings = ['00', '0']

/** CONFIRM: the same words are a repeat, however often and however late they come. Success in another spelling is said in the common one too. */
export function confirmContent(asked: PaymentAsked, origin: Origin): Trusted {
  const code = asked.text('MaLoi')
  const isOwnSpelling = origin.guest.options.acceptedCodes.includes(code) && !commonSpellings.includes(code)
  const isSaid = !isOwnSpelling || asked.text('TrangThaiGD') !== ''
  return contentOf({
    ...origin,
    action: 'payment.result',
    words: [markedText('CONFIRM', asked.text)],
    payload: isSaid ? asked.fields : { ...asked.fields, TrangThaiGD: '1' },
  })
}

/**
 * What an answer to QUERY says of money that has moved, or will not: the same answer is a repeat. It is another message than the
 * CONFIRM that may follow, which says more. Null where the payment is still open.
 */
export function stateContent(said: PaymentAsked, origin: Origin): Trusted | null {
  const state = said.text('TrangThaiGD').trim()
  if (state === '3') return null
  return contentOf({
    ...origin,
    action: 'payment.result',
    words: ['QUERY', state, markedText('CONFIRM', said.text)],
    payload: said.fields,
  })
}
