import type { Knex } from 'knex'
import type { Engine } from '../database.ts'

/**
 * Creates a table unless it is there. Codes and references compare byte by byte: MySQL's other collations equate what differs;
 * SQLite does so by itself. The table gets its name last: knex adds indexes one by one, and a table that lacks some must not
 * pass for a whole one.
 */
export async function createTable(
  { knex, engine }: { readonly knex: Knex; readonly engine: Engine },
  name: string,
  shape: (table: Knex.CreateTableBuilder) => void,
): Promise<void> {
  if (await knex.schema.hasTable(name)) return
  const draft = `new_${name}`
  await knex.schema.dropTableIfExists(draft)
  await knex.schema.createTable(draft, (table) => {
    if (engine === 'mysql') {
      table.charset('utf8mb4')
      table.collate('utf8mb4_bin')
    }
    shape(table)
  })
  await knex.schema.renameTable(draft, name)
}
