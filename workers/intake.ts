import type { Content, IntakeResult } from '../adapters/agencies/dialect.ts'
import type { Acceptance, AcceptResult, Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import { stateOf } from '../schemas/state.ts'
import { prepare } from './acceptance.ts'
import { authorise } from './authorise.ts'
import { grouped, rowLimits } from './batch.ts'
import type { Directory } from './directory.ts'
import type { Failpoint } from './failpoint.ts'
import type { Files } from './files.ts'
import type { Open, Opened, Seal } from './open.ts'
import { parseMessage } from './parse-message.ts'
import { refuseNewOfSuspended } from './readiness.ts'
import type { Issuer } from './receipts.ts'
import { createRefusals } from './refusals.ts'
import type { Publish, Room } from './relay.ts'
import { route } from './route.ts'
import { createSpread } from './spread.ts'
import type { Watch } from './watch.ts'

export interface IntakeDeps {
  readonly store: Pick<Store, 'acceptMany' | 'refuseMany' | 'isKnownSubject' | 'latestUnder'>
  readonly directory: () => Directory
  readonly issuer: Issuer
  readonly open: Open
  readonly seal: Seal
  /** Ids of the files that the message refers to. */
  readonly referred: Files['referred']
  readonly room: Room
  readonly publish: Publish
  /** Told of subjects that have news. */
  readonly watch: Pick<Watch, 'moved'>
  readonly now: () => number
  readonly failpoint: Failpoint
}

/** About 2 ms of a turn of the event loop. */
const judgedPerTurn = 4

/** A maintenance takes minutes, not seconds. */
const drainRetrySeconds = 60

export type Intake = (caller: Caller, content: Content) => Promise<IntakeResult>

/** Results of a whole batch: of each message, or of the one at `refusedAt` alone. */
export interface WholeResult {
  readonly results: readonly IntakeResult[]
  readonly refusedAt: number | null
}

export type IntakeWhole = (caller: Caller, contents: readonly Content[]) => Promise<WholeResult>

/** The two ways in, over one queue of commits. */
export interface Intakes {
  /** Takes one message in; a refusal is signed and kept too. */
  readonly intake: Intake
  /** Takes messages in together, or none of them. Where the process dies between two commits the sender's repeat completes the batch. */
  readonly intakeWhole: IntakeWhole
}

/**
 * Takes messages in: opened, authorised, parsed, routed, and committed together with their deliveries and their signed
 * receipts before anybody is answered; deliveries are published after the commit.
 */
export function createIntakes(deps: IntakeDeps): Intakes {
  const accept = createAccept(deps)
  const refuse = createRefusals(deps)
  const turn = createSpread(judgedPerTurn)
  const commit = async (acceptance: Acceptance) => settle(await accept(acceptance), acceptance, deps)

  /** What a commit needs, or the refusal. */
  async function consider(caller: Caller, content: Content): Promise<Considered> {
    await turn()
    let known: Opened | undefined // what a refusal may quote
    const now = deps.now()
    try {
      const opened = await deps.open(content, caller, now)
      if (opened.envelope !== null) known = opened
      authorise(caller, opened.header, deps.directory())
      known = opened // until here an unsigned sender was only a claim
      return { kind: 'fit', opened, acceptance: await acceptanceOf(opened, { caller, now }, deps) }
    } catch (error) {
      if (error instanceof GatewayError)
        return { kind: 'refused', result: await refuse(caller, error, known) }
      throw error
    }
  }

  async function intake(caller: Caller, content: Content): Promise<IntakeResult> {
    const considered = await consider(caller, content)
    if (considered.kind === 'refused') return considered.result
    try {
      return await commit(considered.acceptance)
    } catch (error) {
      if (error instanceof GatewayError) return refuse(caller, error, considered.opened)
      throw error
    }
  }

  return {
    intake,
    async intakeWhole(caller, contents) {
      const fit: Acceptance[] = []
      for (const [at, content] of contents.entries()) {
        const considered = await consider(caller, content)
        if (considered.kind === 'refused') return { results: [considered.result], refusedAt: at }
        fit.push(considered.acceptance)
      }
      return { results: await Promise.all(fit.map(commit)), refusedAt: null } // queued in this order: the lanes keep it
    },
  }
}

type Considered =
  | { readonly kind: 'fit'; readonly opened: Opened; readonly acceptance: Acceptance }
  | { readonly kind: 'refused'; readonly result: IntakeResult }

interface By {
  readonly caller: Caller
  readonly now: number
}

async function acceptanceOf(opened: Opened, by: By, deps: IntakeDeps): Promise<Acceptance> {
  const { now } = by
  const parsed = parseMessage(opened, now)
  const directory = deps.directory()
  const recipients = route({ ...parsed, now }, directory)
  await refuseNewOfSuspended({ message: parsed.message, recipients }, directory, deps.store)
  const files = await deps.referred(parsed.message)
  const original = await deps.seal(opened)
  const acceptance = await prepare({ ...opened, parsed, original, recipients, files }, deps)
  const other = acceptance.mustBeNew ? await otherUnder(acceptance, deps.store) : null
  if (other === null) return acceptance
  if (opened.elseAs === null) throw conflict(other)
  const known = { ...opened, header: { ...opened.header, action: opened.elseAs }, mustBeNew: false }
  authorise(by.caller, known.header, directory)
  return acceptanceOf(known, by, deps)
}

/** The message with other content under its natural key; looked at before any of a batch is committed, and again by the commit. */
async function otherUnder(
  { naturalKey, contentHash }: Acceptance,
  store: Pick<Store, 'latestUnder'>,
): Promise<string | null> {
  const latest = naturalKey === null ? null : await store.latestUnder(naturalKey)
  return latest === null || Buffer.from(contentHash).equals(latest.contentHash) ? null : latest.messageId
}

const conflict = (messageId: string): GatewayError =>
  new GatewayError('reference_conflict', {
    field: 'SenderRef',
    reason: `first used by message ${messageId}`,
  })

function createAccept({ store, failpoint }: IntakeDeps): (acceptance: Acceptance) => Promise<AcceptResult> {
  return grouped(
    async (batch) => {
      failpoint('accept:before-commit')
      const results = await store.acceptMany(batch)
      failpoint('accept:after-commit')
      return results
    },
    rowLimits,
    ({ original }) => original.byteLength,
  )
}

function settle(
  result: AcceptResult,
  { message, receipt }: Acceptance,
  { publish, watch }: IntakeDeps,
): IntakeResult {
  if (result.kind === 'draining')
    throw new GatewayError('body_draining', {
      ...(result.reason === null ? {} : { reason: result.reason }),
      retryAfterSeconds: drainRetrySeconds,
    })
  if (result.kind === 'conflict') throw conflict(result.messageId)
  if (result.kind === 'repeat')
    return { kind: 'repeat', id: result.messageId, state: stateOf(result.states), receipt: result.receipt }
  void publish(result.leased)
  watch.moved([message.subjectKey])
  return { kind: 'accepted', id: message.id, state: 'accepted', receipt }
}
