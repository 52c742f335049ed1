import { createStore } from './create.ts'
import type { StoreDeps } from './create.ts'
import { toPortError } from './failures.ts'
import { openDatabase } from './open-database.ts'
import type { Store } from './store.ts'

export interface StoreOptions extends Omit<StoreDeps, 'database' | 'clock'> {
  /** `sqlite:<path>` or `mysql://user:password@host:port/database`. */
  readonly url: string
  readonly clock?: () => number
}

/** Connects and answers with the store. Does not migrate: call `migrate` once at the start. */
export async function connectStore({ url, clock = Date.now, ...options }: StoreOptions): Promise<Store> {
  const database = openDatabase(url)
  try {
    await database.knex.raw('SELECT 1')
    return createStore({ database, clock, ...options })
  } catch (error) {
    await database.knex.destroy()
    throw toPortError(error)
  }
}
