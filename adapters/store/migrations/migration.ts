import type { Knex } from 'knex'
import type { Engine } from '../database.ts'

/** One step of the schema. Written so that it can run again after it stopped half-way: MySQL commits each CREATE by itself. */
export interface Migration {
  readonly name: string
  /** Tables that it makes. */
  readonly tables: readonly string[]
  readonly up: (knex: Knex, engine: Engine) => Promise<void>
}

/** Tables by name, each with the shape that knex is to give it. */
export type Tables = Readonly<Record<string, (table: Knex.CreateTableBuilder) => void>>
