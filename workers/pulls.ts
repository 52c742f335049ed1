import type { PullDeed, WaitingDelivery } from '../adapters/agencies/pull.ts'
import type { Encoded } from '../adapters/agencies/dialect.ts'
import type { Claimed, Store } from '../adapters/store/store.ts'
import type { DeliveryLine } from '../adapters/store/ports/deliveries.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { DeliveryState } from '../schemas/message.ts'
import { bodiesOf, speaksFor } from './authorise.ts'
import { heldBy } from './held.ts'
import type { Mailbox } from './mailbox.ts'
import { modeOf } from './mode.ts'
import { prepare, type SealDeps, type Sealing } from './seal.ts'

/** Deliveries that one list holds, of each state. */
const mostListed = 500

type Asked<K extends PullDeed['kind']> = Omit<Extract<PullDeed, { kind: K }>, 'kind'>

/** The mailbox of bodies that list, get and acknowledge by their own dialect's verbs. */
export interface Pulls {
  /** What waits, oldest first; nothing for a body that is held. */
  list(caller: Caller, dialect: string, asked: Asked<'list'>): Promise<readonly WaitingDelivery[]>
  /** What waits or was taken before, in the recipient's own form. Throws `not_found`. */
  get(caller: Caller, deliveryId: string): Promise<Encoded>
  /** Answers the id of the delivery. Throws `not_found`, `lease_lost`, or `already_settled` where it has ended otherwise. */
  acknowledge(caller: Caller, asked: Asked<'ack'>): Promise<string>
}

export interface PullsDeps extends SealDeps {
  readonly store: Pick<
    Store,
    | 'listDeliveries'
    | 'findDelivery'
    | 'numberDeliveries'
    | 'findNumbered'
    | 'findClaimed'
    | 'claimMany'
    | 'agencyStates'
  >
  readonly mailbox: Pick<Mailbox, 'acknowledge' | 'park'>
  readonly owner: string
  /** How long a delivery that is begun stays with its recipient. */
  readonly mailboxLeaseMs: number
}

export function createPulls(deps: PullsDeps): Pulls {
  const { store, mailbox, directory, now } = deps

  async function find(caller: Caller, deliveryId: string): Promise<DeliveryLine> {
    const id = isNumber(deliveryId) ? await store.findNumbered(Number(deliveryId)) : deliveryId
    const line = id !== null && isId.test(id) ? await store.findDelivery(id) : null
    const isTheirs = line !== null && speaksFor(caller, line.recipient, directory())
    if (!isTheirs || line.state === 'behind')
      throw new GatewayError('not_found', { field: 'id', reason: deliveryId.slice(0, 64) })
    return line
  }

  async function claim({ id, state }: DeliveryLine): Promise<Claimed | null> {
    if (state !== 'due') return null
    const at = now()
    const lease = { owner: deps.owner, now: at, until: at + deps.mailboxLeaseMs }
    const [claimed] = await store.claimMany([id], lease)
    if (claimed === undefined) throw new GatewayError('lease_lost', { field: 'id' })
    return claimed
  }

  async function sealedOf({ id }: DeliveryLine): Promise<Sealing> {
    const found = await store.findClaimed(id, now())
    const agency = found === null ? undefined : directory().agency(found.recipient)
    if (found === null || agency === undefined) throw new GatewayError('not_found', { field: 'id' })
    return prepare(found, agency, deps)
  }

  /** Parks with its reason what cannot be handed over, as it is with what is pushed. */
  async function park(line: DeliveryLine, sealing: Sealing): Promise<void> {
    const claimed = sealing.kind === 'unsealable' ? await claim(line) : null
    if (claimed !== null && sealing.kind === 'unsealable') await mailbox.park(claimed, sealing)
  }

  return {
    async list(caller, dialect, { actions, expressed, since, before, numbered = false }) {
      const recipients = await pullers(caller, dialect, deps)
      if (recipients.length === 0) return []
      const of = (state: DeliveryState) =>
        store.listDeliveries({ state, recipients, since, before, limit: mostListed })
      const lines = [...(await of('due')), ...(await of('sending'))].filter(isReady(now()))
      for (const line of lines) if (!expressed.includes(line.action)) await park(line, await sealedOf(line))
      const listed = lines.filter(({ action }) => actions.includes(action))
      const numbers = numbered ? await store.numberDeliveries(listed.map(({ id }) => id)) : null
      return listed.map((line) => waitingOf(line, numbers?.get(line.id)))
    },
    async get(caller, deliveryId) {
      const line = await find(caller, deliveryId)
      const sealing = await sealedOf(line)
      if (sealing.kind === 'ready') return sealing.encoded
      await park(line, sealing)
      throw new GatewayError('not_found', { field: 'id', reason: sealing.reason })
    },
    async acknowledge(caller, { deliveryId, outcome, reason }) {
      const line = await find(caller, deliveryId)
      await claim(line)
      if (outcome !== 'begun') await mailbox.acknowledge(caller, line.id, { outcome, reason })
      return line.id
    },
  }
}

const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** At most 2^53 - 1, as far as JSON keeps every digit. */
const isNumber = (id: string): boolean => /^[1-9]\d{0,15}$/.test(id) && Number.isSafeInteger(Number(id))

const isReady =
  (now: number) =>
  ({ state, dueAt, skipReason }: DeliveryLine): boolean =>
    skipReason === null && (state === 'sending' || (dueAt ?? 0) <= now)

const waitingOf = (line: DeliveryLine, number: number | undefined): WaitingDelivery => {
  const { id: deliveryId, messageId, sender, recipient, action, acceptedAt, state } = line
  const isBegun = state === 'sending'
  const numbered = number === undefined ? {} : { number }
  return { deliveryId, ...numbered, messageId, sender, recipient, action, acceptedAt, isBegun }
}

/** The bodies for which the caller's system pulls: neither paused nor outside their hours. */
async function pullers(
  caller: Caller,
  dialect: string,
  { store, directory, dialectOf, now }: PullsDeps,
): Promise<readonly string[]> {
  const bodies = directory()
  const codes = bodiesOf(caller, bodies).filter((code) => {
    const agency = bodies.agency(code)
    return agency?.dialect === dialect && modeOf(dialectOf(agency), agency) === 'pull'
  })
  const states = new Map((await store.agencyStates()).map((state) => [state.agency, state]))
  return codes.filter((code) => heldBy(states.get(code), now()) === null)
}
