import type { AnswerAfter } from '../adapters/agencies/answer-after.ts'
import type { Content, IntakeResult } from '../adapters/agencies/dialect.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import type { AwaitOutcomes } from './answer-after.ts'
import type { Intakes, WholeResult } from './intake.ts'
import { submitLineOf, type SubmitLine } from './submit-line.ts'

export interface SubmitAsk {
  readonly contents: readonly Content[]
  /** All or nothing. Else each message is taken or refused by itself, in order. */
  readonly whole?: boolean
  readonly answerAfter?: AnswerAfter
  /** The word under which a recipient's answer is remembered, where that is waited for. */
  readonly answered?: string
  /** Whether the sender is told the numbers of its messages. */
  readonly numbered?: boolean
}

/** Takes in what one request holds, and tells of each message. */
export type Submit = (caller: Caller, ask: SubmitAsk) => Promise<WholeResult>

export interface SubmitDeps extends Intakes {
  /** One wide line per message. */
  readonly reportSubmit: (line: SubmitLine) => void
  readonly awaitOutcomes: AwaitOutcomes
  readonly store: Pick<Store, 'numberMessages'>
}

export function createSubmit({
  intake,
  intakeWhole,
  reportSubmit,
  awaitOutcomes,
  store,
}: SubmitDeps): Submit {
  async function each(caller: Caller, contents: readonly Content[]): Promise<WholeResult> {
    const results = []
    for (const content of contents) results.push(await intake(caller, content)) // in order: the lanes keep it
    return { results, refusedAt: null }
  }

  async function withNumbers(results: readonly IntakeResult[]): Promise<readonly IntakeResult[]> {
    const numbers = await store.numberMessages(results.flatMap((result) => ('id' in result ? result.id : [])))
    return results.map((result) => {
      const number = 'id' in result ? numbers.get(result.id) : undefined
      return number === undefined ? result : { ...result, number }
    })
  }

  return async (
    caller,
    { contents, whole = false, answerAfter = 'accepted', answered, numbered = false },
  ) => {
    const done = await (whole ? intakeWhole : each)(caller, contents)
    for (const result of done.results) reportSubmit(submitLineOf(caller, result))
    const results = await awaitOutcomes(done.results, answerAfter, answered)
    return { ...done, results: numbered ? await withNumbers(results) : results }
  }
}
