import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { readJson } from '../../../schemas/read-json.ts'
import type { DoorRequest, Trusted } from '../dialect.ts'
import type { TakenRequest } from '../content.ts'
import type { Deed, Guest } from '../door.ts'
import { rowsOf, utf8Of, type Asked } from '../dossiers/asked.ts'
import { withNationalPerson } from '../dossiers/persons.ts'
import { contentsOf, pushes, type Push } from '../dossiers/pushes.ts'
import { withLinks } from './attachments.ts'
import type { LgspOptions } from './options.ts'
import { nationalStatistic, nationalVote } from './reports.ts'
import { nationalOf } from './shaped.ts'
import { document, trace } from './shapes.ts'

type Caller = Guest<LgspOptions>

/** A call by which rows come: what they become here, and how a row is read. */
interface Call {
  readonly push: Push | undefined
  readonly national: (row: Payload, guest: Caller) => Payload
  /** The action of one whose thing is known: a client does not say whether it creates or updates. */
  readonly elseAs?: string
}

const report: Push = {
  ...{
    action: () => 'statistics.reported',
    names: ['MaDonVi', 'KyBaoCao'],
    groups: false,
    kind: 'statistics',
  },
}

const isTrue = (value: Json | undefined): boolean => /^(?:true|1)$/i.test(textOf(value))

/** What two flags say stands in the dates already, unless they contradict them. */
function withoutFlags({ IsSuccess, IsReturned, ...row }: Payload): Payload {
  const says = (flag: Json | undefined, date: Json | undefined) => isTrue(flag) === (textOf(date) !== '')
  return {
    ...row,
    ...(IsSuccess !== undefined && !says(IsSuccess, row['NgayKetThucXuLy']) && { IsSuccess }),
    ...(IsReturned !== undefined && !says(IsReturned, row['NgayTra']) && { IsReturned }),
  }
}

const calls: Readonly<Record<string, Call>> = {
  '/document/syncdocument': {
    push: pushes['DongBoHoSoMC'],
    national: (row, { options }) =>
      withNationalPerson(withoutFlags(withLinks(nationalOf(row, document))), options.persons),
    elseAs: 'dossier.updated',
  },
  '/document/updatedocumenttraces': {
    push: pushes['CapNhatTienDoHoSoMC'],
    national: (row) => nationalOf(row, trace),
  },
  '/statistic/updatestatistic': {
    push: report,
    national: (row, { agency }) => nationalStatistic(row, agency.code),
  },
  '/vote/updatevote': { push: report, national: (row, { agency }) => nationalVote(row, agency.code) },
}

const callOf = ({ path }: DoorRequest): Call | undefined => {
  const word = /\/[^/]+\/[^/]+(?=\/?$)/.exec(path)?.[0].toLowerCase() ?? ''
  return Object.hasOwn(calls, word) ? calls[word] : undefined
}

/** The messages of a call; none where it is no call. */
export function decodeRows(request: TakenRequest<Uint8Array>, guest: Caller): readonly Trusted[] {
  const { push, national, elseAs } = callOf(request) ?? {}
  if (push === undefined || national === undefined) return []
  const body = request.taken ?? request.body
  const bytes = utf8Of({ ...request, body })
  const rows = rowsOf(bytes.byteLength === 0 ? undefined : (readJson(bytes) as Json)) // JSON is all that it reads
  const asked: Asked = { text: () => '', rows: () => rows.map((row) => national(row, guest)) }
  const contents = contentsOf(push, asked, { sender: guest.agency.code, original: body })
  return elseAs === undefined ? contents : contents.map((content) => ({ ...content, elseAs }))
}

/** The deed of a request that shows a session. Throws GatewayError. */
export function deedOf(request: TakenRequest<Uint8Array>, guest: Caller): Deed {
  if (callOf(request) === undefined)
    throw new GatewayError('not_found', { field: 'path', reason: request.path.slice(-100) })
  const contents = decodeRows(request, guest)
  return contents.length === 0
    ? { kind: 'nothing' }
    : { kind: 'submit', contents, whole: true, answerAfter: guest.options.answerAfter }
}
