import type { Arrived, Arrivals } from '../adapters/agencies/arrivals.ts'
import type { AgencyKeys, Dialect, Transport } from '../adapters/agencies/dialect.ts'
import type { Claimed } from '../adapters/store/store.ts'
import type { Agency } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Outcome } from '../schemas/outcome.ts'

/** Answers of a server's front in the server's place: what stands behind it may have taken the message. */
const lostBehind: ReadonlySet<string> = new Set(['http_500', 'http_502', 'http_504'])

/** Whom a delivery goes to, and how. */
export interface Recipient {
  readonly agency: Agency
  readonly dialect: Dialect
  readonly transport: Transport
}

export interface DoubtDeps {
  readonly keysOf: (agency: string) => AgencyKeys
  readonly leaseMs: number
  readonly now: () => number
}

/** An outcome that leaves open whether the message arrived is `unsure` where its recipient can be asked. */
export function asDoubted(
  outcome: Outcome,
  { agency, dialect }: Pick<Recipient, 'agency' | 'dialect'>,
  now: number,
): Outcome {
  const isOpen = outcome.kind === 'in_doubt' || (outcome.kind === 'retry' && lostBehind.has(outcome.code))
  const afterSeconds = isOpen ? secondsOf(dialect, agency) : 0
  if (!isOpen || afterSeconds === 0) return outcome
  return { kind: 'unsure', code: outcome.code, reason: outcome.reason, doubtedAt: now, afterSeconds }
}

const secondsOf = ({ arrivals }: Dialect, agency: Agency): number => arrivals?.afterSeconds(agency) ?? 0

/** What becomes of a delivery that may have arrived, once its recipient was asked; null = nothing came there: it is to be sent. */
export async function settleDoubt(
  claimed: Claimed,
  recipient: Recipient,
  deps: DoubtDeps,
): Promise<Outcome | null> {
  const { doubtedAt } = claimed
  if (doubtedAt === null) return null
  const { agency, dialect } = recipient
  if (dialect.arrivals === undefined || secondsOf(dialect, agency) === 0) return untold
  const said = await ask(claimed, doubtedAt, { ...recipient, arrivals: dialect.arrivals }, deps)
  if (said instanceof GatewayError)
    return { kind: 'unsure', code: 'not_told', reason: said.reason ?? said.code, doubtedAt }
  return answers[said](claimed.message, deps.now())
}

const untold: Outcome = {
  ...{ kind: 'in_doubt', code: 'not_told', reason: 'the recipient cannot tell whether it arrived' },
}

const answers: Readonly<Record<Arrived, (message: Claimed['message'], now: number) => Outcome | null>> = {
  arrived: () => ({ kind: 'found', code: 'told_when_asked', reason: 'the recipient has it' }),
  unknown: () => untold,
  absent: ({ expiresAt = Infinity }, now) =>
    expiresAt > now ? null : { kind: 'retry', code: 'expired', reason: 'it did not arrive in time' },
}

/** The error where it does not answer. */
async function ask(
  { message }: Claimed,
  doubtedAt: number,
  { agency, transport, arrivals }: Recipient & { readonly arrivals: Arrivals },
  { keysOf, leaseMs, now }: DoubtDeps,
): Promise<Arrived | GatewayError> {
  const doubted = { message, since: doubtedAt - leaseMs, until: now() }
  try {
    return await arrivals.ask(doubted, { agency, transport, keys: keysOf(agency.code), now })
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'unavailable') return error
    throw error
  }
}
