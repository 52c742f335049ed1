import type { Outcome } from '../../../schemas/outcome.ts'
import type { TransportAnswer } from '../dialect.ts'
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
}

const update = (options: FacadeOptions): string => options.paths.update
const dossier = { rowsPerCall: () => 1, isText: false } as const

/** What a façade can be told (dvcqg §3.4): one dossier in a call, steps in chunks. */
export const calls: Readonly<Record<string, CallRow>> = {
  'dossier.submitted': { ...dossier, path: ({ paths }) => paths.create, retryPath: update },
  'dossier.updated': { ...dossier, path: update },
  'status.updated': {
    path: ({ paths }) => paths.progress,
    rowsPerCall: ({ stepsPerCall }) => stepsPerCall,
    isText: true,
  },
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
