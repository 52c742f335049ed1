import type { Knex } from 'knex'
import { laneMoves } from '../../schemas/message.ts'
import { readStates } from './agency-state.ts'
import { insertRows, readParts } from './database.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { attemptRows, endDeliveries, holds } from './endings.ts'
import type { Held } from './endings.ts'
import type { Chain } from './evidence.ts'
import { freeNext } from './free.ts'
import type { Freed } from './free.ts'
import { asBuffer, toBytes, toUuid, toHex } from './ids.ts'
import { advanceLanes } from './lanes.ts'
import type { Ending, EndingResult, Store } from './store.ts'

type Next = Parameters<Store['recordMany']>[1]

async function readRows(trx: Knex, endings: readonly Ending[]): Promise<ReadonlyMap<string, DeliveryRow>> {
  const ids = endings.map(({ deliveryId }) => toBytes(deliveryId))
  const rows = await readParts(ids, (part) => trx<DeliveryRow>('delivery').whereIn('id', part).select())
  return new Map(rows.map((row) => [toUuid(row.id), row]))
}

/** Endings whose lease holds; of two for one delivery, the first. */
async function readHeld(trx: Knex, endings: readonly Ending[]): Promise<Map<Ending, Held>> {
  const rows = await readRows(trx, endings)
  const seen = new Set<string>()
  const held = new Map<Ending, Held>()
  for (const ending of endings) {
    const row = rows.get(ending.deliveryId.toLowerCase())
    if (row === undefined || seen.has(ending.deliveryId) || !holds(row, ending)) continue
    seen.add(ending.deliveryId)
    held.set(ending, { ending, row })
  }
  return held
}

/** The lease decisions of one call, remembered, so that a repeated transaction does not ask (and count) twice. */
function askOnce(mayLease: Next['mayLease']): (id: string, agency: string) => boolean {
  const answers = new Map<string, boolean>()
  return (id, agency) => {
    const answer = answers.get(id) ?? mayLease(agency)
    answers.set(id, answer)
    return answer
  }
}

const moving = (held: readonly Held[]): Uint8Array[] =>
  held.filter(({ ending }) => laneMoves.has(ending.state)).map(({ row }) => asBuffer(row.lane_id))

function resultOf(held: Held | undefined, freed: ReadonlyMap<string, readonly Freed[]>): EndingResult {
  if (held === undefined) return { recorded: false, freed: [] }
  const next = freed.get(toHex(held.row.lane_id)) ?? []
  return { recorded: true, freed: next.map(({ id, agency }) => ({ id, agency })) }
}

/** Records endings: lanes, deliveries, attempts, evidence, and what becomes free, in one transaction. */
export const createRecord = (chain: Chain): Pick<Store, 'recordMany'> => ({
  recordMany: async (endings, next) => {
    if (endings.length === 0) return []
    const mayLease = askOnce(next.mayLease)
    return chain(async (trx, prove) => {
      const byEnding = await readHeld(trx, endings)
      const held = [...byEnding.values()]
      const lanes = moving(held)
      await advanceLanes(trx, lanes)
      await endDeliveries(trx, held, next.now)
      const states = await readStates(
        trx,
        held.map(({ row }) => row.recipient),
      )
      const freed = await freeNext(trx, lanes, { lease: next, states, mayLease })
      await insertRows(trx, 'attempt', attemptRows(held))
      await prove(held.flatMap(({ ending }) => ending.receipts))
      return endings.map((ending) => resultOf(byEnding.get(ending), freed))
    })
  },
})
