import { GatewayError } from '../schemas/errors.ts'
import type { Header, Payload } from '../schemas/message.ts'
import { successOf, type Caller } from './http.ts'

/** The content of a delivery: read and verified, or the reason why not. */
export type Content =
  | { readonly kind: 'opened'; readonly header: Header; readonly payload: Payload }
  | { readonly kind: 'unreadable'; readonly error: GatewayError }

/** A delivery lent to this body until `leaseUntil` (ms): acknowledge it, or it comes again. */
export interface PulledDelivery {
  readonly deliveryId: string
  readonly messageId: string
  readonly sender: string
  readonly senderRef: string
  readonly action: string
  readonly subjectKey: string
  readonly leaseUntil: number
  readonly content: Content
}

export interface Mailbox {
  /** Takes at most `max` deliveries; waits up to `waitSeconds` (30 at most) for the first. */
  pull(ask?: { readonly max?: number; readonly waitSeconds?: number }): Promise<readonly PulledDelivery[]>
  /** Says what became of a delivery. `retry` gives it back; `reason` goes to the sender. */
  acknowledge(deliveryId: string, outcome: 'processed' | 'refused' | 'retry', reason?: string): Promise<void>
}

type Item = Omit<PulledDelivery, 'content'> & { readonly contentType: string; readonly content: string }

/** Opens one sealed envelope. Rejects with GatewayError. */
export type OpenSealed = (
  bytes: Uint8Array,
) => Promise<{ readonly header: Header; readonly payload: Payload }>

/** The pull side: deliveries wait at the gateway until they are fetched and acknowledged. */
export function createMailbox(call: Caller, open: OpenSealed): Mailbox {
  return {
    async pull({ max = 20, waitSeconds = 0 } = {}) {
      const path = `/v1/mailbox?max=${max}&wait=${waitSeconds}`
      const answer = await call({ method: 'GET', path, waitMs: waitSeconds * 1000 })
      const { deliveries } = successOf(answer) as { readonly deliveries: readonly Item[] }
      return Promise.all(deliveries.map((item) => openItem(item, open)))
    },
    async acknowledge(deliveryId, outcome, reason) {
      const body = JSON.stringify({ outcome, ...(reason === undefined ? {} : { reason }) })
      const path = `/v1/mailbox/${encodeURIComponent(deliveryId)}/ack`
      successOf(await call({ method: 'POST', path, contentType: 'application/json', body }))
    },
  }
}

async function openItem({ content, contentType, ...item }: Item, open: OpenSealed): Promise<PulledDelivery> {
  const read = contentType.startsWith('application/json') ? readPlain : open
  try {
    const { header, payload } = await read(Buffer.from(content))
    return { ...item, content: { kind: 'opened', header, payload } }
  } catch (error) {
    if (error instanceof GatewayError) return { ...item, content: { kind: 'unreadable', error } }
    throw error
  }
}

/** A body without keys gets the message itself, as JSON. */
const readPlain: OpenSealed = (bytes) => {
  const { payload, ...header } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Header & {
    payload: Payload
  }
  return Promise.resolve({ header, payload })
}
