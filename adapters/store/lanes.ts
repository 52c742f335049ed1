import type { Knex } from 'knex'
import { insertRows, readParts } from './database.ts'
import type { Engine } from './database.ts'
import { asBuffer, toHex } from './ids.ts'

export interface LaneRow {
  readonly id: Uint8Array
  readonly last_seq: number
  readonly done_seq: number
}

/** A place asked for in a lane. */
export interface LaneWish {
  readonly laneId: Buffer
  readonly recipient: string
  readonly subjectKey: string
}

/** Free places of a lane: `nextSeq` is the first of them, `doneSeq` the last one that is over. */
export interface LaneTail {
  nextSeq: number
  readonly doneSeq: number
}

/** The one upsert we allow: it takes the lock of a lane whether the lane exists or not. */
const addPlaces: Readonly<Record<Engine, string>> = {
  sqlite: 'ON CONFLICT (`id`) DO UPDATE SET `last_seq` = `last_seq` + excluded.`last_seq`',
  mysql: 'ON DUPLICATE KEY UPDATE `last_seq` = `last_seq` + VALUES(`last_seq`)',
}

function countPlaces(wishes: readonly LaneWish[]): Map<string, LaneWish & { places: number }> {
  const lanes = new Map<string, LaneWish & { places: number }>()
  for (const wish of wishes) {
    const key = toHex(wish.laneId)
    const lane = lanes.get(key)
    if (lane === undefined) lanes.set(key, { ...wish, places: 1 })
    else lane.places += 1
  }
  return lanes
}

/** Reserves places at the end of lanes and locks the lanes, in the order of their ids, until the transaction ends. By hex id. */
export async function reservePlaces(
  trx: Knex,
  engine: Engine,
  wishes: readonly LaneWish[],
): Promise<ReadonlyMap<string, LaneTail>> {
  const wanted = countPlaces(wishes)
  const keys = [...wanted.keys()].sort()
  const lanes = keys.flatMap((key) => wanted.get(key) ?? [])
  const rows = lanes.map(({ laneId, recipient, subjectKey, places }) => ({
    id: laneId,
    recipient,
    subject_key: subjectKey,
    last_seq: places,
    done_seq: 0,
  }))
  await insertRows(trx, 'lane', rows, { suffix: addPlaces[engine] })
  const ids = lanes.map(({ laneId }) => laneId)
  const read = await readParts(ids, (part) =>
    trx<LaneRow>('lane').whereIn('id', part).select('id', 'last_seq', 'done_seq'),
  )
  return new Map(
    read.map(({ id, last_seq, done_seq }) => {
      const places = wanted.get(toHex(id))?.places ?? 0
      return [toHex(id), { nextSeq: last_seq - places + 1, doneSeq: done_seq }]
    }),
  )
}

/** Moves lanes one on and locks them, in the order of their ids. */
export async function advanceLanes(trx: Knex, laneIds: readonly Uint8Array[]): Promise<void> {
  const ids = [...laneIds].sort((a, b) => Buffer.compare(a, b))
  await readParts(ids, async (part) => {
    await trx('lane').whereIn('id', part).increment('done_seq', 1)
    return []
  })
}

/** Locks lanes that exist, in the order of their ids, until the transaction ends. */
export async function lockLanes(trx: Knex, laneIds: readonly Uint8Array[]): Promise<void> {
  const ids = [...laneIds].map(asBuffer).sort((a, b) => Buffer.compare(a, b))
  await readParts(ids, (part) =>
    trx('lane').whereIn('id', part).orderBy('id').forUpdate().select<object[]>('id'),
  )
}
