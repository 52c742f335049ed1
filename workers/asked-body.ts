import type { Given, Question, Reply } from '../adapters/agencies/ask.ts'
import type { AgencyKeys, Dialect, Transport } from '../adapters/agencies/dialect.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Agency } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Directory } from './directory.ts'
import { mayReach } from './readiness.ts'

export interface AskedBodyDeps {
  readonly directory: () => Directory
  readonly store: Pick<Store, 'agencyStates'>
  readonly dialectOf: (agency: Agency) => Dialect
  readonly transportOf: (agency: Agency) => Transport
  readonly keysOf: (agency: string) => AgencyKeys
  readonly now: () => number
}

/** A question to a body, with when (ms) somebody stops waiting for the answer. */
export interface Asking {
  readonly asker: string
  readonly agency: Agency
  readonly question: Question
  readonly deadline: number
}

export const unasked: Reply = { kind: 'none', code: 'not_asked', reason: 'nobody can be asked' }

/** The body of a code; undefined where it is not to be called now: nothing is started to one that is suspended, paused or behind its breaker. */
export async function callable(
  asker: string,
  code: string,
  { directory, store, now }: AskedBodyDeps,
): Promise<Agency | undefined> {
  const agency = directory().agency(code)
  if (agency === undefined || agency.status === 'suspended' || directory().isWithin(code, asker))
    return undefined
  if (!mayReach(directory().agency(asker), agency)) return undefined
  const state = (await store.agencyStates()).find((each) => each.agency === code)
  return state !== undefined && (state.paused || state.openUntil > now()) ? undefined : agency
}

/** Null where its dialect, or this body, has no such call. Every call on the way ends with the time that is left. */
export async function askIt(
  { agency, asker, question, deadline }: Asking,
  { now, transportOf, keysOf, dialectOf }: AskedBodyDeps,
): Promise<Reply | null> {
  const way = transportOf(agency)
  const transport: Transport = {
    post: (call) => way.post({ ...call, timeoutMs: Math.max(1, Math.min(call.timeoutMs, deadline - now())) }),
  }
  const partner = { agency, asker, transport, keys: keysOf(agency.code), now }
  return (await dialectOf(agency).ask?.(question, partner)) ?? null
}

/** What a reply gave; null where it gave nothing. */
export const givenIn = (reply: Reply | null): Given | null =>
  reply === null || reply.kind === 'none' ? null : reply

export function unanswered(reply: Reply | null): GatewayError {
  const reason = reply?.kind === 'none' ? reply.reason : 'the body cannot be asked this'
  return new GatewayError('unavailable', { reason })
}
