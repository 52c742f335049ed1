import type { Agency } from '../../../schemas/agency.ts'
import { actions } from '../../../schemas/actions.ts'
import type { Payload } from '../../../schemas/message.ts'
import { sha256 } from '../../../signing/digest.ts'
import { canonical } from '../canonical.ts'
import type { Trusted } from '../dialect.ts'

export type PaymentAction = 'payment.requested' | 'payment.result'

/** What a payment message becomes. */
export interface Wish {
  readonly action: PaymentAction
  /** Words that are the same when the same is said again, and others otherwise. */
  readonly words: readonly string[]
  readonly payload: Payload
  /** The exact bytes received. */
  readonly original: Uint8Array
  readonly guest: { readonly agency: Pick<Agency, 'code'>; readonly options: { readonly handledBy?: string } }
}

/** A request goes to the body that handles the payments of who asks; a result to those who asked. */
export function contentOf({ action, words, payload, original, guest: { agency, options } }: Wish): Trusted {
  const { handledBy } = options
  return {
    kind: 'trusted',
    header: {
      sender: agency.code,
      senderRef: `${action}:${sha256(JSON.stringify(words)).toString('hex')}`,
      recipients: action === 'payment.result' || handledBy === undefined ? [] : [handledBy],
      action,
    },
    payload: canonical(actions[action].schema, payload) as Payload, // an object stays one
    original,
  }
}
