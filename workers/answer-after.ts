import type { AnswerAfter } from '../adapters/agencies/answer-after.ts'
import type { IntakeResult } from '../adapters/agencies/dialect.ts'
import type { StandingDelivery } from '../adapters/store/ports/outcomes.ts'
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
  readonly store: Pick<Store, 'deliveryStates' | 'findMessage' | 'findNote'>
  readonly watch: Pick<Watch, 'next'>
  readonly now: () => number
}

/**
 * Results with the state that their messages have come to in the time allowed; one that a recipient has refused as a refusal. With a word:
 * and with what a recipient is remembered to have answered under it, which ends the wait.
 */
export type AwaitOutcomes = (
  results: readonly IntakeResult[],
  until: AnswerAfter,
  answered?: string,
) => Promise<readonly IntakeResult[]>

/** What a delivery must have come to. */
const goals: Readonly<Record<Exclude<AnswerAfter, 'accepted'>, ReadonlySet<DeliveryState>>> = {
  delivered: settledStates,
  processed: new Set([...settledStates].filter((state) => state !== 'delivered')),
}

/** States of a delivery that its recipient has. */
const took: ReadonlySet<DeliveryState> = new Set(['delivered', 'processed'])

interface Waited {
  readonly goal: ReadonlySet<DeliveryState>
  readonly word: string | undefined
  /** ms */
  readonly deadline: number
}

interface Standing {
  readonly states: readonly DeliveryState[]
  readonly answered: string | null
}

type Taken = Exclude<IntakeResult, { readonly kind: 'refused' }>

/** Waits for what becomes of accepted messages. Woken by this process's own workers; others' work is found by asking, all waiting in one. */
export function createAwaitOutcomes({ store, watch, now }: AnswerAfterDeps): AwaitOutcomes {
  const read = grouped((ids: readonly string[]) => store.deliveryStates(ids), rowLimits)
  let waiting = 0

  /** What the recipients that have it answered; null where none of them said anything. */
  async function hear(id: string, deliveries: readonly StandingDelivery[], word: string) {
    for (const { recipient } of deliveries.filter(({ state }) => took.has(state))) {
      const said = await store.findNote(recipient, [word, id])
      if (said !== null) return said
    }
    return null
  }

  async function standingBy(id: string, { goal, word, deadline }: Waited): Promise<Standing> {
    for (;;) {
      const deliveries = await read(id)
      const states = deliveries.map(({ state }) => state)
      const answered = word === undefined ? null : await hear(id, deliveries, word)
      const leftMs = deadline - now()
      const isOver = states.includes('refused') || states.every((state) => goal.has(state)) || leftMs <= 0
      if (answered !== null || isOver) return { states, answered }
      await watch.next(
        deliveries.map(({ id: deliveryId }) => deliveryId),
        Math.min(pollMs, leftMs),
      )
    }
  }

  async function outcomeOf(result: Taken, waited: Omit<Waited, 'deadline'>): Promise<IntakeResult> {
    const deadline = now() + mostWaitMs
    const { states, answered } = await standingBy(result.id, { ...waited, deadline })
    if (answered !== null) return { ...result, state: stateOf(states), answered }
    if (states.includes('refused')) return refusedBy(result, await store.findMessage(result.id))
    return { ...result, state: stateOf(states) }
  }

  return async (results, until, word) => {
    if (until === 'accepted' || waiting >= mostWaiting) return results
    waiting += 1
    try {
      return await Promise.all(
        results.map(async (result) =>
          result.kind === 'refused' ? result : outcomeOf(result, { goal: goals[until], word }),
        ),
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
