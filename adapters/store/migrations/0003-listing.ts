import type { Knex } from 'knex'
import { insertRows, type Engine } from '../database.ts'
import { createTable } from './create-table.ts'
import { codeColumn, idColumn, msColumn } from './columns.ts'
import type { Migration } from './migration.ts'

interface NewColumn {
  readonly table: string
  readonly name: string
  readonly shape: (table: Knex.CreateTableBuilder) => void
}

interface NewIndex {
  readonly table: string
  readonly name: string
  readonly columns: string
}

const epoch = (table: Knex.CreateTableBuilder): void =>
  void table.bigInteger('epoch').notNullable().defaultTo(0)

const columns: readonly NewColumn[] = [
  { table: 'message', name: 'auth_method', shape: (table) => void codeColumn(table, 'auth_method') },
  { table: 'message', name: 'auth_credential', shape: (table) => void codeColumn(table, 'auth_credential') },
  { table: 'message', name: 'epoch', shape: epoch },
  { table: 'delivery', name: 'epoch', shape: epoch },
]

/** MySQL indexes only the beginning of long text; SQLite knows no beginning. */
const indexesFor = (engine: Engine): readonly NewIndex[] => [
  { table: 'message', name: 'message_epoch', columns: 'epoch, id' },
  { table: 'message', name: 'message_sender', columns: 'sender, epoch, id' },
  { table: 'delivery', name: 'delivery_recipient', columns: 'recipient, epoch, message_id' },
  { table: 'lane', name: 'lane_subject', columns: engine === 'mysql' ? 'subject_key(64)' : 'subject_key' },
]

/** Lists by cursor: an epoch on what is listed, the head that numbers epochs, refusals by body; and how a sender was known. */
export const listing: Migration = {
  name: '0003-listing',
  tables: ['listing_head', 'refusal'],
  up: async (knex, engine) => {
    for (const { table, name, shape } of columns)
      if (!(await knex.schema.hasColumn(table, name))) await knex.schema.alterTable(table, shape)
    for (const index of indexesFor(engine))
      if (!(await hasIndex(knex, engine, index))) await addIndex(knex, index)
    await createTable({ knex, engine }, 'listing_head', (table) => {
      table.integer('id').notNullable().primary()
      table.bigInteger('epoch').notNullable()
    })
    await createTable({ knex, engine }, 'refusal', (table) => {
      idColumn(table, 'receipt_id').notNullable().primary()
      codeColumn(table, 'body').notNullable()
      table.bigInteger('epoch').notNullable()
      msColumn(table, 'at').notNullable()
      table.index(['epoch', 'receipt_id'], 'refusal_epoch')
      table.index(['body', 'epoch', 'receipt_id'], 'refusal_body')
    })
    if ((await knex('listing_head').first('id')) === undefined)
      await insertRows(knex, 'listing_head', [{ id: 1, epoch: 1 }])
  },
}

/** Neither engine makes an index "if not there" in words that both understand. */
async function hasIndex(knex: Knex, engine: Engine, { table, name }: NewIndex): Promise<boolean> {
  const found =
    engine === 'sqlite'
      ? knex('sqlite_master').where({ type: 'index', tbl_name: table, name })
      : knex('information_schema.statistics').where({
          table_schema: knex.raw('database()'),
          table_name: table,
          index_name: name,
        })
  return (await found.first(knex.raw('1 as one'))) !== undefined
}

async function addIndex(knex: Knex, { table, name, columns: on }: NewIndex): Promise<void> {
  await knex.raw(`CREATE INDEX ${name} ON ${table} (${on})`)
}
