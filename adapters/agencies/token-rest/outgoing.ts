import { actions, isAction } from '../../../schemas/actions.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json, Message, Payload } from '../../../schemas/message.ts'
import { canonical } from '../canonical.ts'
import { renamed } from '../dossiers/renamed.ts'
import { theirDossier } from './dossier.ts'
import type { TokenRestOptions } from './options.ts'
import { theirState, theirStep } from './steps.ts'

/** A call of the agency's API. */
export interface Outgoing {
  readonly path: Exclude<keyof TokenRestOptions['paths'], 'token' | 'upload'>
  readonly body: Json
}

type Rows = readonly Payload[]

/** What a message becomes, or why it cannot. */
type Write = (rows: Rows, options: TokenRestOptions) => Outgoing | string

const create: Write = ([row, ...others], { persons }) => {
  if (row === undefined || others.length > 0) return 'one dossier goes in a call'
  const body = theirDossier(row, persons)
  return body === null
    ? 'its LoaiDoiTuong has no code there; see the option persons'
    : { path: 'create', body }
}

const states = (rows: Rows): Outgoing | string => {
  const body = rows.flatMap((row) => theirState(row) ?? [])
  return body.length === rows.length
    ? { path: 'state', body }
    : 'it has no state, or results with a state other than 5, 6 and 9'
}

/** A step has its time, a state has none. */
const steps: Write = (rows) => {
  const timed = rows.filter((row) => textOf(row['ThoiDiemXuLy']) !== '').length
  if (timed === 0) return states(rows)
  return timed === rows.length
    ? { path: 'progress', body: rows.map(theirStep) }
    : 'steps with and without ThoiDiemXuLy go in different calls'
}

/** Of a dossier that is known there the state can be told; its other fields go beside it under their own names. */
const changed: Write = (rows) => states(rows.map((row) => renamed(row, { TrangThaiHoSo: 'TrangThai' })))

const writes: Readonly<Record<string, Write>> = {
  'dossier.submitted': create,
  'dossier.updated': changed,
  'dossier.result': changed,
  'status.updated': steps,
}

/** The call that carries a message, or why there is none. */
export function outgoingOf({ action, payload }: Message, options: TokenRestOptions): Outgoing | string {
  const write = Object.hasOwn(writes, action) ? writes[action] : undefined
  if (write === undefined || !isAction(action)) return `token-rest does not carry ${action}`
  const { data } = canonical(actions[action].schema, payload) as Payload // an object stays one
  return write(data as Rows, options) // a list, as the schema has read it
}
