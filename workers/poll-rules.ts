import type { IntakeResult } from '../adapters/agencies/dialect.ts'
import type { Verdict } from '../adapters/agencies/poll.ts'
import type { Agency } from '../schemas/agency.ts'
import type { ErrorCode } from '../schemas/errors.ts'
import { nextAttemptAt } from './clocks.ts'

/** What became of one thing that a partner held. `left`: it stays there until our side can take it. */
export type Fate = 'taken' | 'repeated' | 'refused' | 'left' | 'failed'
export type Fates = Readonly<Record<Fate, number>>

export const noFates: Fates = { taken: 0, repeated: 0, refused: 0, left: 0, failed: 0 }

/** Failures in a row after which the rest of a list waits for another poll: the partner is away, not one thing at fault. */
const mostInARow = 3

export const isAway = (failuresInARow: number): boolean => failuresInARow >= mostInARow

/** Faults of the thing itself: no later fetch will mend them. With all others it is our side, or our registry, that must change first. */
const itsOwnFault: ReadonlySet<ErrorCode> = new Set([
  'malformed_request',
  'malformed_xml',
  'invalid_field',
  'unknown_action',
  'bad_signature',
  'weak_algorithm',
  'undecryptable',
  'too_large',
  'unsupported_media',
  'reference_conflict',
  'expired',
])

/** What a partner is told of a thing whose messages were taken in together; null = nothing yet. */
export function verdictOf(results: readonly IntakeResult[]): Verdict | null {
  const refused = results.find((result) => result.kind === 'refused')
  if (refused === undefined) return { kind: 'taken' }
  const { code, field, reason, message } = refused.error
  if (!itsOwnFault.has(code)) return null
  const words = [field, reason].filter((part) => part !== null).join(': ')
  return { kind: 'refused', code, reason: words === '' ? message.en : words }
}

export function fateOf(results: readonly IntakeResult[], verdict: Verdict | null): Fate {
  if (verdict === null) return 'left'
  if (verdict.kind === 'refused') return 'refused'
  const isRepeat = results.length > 0 && results.every(({ kind }) => kind === 'repeat')
  return isRepeat ? 'repeated' : 'taken'
}

/** Whether a poll counts as failed: nothing came of it but failures. */
export const hasFailed = ({ failed, ...others }: Fates): boolean =>
  failed > 0 && Object.values(others).every((count) => count === 0)

/** When a body is asked again: after its interval, at once where more waits, later with every failure in a row. */
export function nextPollAt(poll: {
  readonly now: number
  readonly everyMs: number
  readonly failures: number
  readonly hasMore: boolean
  readonly random: number
}): number {
  const { now, everyMs, failures, hasMore, random } = poll
  if (failures === 0) return hasMore ? now : now + everyMs
  return Math.max(now + everyMs, nextAttemptAt({ attempts: failures, now, random }))
}

/** Whether a body may be asked at all: its code still holds. A suspended one goes on with what is known. */
export const isInUse = ({ retiredAt }: Agency, now: number): boolean =>
  retiredAt === undefined || retiredAt > now
