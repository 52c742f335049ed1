import type { Json, Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { Parcel, Transport } from '../dialect.ts'
import { callApi, isTaken, type Api } from '../dossiers/api.ts'
import { chunksOf } from '../dossiers/chunks.ts'
import { writtenIn } from '../encoded.ts'
import { withFiles } from './attachments.ts'

/** Rows as the body of a call: one is an object, as every client is seen to write it, several are a list. */
export const bodyOf = (rows: readonly Payload[]): Json => (rows.length === 1 ? (rows[0] ?? {}) : rows)

/**
 * Hands the rows of a message over, call after call, until one is not taken. How many have been taken is remembered, so that the next
 * attempt begins behind them: nothing says that the other side tells repeats apart.
 */
export async function callRows(
  parcel: Parcel,
  { rowsPerCall, ...api }: Api & { readonly rowsPerCall: number },
  transport: Transport,
): Promise<Outcome> {
  const rows = writtenIn(parcel.encoded) as readonly Payload[] // as `encode` has written them
  const thing = ['rows', parcel.deliveryId]
  let taken = Number((await parcel.notes?.find(thing)) ?? 0)
  for (const chunk of chunksOf(rows.slice(taken), rowsPerCall)) {
    const outcome = await callApi(await withRows(parcel, chunk), api, transport)
    const last = taken + chunk.length
    if (!isTaken(outcome)) return placed(outcome, `rows ${taken + 1} to ${last} of ${rows.length}`)
    await parcel.notes?.keep(thing, String(last))
    taken = last
  }
  return { kind: 'delivered' }
}

/** A refusal says of which rows it speaks: those before them have been taken. */
const placed = (outcome: Outcome, where: string): Outcome =>
  'reason' in outcome ? { ...outcome, reason: `${where}: ${outcome.reason}` } : outcome

/** The parcel with some of its rows for a body, and the files that they refer to inside it. */
async function withRows(
  parcel: Parcel,
  rows: readonly Payload[],
): Promise<Pick<Parcel, 'encoded' | 'streamed'>> {
  const json = JSON.stringify(bodyOf(rows))
  const parts = withFiles(json, parcel.message.payload)
  const streamed = parts === null ? undefined : await parcel.stream?.(parts)
  const body = streamed === undefined ? Buffer.from(json) : new Uint8Array(0)
  return { encoded: { ...parcel.encoded, body }, ...(streamed !== undefined && { streamed }) }
}
