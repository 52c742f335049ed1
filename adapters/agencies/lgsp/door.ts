import { bearerOf, grantOf, tokenOf } from '../client-grant.ts'
import type { TakenRequest } from '../content.ts'
import type { DoorAnswer, DoorRequest } from '../dialect.ts'
import type { Deed, DialectDoor, Done, DoorRow, Guest } from '../door.ts'
import { refusalBy, refusalIn, type Refusal } from '../dossiers/refusal.ts'
import { escaped, sentenceOf } from '../dossiers/words.ts'
import { accessOf } from './access.ts'
import { takeFiles } from './attachments.ts'
import { decodeRows, deedOf } from './calls.ts'
import type { LgspOptions } from './options.ts'

type Caller = Guest<LgspOptions>

const summary = {
  vi: 'LGSP: token, Document/SyncDocument, Document/UpdateDocumentTraces, Statistic/UpdateStatistic, Vote/UpdateVote',
  en: 'LGSP: tokens, dossiers, traces, statistics and votes',
}

/** Files come inside a dossier, as base64. */
const rows: readonly DoorRow[] = [
  { method: 'POST', path: '/lgsp/*rest/SyncDocument', streams: true, summary },
  { method: 'POST', path: '/lgsp/*rest', summary },
]

const isToken = ({ path }: DoorRequest): boolean => /\/token\/?$/i.test(path)

/** Its client may read answers in the charset of its platform (dvcqg §21 trap 12). */
function write(body: object, status = 200, headers: DoorAnswer['headers'] = {}): DoorAnswer {
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return { status, headers: { ...type, ...headers }, body: escaped(JSON.stringify(body)) }
}

/** Its client reads `Status` of a 200; a token that is refused must be a 401, or it would not fetch another. */
function writeFailure({ status, error, thing }: Refusal): DoorAnswer {
  const body = { Status: status, Message: sentenceOf(error, thing) }
  if (status !== 401) return write(body)
  const oauth = { error: 'invalid_client', error_description: error.message.en }
  return write({ ...body, ...oauth }, 401, { 'www-authenticate': 'Bearer' })
}

/** Id and secret as every token endpoint takes them, else those of `lgspaccesstoken`. */
function loginOf(request: DoorRequest): Deed {
  const grant = grantOf(request)
  const access = grant.account === '' ? accessOf(request) : null
  return access === null ? grant : { ...grant, account: access[0], secret: access[1] }
}

function writeDone(done: Done, request: TakenRequest<Uint8Array>, guest: Caller | null): DoorAnswer {
  if (done.kind === 'login') return write(tokenOf(done))
  const contents = guest === null ? [] : decodeRows(request, guest)
  const refused = done.kind === 'submit' ? refusalIn(done, contents) : null
  return refused === null ? write({ Status: 200, Message: 'Thành công' }) : writeFailure(refused)
}

/** The integration platform of a province as clients see it (dvcqg §13, §14.1): the last two words of the path name the call. */
export const door: DialectDoor<LgspOptions, Uint8Array> = {
  rows,
  claim: (request) => (isToken(request) ? { kind: 'nobody' } : bearerOf(request)),
  take: takeFiles,
  read: (request, guest) => (guest === null ? loginOf(request) : deedOf(request, guest)),
  write: writeDone,
  fail: (error) => writeFailure(refusalBy(error)),
}
