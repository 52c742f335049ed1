import { actions } from '../../../schemas/actions.ts'
import type { Payload } from '../../../schemas/message.ts'
import { sha256 } from '../../../signing/digest.ts'
import { canonical } from '../canonical.ts'
import type { Trusted } from '../dialect.ts'
import type { Guest } from '../door.ts'
import type { PaymentAsked } from '../payments/asked.ts'
import type { PlatformOptions } from './options.ts'
import { markedText } from './texts.ts'

interface Origin {
  readonly guest: Guest<PlatformOptions>
  /** The exact bytes received. */
  readonly original: Uint8Array
}

/** A reference of its own for what is the same when it is said again. */
const referenceOf = (kind: string, ...words: readonly string[]): string =>
  `${kind}:${sha256(JSON.stringify(words)).toString('hex')}`

const payloadOf = (action: 'payment.requested' | 'payment.result', { fields }: PaymentAsked): Payload =>
  canonical(actions[action].schema, fields) as Payload // an object stays one

/** INIT: a reference is one attempt to pay, for ever. */
export function initContent(asked: PaymentAsked, { guest: { agency, options }, original }: Origin): Trusted {
  const { handledBy } = options
  return {
    kind: 'trusted',
    header: {
      sender: agency.code,
      senderRef: referenceOf('INIT', asked.text('MaDoiTac'), asked.text('MaThamChieu')),
      recipients: handledBy === undefined ? [] : [handledBy],
      action: 'payment.requested',
    },
    payload: payloadOf('payment.requested', asked),
    original,
  }
}

/** CONFIRM: the same words are a repeat, however often and however late they come. */
export function confirmContent(asked: PaymentAsked, { guest, original }: Origin): Trusted {
  const { agency, options } = guest
  const payload = payloadOf('payment.result', asked)
  const isOwnSpelling =
    options.acceptedCodes.includes(asked.text('MaLoi')) && payload['TrangThaiGD'] === undefined
  const isKnownSpelling = ['00', '0'].includes(asked.text('MaLoi'))
  return {
    kind: 'trusted',
    header: {
      sender: agency.code,
      senderRef: referenceOf('CONFIRM', markedText('CONFIRM', asked.text)),
      recipients: [],
      action: 'payment.result',
    },
    payload: isOwnSpelling && !isKnownSpelling ? { ...payload, TrangThaiGD: '1' } : payload,
    original,
  }
}
