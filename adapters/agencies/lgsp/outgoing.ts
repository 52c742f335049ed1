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

/** A call of the platform. */
export interface Outgoing {
  readonly path: string
  readonly body: Payload
}

type Write = (payload: Payload, options: LgspOptions) => Outgoing | string

const only = (payload: Payload): Payload | undefined => {
  const [row, ...others] = payload['data'] as readonly Payload[] // a list, as the schema has read it
  return others.length === 0 ? row : undefined
}

const sync: Write = (payload, options) => {
  const row = only(payload)
  if (row === undefined) return 'one dossier goes in a call'
  const coded = withTheirPerson(row, options.persons)
  if (coded === null) return 'its LoaiDoiTuong has no code there; see the option persons'
  const flags = {
    IsSuccess: textOf(row['NgayKetThucXuLy']) !== '',
    IsReturned: textOf(row['NgayTra']) !== '',
  }
  return {
    path: 'Document/SyncDocument',
    body: theirsOf({ ...flags, ...withPlaces(coded) }, document, options.dates),
  }
}

const update: Write = (payload, options) => {
  const row = only(payload)
  if (row === undefined) return 'one step goes in a call'
  return { path: 'Document/UpdateDocumentTraces', body: theirsOf(row, trace, options.dates) }
}

const report: Write = (payload, options) => {
  const theirs = theirReport(payload, options)
  if (theirs === null) return 'its KyBaoCao is neither a month yyyy-MM nor a year'
  return { path: theirs.isVote ? 'Vote/UpdateVote' : 'Statistic/UpdateStatistic', body: theirs.body }
}

const writes: Readonly<Record<string, Write>> = {
  'dossier.submitted': sync,
  'dossier.updated': sync,
  'dossier.result': sync,
  'status.updated': update,
  'statistics.reported': report,
}

/** The call that carries a message, or why there is none. */
export function outgoingOf({ action, payload }: Message, options: LgspOptions): Outgoing | string {
  const write = Object.hasOwn(writes, action) ? writes[action] : undefined
  if (write === undefined || !isAction(action)) return `lgsp does not carry ${action}`
  return write(canonical(actions[action].schema, payload) as Payload, options) // an object stays one
}
