import { setTimeout } from 'node:timers/promises'
import type { Claimed, Store } from '../adapters/store/store.ts'
import type { Agency, Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Outcome } from '../schemas/outcome.ts'
import { lineOf, type AttemptLine } from './attempt-line.ts'
import { speaksFor } from './authorise.ts'
import { endingOf, type EndingDeps } from './ending.ts'
import { heldBy, type Held } from './held.ts'
import { modeOf } from './mode.ts'
import type { Recorder } from './record.ts'
import { prepare, type SealDeps } from './seal.ts'

const pollMs = 300

/** One delivery as its recipient pulls it. `content` is text: the sealed envelope, or the message as JSON. */
export interface MailboxItem {
  readonly deliveryId: string
  readonly messageId: string
  readonly sender: string
  readonly senderRef: string
  readonly action: string
  readonly subjectKey: string
  readonly contentType: string
  readonly content: string
  readonly leaseUntil: number
}

export interface MailboxDeps extends SealDeps, EndingDeps {
  readonly store: Pick<Store, 'takeMany' | 'findClaimed' | 'agencyStates'>
  readonly record: Recorder
  readonly owner: string
  /** How long a pulled delivery stays with its puller before it may be pulled again. */
  readonly mailboxLeaseMs: number
  readonly report: (line: AttemptLine) => void
}

export interface Acknowledgement {
  readonly outcome: 'delivered' | 'processed' | 'refused' | 'retry'
  readonly reason?: string | undefined
}

export interface MailboxPage {
  readonly deliveries: readonly MailboxItem[]
  readonly held: Held | null
}

export interface Mailbox {
  /** Lends at most `max` deliveries to the caller's body, waiting up to `waitMs` for the first. Nothing while it is held, and says so. */
  list(
    caller: Caller,
    ask: { readonly max: number; readonly waitMs: number; readonly signal: AbortSignal },
  ): Promise<MailboxPage>
  /** Ends a lent delivery. The same answer again is no fault; another answer is `already_settled`. */
  acknowledge(
    caller: Caller,
    deliveryId: string,
    answer: Acknowledgement,
  ): Promise<{ readonly state: string }>
  /** Ends a lent delivery that cannot be handed over, for a person to see. */
  park(claimed: Claimed, why: { readonly code: string; readonly reason: string }): Promise<void>
}

const outcomes: Record<Acknowledgement['outcome'], (reason: string) => Outcome> = {
  delivered: () => ({ kind: 'delivered' }),
  processed: () => ({ kind: 'processed' }),
  refused: (reason) => ({ kind: 'refused', code: 'refused_by_recipient', reason }),
  retry: (reason) => ({ kind: 'retry', code: 'asked_by_recipient', reason }),
}

/** The pull side of delivery: a recipient takes what waits for it, in lane order, and says what became of it. */
export function createMailbox(deps: MailboxDeps): Mailbox {
  async function take(agency: Agency, max: number): Promise<readonly MailboxItem[]> {
    const now = deps.now()
    const until = now + deps.mailboxLeaseMs
    const claimed = await deps.store.takeMany(agency.code, max, { owner: deps.owner, now, until })
    const items = await Promise.all(claimed.map((each) => itemOf(each, agency, until)))
    return items.filter((item) => item !== null)
  }

  async function itemOf(claimed: Claimed, agency: Agency, leaseUntil: number): Promise<MailboxItem | null> {
    const sealing = await prepare(claimed, agency, deps)
    if (sealing.kind === 'unsealable') {
      await park(claimed, sealing)
      return null
    }
    const { id: messageId, sender, senderRef, action, subjectKey } = claimed.message
    const { contentType, body } = sealing.encoded
    const content = Buffer.from(body).toString('utf8')
    return {
      deliveryId: claimed.deliveryId,
      messageId,
      sender,
      senderRef,
      action,
      subjectKey,
      contentType,
      content,
      leaseUntil,
    }
  }

  async function end(claimed: Claimed, outcome: Outcome): Promise<{ recorded: boolean; state: string }> {
    const finished = { outcome, sealedDigest: null, claimed, startedAt: deps.now() }
    const ending = await endingOf(finished, deps)
    const { recorded } = await deps.record({ ending, recipient: claimed.recipient, sign: 'none' })
    deps.report(lineOf(claimed, ending, recorded))
    return { recorded, state: ending.state }
  }

  async function park(claimed: Claimed, { code, reason }: { code: string; reason: string }): Promise<void> {
    await end(claimed, { kind: 'unsendable', code, reason })
  }

  return {
    park,
    async list(caller, { max, waitMs, signal }) {
      const agency = pulling(caller, deps)
      const deadline = deps.now() + waitMs
      for (;;) {
        const items = await take(agency, max)
        if (items.length > 0) return { deliveries: items, held: null }
        if (deps.now() >= deadline || signal.aborted)
          return { deliveries: [], held: await heldNow(agency.code, deps) }
        await sleep(pollMs, signal)
      }
    },
    async acknowledge(caller, deliveryId, answer) {
      const claimed = await deps.store.findClaimed(deliveryId, deps.now())
      if (claimed === null || !speaksFor(caller, claimed.recipient, deps.directory()))
        throw new GatewayError('not_found', { field: 'deliveryId' })
      if (claimed.state === answer.outcome) return { state: claimed.state }
      if (claimed.state === 'due' || claimed.state === 'behind')
        throw new GatewayError('lease_lost', { field: 'deliveryId' })
      if (claimed.state !== 'sending')
        throw new GatewayError('already_settled', { field: 'outcome', reason: claimed.state })
      const { recorded, state } = await end(claimed, outcomes[answer.outcome](answer.reason ?? ''))
      if (!recorded) throw new GatewayError('lease_lost', { field: 'deliveryId' })
      return { state }
    },
  }
}

/** The calling body, which must be one that pulls. */
function pulling(caller: Caller, { directory, dialectOf }: MailboxDeps): Agency {
  const agency = caller.agency === null ? undefined : directory().agency(caller.agency)
  if (agency === undefined) throw new GatewayError('forbidden', { reason: 'a mailbox belongs to a body' })
  if (modeOf(dialectOf(agency), agency) !== 'pull')
    throw new GatewayError('forbidden', { reason: `deliveries of ${agency.code} are pushed to its address` })
  return agency
}

async function heldNow(code: string, { store, now }: MailboxDeps): Promise<Held | null> {
  const states = await store.agencyStates()
  return heldBy(
    states.find(({ agency }) => agency === code),
    now(),
  )
}

/** Ends early when the caller has gone. */
function sleep(ms: number, signal: AbortSignal): Promise<unknown> {
  return setTimeout(ms, undefined, { signal }).catch(() => undefined)
}
