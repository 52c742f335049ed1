import type { Content, Keeping } from '../adapters/agencies/content.ts'
import type { AgencyKeys, Dialect, Transport } from '../adapters/agencies/dialect.ts'
import type { Partner, Poll, Waiting } from '../adapters/agencies/poll.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Agency, Caller } from '../schemas/agency.ts'
import { GatewayError, signatureFaults } from '../schemas/errors.ts'
import type { Payload } from '../schemas/message.ts'
import { withinLease } from './attempt.ts'
import { copyDirectory } from './directory-copy.ts'
import type { Directory } from './directory.ts'
import { inOurCodes } from './organisations.ts'
import type { Patience } from './patience.ts'
import { fateOf, isAway, noFates, verdictOf, type Fate, type Fates } from './poll-rules.ts'
import type { Submit } from './submit.ts'

/** Things that one poll takes, unless its dialect says otherwise: what is beyond comes at once in the next, with what is new by then. */
const mostAPoll = 100

/** What could not be taken of a partner, for the log: the thing, or null for its list. */
export interface PollFault {
  readonly agency: string
  readonly waiting: string | null
  readonly error: unknown
}

export interface PollDeps {
  readonly store: Pick<
    Store,
    | 'keepPoll'
    | 'markPoll'
    | 'settledThings'
    | 'settleThing'
    | 'catalogRows'
    | 'organisationCopy'
    | 'keepOrganisations'
    | 'findOrganisations'
  >
  readonly directory: () => Directory
  readonly submit: Submit
  readonly transportOf: (agency: Agency) => Transport
  readonly keysOf: (agency: string) => AgencyKeys
  readonly keepingOf: (caller: Caller) => Keeping
  readonly owner: string
  readonly leaseMs: number
  readonly now: () => number
  readonly patience: Patience
  readonly reportFault: (fault: PollFault) => void
}

/** A body whose server is asked, by its dialect. */
export interface Polled {
  readonly agency: Agency
  readonly dialect: Pick<Dialect, 'name' | 'directory'>
  readonly poll: Poll
}

/** What a poll begins with. */
export interface Begun extends Polled {
  /** Last mark that was settled. */
  readonly after: string | null
}

export interface PollResult {
  readonly fates: Fates
  readonly listed: number
  readonly hasMore: boolean
  /** Age of the copy of its directory, ms; null where there is none. */
  readonly directoryAgeMs: number | null
  /** The list itself did not come, or the lease was lost. */
  readonly error: unknown
}

/**
 * Asks one partner for what it holds for us: each thing is fetched, stored with everything that intake promises, and only then
 * acknowledged. Where the process dies in between it is fetched again and known by its key. The caller holds the lease.
 */
export async function pollOne(polled: Begun, isStopped: () => boolean, deps: PollDeps): Promise<PollResult> {
  const partner = partnerOf(polled, deps)
  let fates = noFates
  let listed: readonly Waiting[] = []
  let directoryAgeMs: number | null = null
  try {
    directoryAgeMs = await copyDirectory(partner, polled.dialect, deps)
    listed = await polled.poll.list(partner, polled.after)
    const ready = readyOf(listed, ({ id }) => deps.patience.isWaiting(keyOf(polled, id)))
    let inARow = 0
    const most = polled.poll.most ?? mostAPoll
    for (const waiting of ready.slice(0, most)) {
      if (isStopped() || isAway(inARow)) break
      const fate = await settle(waiting, { polled, partner, deps })
      inARow = fate === 'failed' ? inARow + 1 : 0
      fates = { ...fates, [fate]: fates[fate] + 1 }
      if (waiting.mark !== undefined && isOpen(fate)) break
    }
    return { fates, listed: listed.length, hasMore: ready.length > most, directoryAgeMs, error: null }
  } catch (error) {
    deps.reportFault({ agency: polled.agency.code, waiting: null, error })
    return { fates, listed: listed.length, hasMore: false, directoryAgeMs, error }
  }
}

