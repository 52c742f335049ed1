import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import { isContention } from './failures.ts'

const maxTries = 10
const stepMs = 10

/** Grows with each try and differs between processes, so that two that met do not meet again. */
const pauseMs = (tries: number): number => stepMs * tries * (0.5 + Math.random())

/** Runs one act, again on contention (or what `again` says), at most 10 times. */
export async function retrying<T>(
  act: () => Promise<T>,
  again: (error: unknown) => boolean = isContention,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act()
    } catch (error) {
      if (tries === maxTries || !again(error)) throw error
      await sleep(pauseMs(tries))
    }
  }
}

/** Runs one act in one transaction, again on contention (or what `again` says), at most 10 times. */
export const retryTransaction = <T>(
  knex: Knex,
  act: (trx: Knex.Transaction) => Promise<T>,
  again?: (error: unknown) => boolean,
): Promise<T> => retrying(() => knex.transaction(act), again)
