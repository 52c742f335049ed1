import { actions, isAction } from '../../../schemas/actions.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import { canonical } from '../canonical.ts'
import { withTheirPerson } from '../dossiers/persons.ts'
import { withPlaces } from './attachments.ts'
import type { LgspOptions } from './options.ts'
import { theirReport } from './reports.ts'
import { theirsOf } from './shaped.ts'
import { document, trace } from './shapes.ts'

/** Calls of the platform, by so many rows in each as it takes. */
export interface Outgoing {
  readonly path: string
  readonly rows: readonly Payload[]
}

type Write = (payload: Payload, options: LgspOptions) => Outgoing | string

const rowsIn = (payload: Payload): readonly Payload[] => payload['data'] as readonly Payload[] // a list, as the schema has read it

const sync: Write = (payload, options) => {
  const rows = rowsIn(payload).flatMap((row) => documentsOf(row, options))
  return rows.length < rowsIn(payload).length
    ? 'its LoaiDoiTuong has no code there; see the option persons'
    : { path: 'Document/SyncDocument', rows }
}

/** None where the platform has no code for the kind of person. */
function documentsOf(row: Payload, { persons, dates }: LgspOptions): readonly Payload[] {
  const coded = withTheirPerson(row, persons)
  const flags = {
    IsSuccess: textOf(row['NgayKetThucXuLy']) !== '',
    IsReturned: textOf(row['NgayTra']) !== '',
  }
  return coded === null ? [] : [theirsOf({ ...flags, ...withPlaces(coded) }, document, dates)]
}

const update: Write = (payload, { dates }) => ({
  path: 'Document/UpdateDocumentTraces',
  rows: rowsIn(payload).map((row) => theirsOf(row, trace, dates)),
})

const report: Write = (payload, options) => {
  const theirs = theirReport(payload, options)
  if (theirs === null) return 'its KyBaoCao is neither a month yyyy-MM nor a year'
  return { path: theirs.isVote ? 'Vote/UpdateVote' : 'Statistic/UpdateStatistic', rows: [theirs.body] }
}

const writes: Readonly<Record<string, Write>> = {
  'dossier.submitted': sync,
  'dossier.updated': sync,
  'dossier.result': sync,
  'status.updated': update,
  'statistics.reported': report,
}

/** The calls that carry a message, or why there is none. */
export function outgoingOf({ action, payload }: Message, options: LgspOptions): Outgoing | string {
  const write = Object.hasOwn(writes, action) ? writes[action] : undefined
  if (write === undefined || !isAction(action)) return `lgsp does not carry ${action}`
  return write(canonical(actions[action].schema, payload) as Payload, options) // an object stays one
}
