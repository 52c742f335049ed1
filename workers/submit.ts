import type { AnswerAfter } from '../adapters/agencies/answer-after.ts'
import type { Content } from '../adapters/agencies/dialect.ts'
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
}

/** Takes in what one request holds, and tells of each message. */
export type Submit = (caller: Caller, ask: SubmitAsk) => Promise<WholeResult>

export interface SubmitDeps extends Intakes {
  /** One wide line per message. */
  readonly reportSubmit: (line: SubmitLine) => void
  readonly awaitOutcomes: AwaitOutcomes
}

export function createSubmit({ intake, intakeWhole, reportSubmit, awaitOutcomes }: SubmitDeps): Submit {
  async function each(caller: Caller, contents: readonly Content[]): Promise<WholeResult> {
    const results = []
    for (const content of contents) results.push(await intake(caller, content)) // in order: the lanes keep it
    return { results, refusedAt: null }
  }

  return async (caller, { contents, whole = false, answerAfter = 'accepted', answered }) => {
    const done = await (whole ? intakeWhole : each)(caller, contents)
    for (const result of done.results) reportSubmit(submitLineOf(caller, result))
    return { ...done, results: await awaitOutcomes(done.results, answerAfter, answered) }
  }
}
