import type { AnswerAfter } from '../adapters/agencies/answer-after.ts'
import type { IntakeResult } from '../adapters/agencies/dialect.ts'
import type { Store } from '../adapters/store/store.ts'
import { answerOf, GatewayError } from '../schemas/errors.ts'
import { settledStates, type DeliveryState } from '../schemas/message.ts'
import { stateOf } from '../schemas/state.ts'
import { grouped, rowLimits } from './batch.ts'
import type { Watch } from './watch.ts'

/** Within the time-out of every client that is known (60 s), and of most proxies before it (30 s). */
const mostWaitMs = 20_000
/** How soon a move in another process is seen. */
const pollMs = 300
/** Waiting requests of this process; beyond, answers do not wait: a recipient that is down must not fill the door. */
const mostWaiting = 300

export interface AnswerAfterDeps {
  readonly store: Pick<Store, 'deliveryStates' | 'findMessage'>
  readonly watch: Pick<Watch, 'next'>
  readonly now: () => number
}

/** Results with the state that their messages have come to in the time allowed; one that a recipient has refused as a refusal. */
export type AwaitOutcomes = (
  results: readonly IntakeResult[],
  until: AnswerAfter,
) => Promise<readonly IntakeResult[]>

/** What a delivery must have come to. */
const goals: Readonly<Record<Exclude<AnswerAfter, 'accepted'>, ReadonlySet<DeliveryState>>> = {
  delivered: settledStates,
  processed: new Set([...settledStates].filter((state) => state !== 'delivered')),
}

type Taken = Exclude<IntakeResult, { readonly kind: 'refused' }>

/** Waits for what becomes of accepted messages. Woken by this process's own workers; others' work is found by asking, all waiting in one. */
export function createAwaitOutcomes({ store, watch, now }: AnswerAfterDeps): AwaitOutcomes {
  const read = grouped((ids: readonly string[]) => store.deliveryStates(ids), rowLimits)
  let waiting = 0

  async function stateBy(id: string, goal: ReadonlySet<DeliveryState>, deadline: number) {
    for (;;) {
      const deliveries = await read(id)
      const states = deliveries.map(({ state }) => state)
      const leftMs = deadline - now()
      if (states.includes('refused') || states.every((state) => goal.has(state)) || leftMs <= 0) return states
      await watch.next(
        deliveries.map(({ id: deliveryId }) => deliveryId),
        Math.min(pollMs, leftMs),
      )
    }
  }

  async function outcomeOf(result: Taken, goal: ReadonlySet<DeliveryState>): Promise<IntakeResult> {
    const states = await stateBy(result.id, goal, now() + mostWaitMs)
    if (states.includes('refused')) return refusedBy(result, await store.findMessage(result.id))
    return { ...result, state: stateOf(states) }
  }

  return async (results, until) => {
    if (until === 'accepted' || waiting >= mostWaiting) return results
    waiting += 1
    try {
      return await Promise.all(
        results.map(async (result) => (result.kind === 'refused' ? result : outcomeOf(result, goals[until]))),
      )
    } finally {
      waiting -= 1
    }
  }
}

/** The recipient's refusal in the place of our acceptance, with the receipt that states it. */
function refusedBy(result: Taken, view: Awaited<ReturnType<Store['findMessage']>>): IntakeResult {
  const receipt = view?.receipts.find(({ receipt: { kind } }) => kind === 'refused') ?? result.receipt
  const { code = '', reason = '' } = receipt.receipt
  const error = new GatewayError('refused_by_recipient', { reason: reason === '' ? code : reason })
  return { kind: 'refused', error: answerOf(error), status: error.row.status, receipt }
}
