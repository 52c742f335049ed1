import type { Knex } from 'knex'
import type { Engine } from '../database.ts'
import { base } from './0001-base.ts'

/** One step of the schema. Written so that it can run again after it stopped half-way: MySQL commits each CREATE by itself. */
export interface Migration {
  readonly name: string
  readonly up: (knex: Knex, engine: Engine) => Promise<void>
}

/** In order. Listed by hand and not found by a folder scan, so that the built program has them. Never change one that was released. */
export const migrations: readonly Migration[] = [base]
