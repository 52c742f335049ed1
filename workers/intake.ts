import type { Content, IntakeResult } from '../adapters/agencies/dialect.ts'
import type { Acceptance, AcceptResult, Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
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

export interface IntakeDeps {
  readonly store: Pick<Store, 'acceptMany' | 'refuseMany' | 'isKnownSubject'>
  readonly directory: () => Directory
  readonly issuer: Issuer
  readonly open: Open
  readonly seal: Seal
  /** Ids of the files that the message refers to. */
  readonly referred: Files['referred']
  readonly room: Room
  readonly publish: Publish
  readonly now: () => number
  readonly failpoint: Failpoint
}

/** A maintenance takes minutes, not seconds. */
const drainRetrySeconds = 60

export type Intake = (caller: Caller, content: Content) => Promise<IntakeResult>

/**
 * Takes one message in: opened, authorised, parsed, routed, and committed together with its deliveries and its signed
 * receipt before anybody is answered; its deliveries are published after the commit. A refusal is signed and kept too.
 */
export function createIntake(deps: IntakeDeps): Intake {
  const accept = createAccept(deps)
  const refuse = createRefusals(deps)

  return async (caller, content) => {
    const directory = deps.directory()
    const now = deps.now()
    let known: Opened | undefined // what a refusal may quote
    try {
      const opened = await deps.open(content, caller, now)
      if (opened.envelope !== null) known = opened
      authorise(caller, opened.header, directory)
      known = opened // until here an unsigned sender was only a claim
      const parsed = parseMessage(opened, now)
      const recipients = route({ ...parsed, now }, directory)
      await refuseNewOfSuspended({ message: parsed.message, recipients }, directory, deps.store)
      const files = await deps.referred(parsed.message)
      const original = await deps.seal(opened)
      const { receivedDigest } = opened
      const acceptance = await prepare({ parsed, original, receivedDigest, recipients, files }, deps)
      return settle(await accept(acceptance), acceptance, deps)
    } catch (error) {
      if (error instanceof GatewayError) return refuse(caller, error, known)
      throw error
    }
  }
}

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
  { publish }: IntakeDeps,
): IntakeResult {
  if (result.kind === 'draining')
    throw new GatewayError('body_draining', {
      ...(result.reason === null ? {} : { reason: result.reason }),
      retryAfterSeconds: drainRetrySeconds,
    })
  if (result.kind === 'conflict')
    throw new GatewayError('reference_conflict', {
      field: 'SenderRef',
      reason: `first used by message ${result.messageId}`,
    })
  if (result.kind === 'repeat')
    return { kind: 'repeat', id: result.messageId, state: 'accepted', receipt: result.receipt }
  void publish(result.leased)
  return { kind: 'accepted', id: message.id, state: 'accepted', receipt }
}
