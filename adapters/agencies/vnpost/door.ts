import { answerOf, GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { readJson } from '../../../schemas/read-json.ts'
import { bearerOf, grantOf, tokenOf } from '../client-grant.ts'
import type { DoorAnswer, DoorRequest, Trusted } from '../dialect.ts'
import type { Claim, Deed, DialectDoor, Done, DoorRow, Found, Guest, Wanted } from '../door.ts'
import { rowsOf, utf8Of } from '../dossiers/asked.ts'
import { refusalBy, refusalIn } from '../dossiers/refusal.ts'
import { sentenceOf } from '../dossiers/words.ts'
import { lastWord } from '../paths.ts'
import type { VnpostOptions } from './options.ts'
import { isCollection, listedOf, parcelOf, trackedOf } from './parcels.ts'

type Caller = Guest<VnpostOptions>

const summary = {
  vi: 'Bưu chính công ích: token, order, cancel, tracking theo từ cuối của đường dẫn',
  en: 'The public postal service: token, order, cancel, tracking by the last word of the path',
}

const wordOf = ({ path }: DoorRequest): string => lastWord(path).toLowerCase()

/** A newer client names its token in a header of its own. */
function claim(request: DoorRequest): Claim {
  if (wordOf(request) === 'token') return { kind: 'nobody' }
  const token = request.headers['access_token']
  return token === undefined ? bearerOf(request) : { kind: 'session', token }
}

/** Rows of a request by its last word, as messages. An order and its end share a natural key: an order after its end is new. */
type Reader = (request: DoorRequest, caller: Caller) => readonly Trusted[]

const postedRows = (request: DoorRequest): readonly Payload[] => rowsOf(readJson(utf8Of(request)) as Json)

const ordered: Reader = (request, caller) =>
  postedRows(request).map((row) =>
    contentOf('dossier.post-ordered', parcelOf('dossier.post-ordered', row), { request, caller }),
  )

const readers: Readonly<Record<string, Reader>> = {
  'POST order': ordered,
  /** Its own name for the second form of an order, which asks for papers to be collected. */
  'POST collect': ordered,
  'GET cancel': (request, caller) => [
    contentOf('dossier.post-cancelled', parcelOf('dossier.post-cancelled', request.query), {
      request,
      caller,
    }),
  ],
  'POST tracking': (request, caller) =>
    postedRows(request).map((row) => ({
      ...contentOf('dossier.post-tracked', trackedOf(row), { request, caller }),
      naturalKey: ['post-tracked', JSON.stringify(row)],
    })),
}

function contentOf(
  action: 'dossier.post-ordered' | 'dossier.post-cancelled' | 'dossier.post-tracked',
  payload: Payload,
  { request, caller }: { readonly request: DoorRequest; readonly caller: Caller },
): Trusted {
  const { agency, options } = caller
  const recipients =
    options.carrier === undefined || action === 'dossier.post-tracked' ? [] : [options.carrier]
  return {
    ...{ kind: 'trusted', header: { sender: agency.code, recipients, action }, payload },
    naturalKey: ['post', textOf(payload['MaHoSo']).trim(), ...(isCollection({ payload }) ? ['collect'] : [])],
    original: originalOf(request),
  }
}

/** A call without a body is its query. */
const originalOf = ({ body, query }: DoorRequest): Uint8Array =>
  body.byteLength > 0 ? body : Buffer.from(new URLSearchParams(query).toString())

/** Throws `not_found` for what is no operation. */
export function decodeParcels(request: DoorRequest, caller: Caller): readonly Trusted[] {
  const reader = readers[`${request.method} ${wordOf(request)}`]
  if (reader === undefined)
    throw new GatewayError('not_found', { field: 'path', reason: wordOf(request).slice(0, 100) })
  return reader(request, caller)
}

const isTracking = (request: DoorRequest): boolean =>
  request.method === 'GET' && wordOf(request) === 'tracking'

const mostRows = 200

/** The cursor is the id of the last row, which therefore carries the mark; the others have the ids of their messages (dvcqg §14.4). */
function wantedOf({ query }: DoorRequest): Wanted {
  const { pagesize = '', lastId = '' } = query
  const max = /^[1-9]\d{0,5}$/.test(pagesize) ? Math.min(Number(pagesize), mostRows) : mostRows
  return { of: 'received', action: 'dossier.post-tracked', after: lastId === '' ? null : lastId, max }
}

function writeTracked(found: Found): DoorAnswer {
  const { messages, mark } = found.of === 'received' ? found : { messages: [], mark: '' }
  const rows = messages.map(({ id, payload }, at) =>
    listedOf(payload, at === messages.length - 1 ? mark : id),
  )
  const count = rows.length
  return answer(200, { _size: count, _total_pages: 1, _returned: count, _embedded: { 'rh:doc': rows } })
}

function read(request: DoorRequest, guest: Caller | null): Deed {
  if (guest === null) return grantOf(request)
  if (isTracking(request)) return { kind: 'lookup', wanted: wantedOf(request) }
  const contents = decodeParcels(request, guest)
  return contents.length === 0 ? { kind: 'nothing' } : { kind: 'submit', contents, whole: true }
}

const answer = (status: number, body: Readonly<Record<string, unknown>>): DoorAnswer => ({
  ...{ status, headers: { 'content-type': 'application/json; charset=utf-8' } },
  body: JSON.stringify(body),
})

/** The clients of the postal service take nothing but 201 for success (dvcqg §21 trap 3); newer ones read the status too. */
function write(done: Done, request: DoorRequest, guest: Caller | null): DoorAnswer {
  if (done.kind === 'login') return answer(200, tokenOf(done))
  if (done.kind === 'lookup') return writeTracked(done.found)
  const refused =
    done.kind === 'submit' && guest !== null ? refusalIn(done, decodeParcels(request, guest)) : null
  if (refused === null) return answer(201, { Status: '100', Message: 'Thành công' })
  const { status, error } = refused
  return answer(status, { Status: String(status), Message: sentenceOf(error) })
}

function fail(error: GatewayError): DoorAnswer {
  const { status, error: told } = refusalBy(error)
  return answer(status, { Status: String(status), Message: sentenceOf(told), error: answerOf(error).code })
}

const rowOf = (method: DoorRow['method']): DoorRow => ({ method, path: '/vnpost/*rest', summary })

/** The postal service as the clients of its own library see it (dvcqg §14.4). */
export const door: DialectDoor<VnpostOptions> = {
  rows: [rowOf('GET'), rowOf('POST')],
  claim,
  read,
  write,
  fail,
}
