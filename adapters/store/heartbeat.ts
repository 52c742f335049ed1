import { randomBytes } from 'node:crypto'
import { GatewayError } from '../../schemas/errors.ts'
import { insertRows } from './database.ts'
import type { Database } from './database.ts'
import { isContention, isDuplicate } from './failures.ts'
import { toHex } from './ids.ts'
import { retryTransaction } from './retry-transaction.ts'
import type { Store } from './store.ts'

interface HeartbeatRow {
  readonly writer: string
  readonly mark: Uint8Array
  readonly at: number
}

/** Writes a fresh mark and reads it back: a database that only reads is not ready. */
export const createHeartbeat = (
  { knex }: Database,
  writer: string,
  clock: () => number,
): Pick<Store, 'ping'> => ({
  ping: async () => {
    const mark = randomBytes(16)
    const read = await retryTransaction(
      knex,
      async (trx) => {
        const beats = trx<HeartbeatRow>('heartbeat')
        const changed = await beats.clone().where({ writer }).update({ mark, at: clock() })
        if (changed === 0) await insertRows(trx, 'heartbeat', [{ writer, mark, at: clock() }])
        return beats.clone().where({ writer }).first('mark')
      },
      (error) => isContention(error) || isDuplicate(error),
    )
    if (read === undefined || toHex(read.mark) !== toHex(mark)) throw new GatewayError('unavailable')
  },
})
