import type { Knex } from 'knex'
import { inParts } from './database.ts'
import { asBuffer, toHex } from './ids.ts'
import type { Cursor, ListPage } from './ports/listing.ts'

/** A row's place: its epoch, then its id. */
export interface Place {
  readonly epoch: number
  readonly id: Uint8Array
}

/** One index to walk: rows of a table with these columns equal, in the order of their places. */
export interface Walk {
  readonly table: string
  readonly id: string
  readonly where: Readonly<Record<string, string | Buffer>>
}

interface Range {
  readonly since: Place
  /** The first epoch that may still grow. */
  readonly open: number
  readonly limit: number
}

const firstId = Buffer.alloc(16)
const lastId = Buffer.alloc(16, 0xff)
/** Arms of one statement. */
const maxWalks = 100

/** Reads `<epoch>-<id in hex>`; the beginning for what is none. */
export function placeOf(cursor: Cursor | undefined): Place {
  const [, epoch, id] = /^(\d{1,15})-([0-9a-f]{32})$/.exec(cursor ?? '') ?? []
  return epoch === undefined || id === undefined
    ? { epoch: 0, id: firstId }
    : { epoch: Number(epoch), id: Buffer.from(id, 'hex') }
}

const cursorOf = ({ epoch, id }: Place): Cursor => `${epoch}-${toHex(id)}`

function walkOne(knex: Knex, { table, id, where }: Walk, { since, open, limit }: Range): Knex.QueryBuilder {
  const rows = knex(table)
    .where(where)
    .andWhere('epoch', '>=', since.epoch)
    .andWhere('epoch', '<', open)
    .andWhere(
      (after) =>
        void after
          .where('epoch', '>', since.epoch)
          .orWhere((same) => void same.where('epoch', since.epoch).andWhere(id, '>', asBuffer(since.id))),
    )
    .orderBy(['epoch', id])
    .limit(limit)
    .select('epoch', `${id} as id`)
  return knex.select('*').from(rows.as('walk'))
}

const byPlace = (a: Place, b: Place): number =>
  a.epoch - b.epoch || Buffer.compare(asBuffer(a.id), asBuffer(b.id))

/** The next places of several walks together, each once, in order: every walk gives what it has first. */
export async function nextPlaces(
  knex: Knex,
  walks: readonly Walk[],
  range: Range,
): Promise<readonly Place[]> {
  const found = new Map<string, Place>()
  for (const part of inParts(walks, maxWalks)) {
    const [first, ...more] = part.map((walk) => walkOne(knex, walk, range))
    if (first === undefined) continue
    const rows = (await (more.length === 0 ? first : first.unionAll(more))) as readonly Place[]
    for (const row of rows) found.set(toHex(row.id), row)
  }
  return [...found.values()].sort(byPlace).slice(0, range.limit)
}

/** What one reading found: `places` one more than were looked at where there is more. */
interface Found<T> {
  readonly places: readonly Place[]
  readonly looked: number
  readonly kept: readonly { readonly place: Place; readonly item: T }[]
  readonly max: number
  readonly open: number
}

/** Cuts a page. At the end the cursor stands behind everything that is closed. */
export function pageOf<T>({ places, looked, kept, max, open }: Found<T>): ListPage<T> {
  const items = kept.slice(0, max).map(({ item }) => item)
  const last =
    kept.length > max ? kept[max - 1]?.place : places.length > looked ? places[looked - 1] : undefined
  if (last !== undefined) return { items, next: cursorOf(last), cursor: cursorOf(last) }
  return { items, next: null, cursor: cursorOf({ epoch: open - 1, id: lastId }) }
}
