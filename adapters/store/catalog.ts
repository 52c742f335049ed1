import type { Knex } from 'knex'
import type { Json } from '../../schemas/message.ts'
import { insertRows } from './database.ts'
import type { Database } from './database.ts'
import type { NewCatalogChange, Store } from './store.ts'

interface HeadRow {
  readonly catalog: string
  readonly last_cursor: number
}

interface ChangeRow {
  readonly catalog: string
  readonly cursor: number
  readonly code: string
  readonly op: string
  readonly body: string
  readonly at: number
}

/** A change and the time (ms) of the message that made it. */
export interface TimedChange extends NewCatalogChange {
  readonly at: number
}

/** Takes `count` cursors under the catalogue's locked head: a later commit never has a smaller cursor. */
async function takeCursors(trx: Knex, catalog: string, count: number): Promise<number> {
  const head = await trx<HeadRow>('catalog_head').where({ catalog }).forUpdate().first()
  const last = head?.last_cursor ?? 0
  if (head === undefined) await insertRows(trx, 'catalog_head', [{ catalog, last_cursor: count }])
  else
    await trx<HeadRow>('catalog_head')
      .where({ catalog })
      .update({ last_cursor: last + count })
  return last + 1
}

/** Numbers and writes changes. Heads are locked in the order of their names. */
export async function writeChanges(trx: Knex, changes: readonly TimedChange[]): Promise<void> {
  const byCatalog = new Map<string, TimedChange[]>()
  for (const change of changes)
    byCatalog.set(change.catalog, [...(byCatalog.get(change.catalog) ?? []), change])
  for (const catalog of [...byCatalog.keys()].sort()) {
    const rows = byCatalog.get(catalog) ?? []
    const first = await takeCursors(trx, catalog, rows.length)
    await insertRows(
      trx,
      'catalog_change',
      rows.map(({ code, op, body, at }, i) => ({
        catalog,
        cursor: first + i,
        code,
        op,
        body: JSON.stringify(body),
        at,
      })),
    )
  }
}

/** Reads catalogues by cursor. */
export const createCatalog = ({ knex }: Database): Pick<Store, 'catalogChanges'> => ({
  catalogChanges: async (catalog, since, limit) => {
    const rows = await knex<ChangeRow>('catalog_change')
      .where({ catalog })
      .andWhere('cursor', '>', since)
      .orderBy('cursor')
      .limit(limit)
      .select('cursor', 'code', 'op', 'body', 'at')
    return rows.map(({ body, ...row }) => ({ ...row, body: JSON.parse(body) as Json }))
  },
})
