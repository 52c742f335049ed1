import { insertRows, type Database } from './database.ts'
import { isDuplicate } from './failures.ts'
import type { PollStore } from './ports/polls.ts'
import { retrying } from './retry-transaction.ts'
import { createPollThings } from './poll-things.ts'

interface PollRow {
  readonly agency: string
  readonly due_at: number
  readonly failures: number
  readonly lease_owner: string | null
  readonly lease_until: number
  readonly mark: string | null
}

/** One row a body, made when it is first asked. */
export function createPolls({ knex }: Pick<Database, 'knex'>): PollStore {
  const rows = () => knex<PollRow>('poll')
  const begin = async (row: PollRow): Promise<boolean> => {
    try {
      await insertRows(knex, 'poll', [{ ...row }])
      return true
    } catch (error) {
      if (isDuplicate(error)) return false
      throw error
    }
  }
  return {
    ...createPollThings({ knex }),
    restingPolls: async (now) => {
      const resting = await rows().where('due_at', '>', now).orWhere('lease_until', '>', now).select('agency')
      return new Set(resting.map(({ agency }) => agency))
    },
    takePoll: async (agency, { owner, now, until }) => {
      const lease = { lease_owner: owner, lease_until: until }
      const taken = await retrying(() =>
        rows()
          .where({ agency })
          .andWhere('due_at', '<=', now)
          .andWhere('lease_until', '<=', now)
          .update(lease),
      )
      if (taken === 1) return (await rows().where({ agency }).first('failures', 'mark')) ?? null
      const fresh = { failures: 0, mark: null }
      return (await begin({ agency, due_at: now, ...fresh, ...lease })) ? fresh : null
    },
    keepPoll: async (agency, { owner, until }) => {
      const kept = await retrying(() =>
        rows().where({ agency, lease_owner: owner }).update({ lease_until: until }),
      )
      return kept === 1
    },
    markPoll: async (agency, owner, mark) => {
      await retrying(() => rows().where({ agency, lease_owner: owner }).update({ mark }))
    },
    endPoll: async (agency, owner, { dueAt, failures }) => {
      const free = { lease_owner: null, lease_until: 0 }
      await retrying(() =>
        rows()
          .where({ agency, lease_owner: owner })
          .update({ ...free, due_at: dueAt, failures }),
      )
    },
  }
}
