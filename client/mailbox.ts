import { GatewayError } from '../schemas/errors.ts'
import type { Header, Payload } from '../schemas/message.ts'
import { delayMs, pause, successOf, type Caller } from './http.ts'

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

export interface PullAsk {
  readonly max?: number
  readonly waitSeconds?: number
  readonly signal?: AbortSignal
}

export interface Mailbox {
  /** Takes at most `max` deliveries; waits up to `waitSeconds` (30 at most) for the first. */
  pull(ask?: PullAsk): Promise<readonly PulledDelivery[]>
  /**
   * Pulls for ever, one delivery at a time, until `signal` ends it. Acknowledge each: what is not comes again. While the gateway
   * is away it asks again after 1 s to 30 s; rejects with GatewayError on what no waiting mends, such as `forbidden`.
   */
  follow(ask?: PullAsk): AsyncGenerator<PulledDelivery, void, undefined>
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
  const pull: Mailbox['pull'] = async ({ max = 20, waitSeconds = 0, signal } = {}) => {
    const path = `/v1/mailbox?max=${max}&wait=${waitSeconds}`
    const bound = signal === undefined ? {} : { signal }
    const answer = await call({ method: 'GET', path, waitMs: waitSeconds * 1000, ...bound })
    const { deliveries } = successOf(answer) as { readonly deliveries: readonly Item[] }
    return Promise.all(deliveries.map((item) => openItem(item, open)))
  }
  return {
    pull,
    follow: (ask) => follow(pull, ask),
    async acknowledge(deliveryId, outcome, reason) {
      const body = JSON.stringify({ outcome, ...(reason === undefined ? {} : { reason }) })
      const path = `/v1/mailbox/${encodeURIComponent(deliveryId)}/ack`
      successOf(await call({ method: 'POST', path, contentType: 'application/json', body }))
    },
  }
}

const longestWaitSeconds = 30
const patience = { attempts: Infinity, firstDelayMs: 1_000 }

async function* follow(pull: Mailbox['pull'], ask: PullAsk = {}): ReturnType<Mailbox['follow']> {
  const { signal } = ask
  const hasEnded = () => signal?.aborted === true
  let failures = 0
  while (!hasEnded()) {
    const got = await pull({ waitSeconds: longestWaitSeconds, ...ask }).catch((error: unknown) => {
      if (hasEnded() || (error instanceof GatewayError && error.row.retryable)) return null
      throw error
    })
    failures = got === null ? failures + 1 : 0
    if (got !== null) yield* got
    else if (!hasEnded()) await pause(delayMs(patience, failures), signal).catch(() => undefined)
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