/** What may be fetched now; nothing beyond a thing whose mark must not be passed. */
function readyOf(listed: readonly Waiting[], isWaiting: (waiting: Waiting) => boolean): readonly Waiting[] {
  const held = listed.findIndex((waiting) => waiting.mark !== undefined && isWaiting(waiting))
  return (held < 0 ? listed : listed.slice(0, held)).filter((waiting) => !isWaiting(waiting))
}

const isOpen = (fate: Fate): boolean => fate === 'left' || fate === 'failed'

interface Settling {
  readonly polled: Polled
  readonly partner: Partner
  readonly deps: PollDeps
}

/** One thing at fault does not hold the others up; a lost lease ends the poll. */
async function settle(waiting: Waiting, settling: Settling): Promise<Fate> {
  const { polled, deps } = settling
  const key = keyOf(polled, waiting.id)
  try {
    const fate = await take(waiting, settling)
    if (fate === 'left') deps.patience.failed(key)
    else deps.patience.ended(key)
    return fate
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'lease_lost') throw error
    deps.patience.failed(key)
    deps.reportFault({ agency: polled.agency.code, waiting: waiting.id, error })
    return 'failed'
  }
}

async function take(waiting: Waiting, { polled, partner, deps }: Settling): Promise<Fate> {
  const caller = callerOf(polled)
  if (waiting.settles !== undefined) await keepLease(polled.agency.code, deps) // it may ask for no call
  const fetched = await polled.poll.fetch(waiting, partner).catch(refusedOf)
  const contents = await inOurCodes(fetched, polled, deps)
  const { results } = await deps.submit(caller, { contents, whole: true })
  const verdict = verdictOf(results)
  if (verdict !== null) await polled.poll.acknowledge(waiting, verdict, partner)
  if (verdict !== null && waiting.mark !== undefined)
    await deps.store.markPoll(polled.agency.code, deps.owner, waiting.mark)
  if (verdict !== null && waiting.settles !== undefined)
    await deps.store.settleThing(polled.agency.code, waiting.settles)
  return fateOf(results, verdict)
}

/** What came with a signature that does not hold is refused as a message, with evidence; anything else is a failed fetch. */
function refusedOf(error: unknown): readonly Content[] {
  if (error instanceof GatewayError && signatureFaults.has(error.code)) return [{ kind: 'unreadable', error }]
  throw error
}

/** The partner has shown who it is by its address, and by taking the secret that we share with it. */
const callerOf = ({ agency, dialect }: Polled): Caller => ({
  ...{ credentialId: `poll:${dialect.name}`, person: null, agency: agency.code },
  ...{ roles: ['agency'], method: 'key' },
})

const keyOf = ({ agency }: Polled, id: string): string => `${agency.code} ${id}`

function partnerOf(polled: Polled, deps: PollDeps): Partner {
  const { agency } = polled
  const { store, now } = deps
  return {
    ...{ agency, now, keys: deps.keysOf(agency.code), keeping: deps.keepingOf(callerOf(polled)) },
    transport: leased(withinLease(deps.transportOf(agency), deps.leaseMs), agency.code, deps),
    settled: (list) => store.settledThings(agency.code, list),
    async catalogRow(catalog, code) {
      const [row] = await store.catalogRows(catalog, code)
      return row?.body as Payload | undefined // the payload of a message
    },
  }
}

/** Every call begins with a whole lease, so that no other process asks the same partner beside it. */
function leased(transport: Transport, agency: string, deps: PollDeps): Transport {
  return {
    async post(call) {
      await keepLease(agency, deps)
      return transport.post(call)
    },
  }
}

/** Throws `lease_lost`. */
async function keepLease(agency: string, { store, owner, leaseMs, now }: PollDeps): Promise<void> {
  if (!(await store.keepPoll(agency, { owner, until: now() + leaseMs })))
    throw new GatewayError('lease_lost', { reason: `another process asks ${agency}` })
}
