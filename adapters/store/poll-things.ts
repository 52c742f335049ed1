import { sha256 } from '../../signing/digest.ts'
import { insertRows, type Database } from './database.ts'
import type { PollStore } from './ports/polls.ts'
import { retrying } from './retry-transaction.ts'

interface ThingRow {
  readonly agency: string
  readonly list_key: Uint8Array
  readonly thing_key: Uint8Array
  readonly name: string
  readonly version: string
}

/** Written by the one process that has the lease on asking the body. One that dies between the two steps has the thing fetched again. */
export function createPollThings({
  knex,
}: Pick<Database, 'knex'>): Pick<PollStore, 'settledThings' | 'settleThing'> {
  const rows = () => knex<ThingRow>('poll_thing')
  return {
    settledThings: async (agency, list) => {
      const found = await rows()
        .where({ agency, list_key: sha256(list) })
        .select('name', 'version')
      return new Map(found.map(({ name, version }) => [name, version]))
    },
    settleThing: async (agency, { list, name, version }) => {
      const key = { agency, list_key: sha256(list), thing_key: sha256(name) }
      await retrying(() => rows().where(key).delete())
      if (version !== null) await insertRows(knex, 'poll_thing', [{ ...key, name, version }])
    },
  }
}
