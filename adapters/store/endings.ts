import type { Knex } from 'knex'
import { settledStates, type DeliveryState } from '../../schemas/message.ts'
import { inParts } from './database.ts'
import type { NewRow } from './database.ts'
import { noLease } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { staleRows } from './failures.ts'
import { asBuffer } from './ids.ts'
import type { Value } from './statement.ts'
import type { Ending } from './store.ts'

/** An ending whose lease still holds, with its row as read in this transaction. */
export interface Held {
  readonly ending: Ending
  readonly row: DeliveryRow
}

/** Ends that the clock decides. */
const unattempted: ReadonlySet<DeliveryState> = new Set(['expired', 'skipped'])

/** A worker's claim; or a row that only the clock holds, which may end it as expired without an attempt. */
export const holds = (row: DeliveryRow, { owner, state }: Ending): boolean =>
  row.lease_owner === owner && (row.state === 'sending' || (row.state === 'due' && unattempted.has(state)))

/** Endings that change their rows alike. */
function alike(held: readonly Held[]): readonly (readonly Held[])[] {
  const groups = new Map<string, Held[]>()
  for (const one of held) {
    const { state, attempt } = one.ending
    const key = JSON.stringify([state, attempt === null, one.row.state])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

/** `CASE id WHEN … THEN … END`, so that rows of one statement get values of their own. */
function byId(knex: Knex, part: readonly Held[], value: (one: Held) => Value): Knex.Raw {
  const bindings = part.flatMap((one) => [asBuffer(one.row.id), value(one)])
  return knex.raw(`CASE id ${part.map(() => 'WHEN ? THEN ?').join(' ')} END`, bindings as Knex.RawBinding[])
}

const sealedDigest = ({ ending }: Held): Buffer | null => {
  const hex = ending.receipts.find(({ receipt }) => receipt.sealedDigest !== undefined)?.receipt.sealedDigest
  return hex === undefined ? null : Buffer.from(hex, 'hex')
}

function changesOf(trx: Knex, part: readonly Held[], first: Ending, now: number): Record<string, unknown> {
  const { state, attempt } = first
  return {
    ...noLease,
    state,
    ...(attempt === null ? {} : { attempts: trx.raw('attempts + 1') }),
    ...(settledStates.has(state) ? { settled_at: now } : {}),
    ...(state === 'due' ? { due_at: byId(trx, part, ({ ending }) => ending.dueAt ?? now) } : {}),
    ...(part.some(({ ending, row }) => (ending.doubtedAt ?? null) !== row.doubted_at)
      ? { doubted_at: byId(trx, part, ({ ending }) => ending.doubtedAt ?? null) }
      : {}),
    ...(part.some((one) => sealedDigest(one) !== null)
      ? { sealed_digest: byId(trx, part, sealedDigest) }
      : {}),
  }
}

async function endPart(trx: Knex, part: readonly Held[], now: number): Promise<void> {
  const [first] = part
  if (first === undefined) return
  const changed = await trx('delivery')
    .whereIn(
      'id',
      part.map(({ row }) => asBuffer(row.id)),
    )
    .andWhere('state', first.row.state)
    .andWhere(
      'lease_owner',
      byId(trx, part, ({ ending }) => ending.owner),
    )
    .update(changesOf(trx, part, first.ending, now))
  if (changed !== part.length) throw staleRows()
}

/** Ends the rows on condition that nobody took them since they were read; else the whole batch is read again. */
export async function endDeliveries(trx: Knex, held: readonly Held[], now: number): Promise<void> {
  for (const group of alike(held)) {
    for (const part of inParts(group)) await endPart(trx, part, now)
  }
}

/** Rows of the attempts that these endings close. */
export const attemptRows = (held: readonly Held[]): NewRow[] =>
  held.flatMap(({ ending: { attempt }, row }) =>
    attempt === null
      ? []
      : [
          {
            delivery_id: asBuffer(row.id),
            number: row.attempts + 1,
            at: attempt.at,
            duration_ms: attempt.durationMs,
            outcome: attempt.outcome,
            code: attempt.code,
            reason: attempt.reason,
          },
        ],
  )
