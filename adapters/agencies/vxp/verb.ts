import { GatewayError } from '../../../schemas/errors.ts'
import type { DoorAnswer, TakenRequest } from '../content.ts'
import type { Deed, Done, DoorRow, Guest } from '../door.ts'
import { writeSuccess, type Extra } from './answers.ts'
import type { Arguments } from './arguments.ts'
import type { VxpOptions } from './options.ts'
import type { TakenEdoc } from './send-edoc.ts'

export type Caller = Guest<VxpOptions>
export type Request = TakenRequest<TakenEdoc>

/** What an answer is written from. */
export interface Written {
  readonly done: Done
  readonly request: Request
  readonly args: Arguments
  readonly options: VxpOptions
}

/** Everything known about one verb (edxml §8.1). */
export interface Verb extends Pick<DoorRow, 'summary' | 'streams'> {
  readonly methods: readonly DoorRow['method'][]
  readonly read: (args: Arguments, request: Request, guest: Caller) => Deed
  readonly write: (written: Written) => DoorAnswer
  /** What a client reads of a failure without looking (edxml §8.1.7). */
  readonly empty: Extra
}

/** Verbs that answer the three fields alone, and those that answer rows. */
export const plain: Pick<Verb, 'methods' | 'empty'> = { methods: ['POST'], empty: {} }
export const rows: Pick<Verb, 'methods' | 'empty'> = { methods: ['POST'], empty: { data: [] } }

export const said = (vi: string, en: string): Pick<Verb, 'summary'> => ({ summary: { vi, en } })

export const writeRows = (data: unknown): DoorAnswer => writeSuccess({ data })

/** Another deed than the verb asks for was done: a fault of ours. */
export const strange = (done: Done): never => {
  throw new GatewayError('internal', { cause: `an answer to ${done.kind} was not expected` })
}
