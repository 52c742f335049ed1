import type { Json, Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { TransportAnswer } from '../dialect.ts'
import { areStates, isSupplement, supplementCall, writeState } from '../dossiers/promotions.ts'
import { readSaid, saysExists, saysTaken } from '../dossiers/said.ts'
import type { FacadeOptions } from './options.ts'

/** How the messages of an action are handed to a façade. */
export interface CallRow {
  readonly path: (options: FacadeOptions) => string
  /** Where the same is sent once the façade says that it has it. */
  readonly retryPath?: (options: FacadeOptions) => string
  readonly rowsPerCall: (options: FacadeOptions) => number
  /** Whether the answer is a text in which words alone count. */
  readonly isText: boolean
  /** What is sent for the rows of a call; the list of them where absent. */
  readonly body?: (rows: readonly Payload[]) => Json
}

const update = (options: FacadeOptions): string => options.paths.update
const dossier = { rowsPerCall: () => 1, isText: false } as const

/** What a façade can be told (dvcqg §3.4): one dossier in a call, steps in chunks. */
const calls: Readonly<Record<string, CallRow>> = {
  'dossier.submitted': { ...dossier, path: ({ paths }) => paths.create, retryPath: update },
  'dossier.updated': { ...dossier, path: update },
  'status.updated': {
    path: ({ paths }) => paths.progress,
    rowsPerCall: ({ stepsPerCall }) => stepsPerCall,
    isText: true,
  },
}

const one =
  (write: (row: Payload) => Payload) =>
  (rows: readonly Payload[]): Payload =>
    write(rows[0] ?? {})

const promotion = { rowsPerCall: () => 1, isText: true } as const // nothing is known of the answers, so the words count

/** How promotions are told (dvcqg §10), and which rows are theirs. */
const promotions: Readonly<
  Record<string, CallRow & { readonly are: (rows: readonly Payload[]) => boolean }>
> = {
  'dossier.supplemented': {
    ...{ ...promotion, path: ({ paths }) => paths.supplement, body: one(supplementCall) },
    are: (rows) => rows.every(isSupplement),
  },
  'status.updated': {
    ...{ ...promotion, path: ({ paths }) => paths.promotionState, body: one(writeState), are: areStates },
  },
}

/** How rows are handed to a façade; undefined where they cannot be. */
export function callOf(action: string, rows: readonly Payload[]): CallRow | undefined {
  const promoted = Object.hasOwn(promotions, action) ? promotions[action] : undefined
  if (promoted?.are(rows) === true) return promoted
  return Object.hasOwn(calls, action) ? calls[action] : undefined
}

/** What an answer of HTTP 2xx says; `exists`: it has this dossier. */
export type Said = Outcome | { readonly kind: 'exists' }

const takenCodes = ['0', '00']
const existsCodes = [...takenCodes, '3', '-3']

/** The code alone says nothing: the words do. What cannot be read, such as a proxy's page, is asked again. */
export function judge({ body }: TransportAnswer, { isText }: CallRow): Said {
  const { code, message } = readSaid(body)
  const words = isText ? Buffer.from(body).toString('utf8') : message
  const isUnsaid = code === ''
  if ((takenCodes.includes(code) || (isUnsaid && isText)) && saysTaken(words)) return { kind: 'delivered' }
  if (existsCodes.includes(code) && saysExists(message)) return { kind: 'exists' }
  if (isUnsaid || takenCodes.includes(code))
    return { kind: 'retry', code: 'unclear_answer', reason: 'the answer does not say what became of it' }
  return { kind: 'refused', code: `error_code_${code.slice(0, 32)}`, reason: message.slice(0, 500) }
}
