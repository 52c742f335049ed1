import { GatewayError } from '../../../schemas/errors.ts'
import type { DoorAnswer, DoorRequest, Trusted } from '../dialect.ts'
import type { Deed, DialectDoor, Done, DoorRow, Guest } from '../door.ts'
import { courtFeeDeed, courtFeeNews } from '../dossiers/court-fees.ts'
import { inboxDeed, inboxOf } from '../dossiers/inboxes.ts'
import { foundRows, lookupDeed, type FoundRows } from '../dossiers/looking.ts'
import { courtFees, lookupOf } from '../dossiers/lookups.ts'
import { contentsOf } from '../dossiers/pushes.ts'
import { questions } from '../dossiers/questions.ts'
import { refusalBy, refusalIn } from '../dossiers/refusal.ts'
import { unitOf } from '../dossiers/units.ts'
import { sentenceOf } from '../dossiers/words.ts'
import type { MoneyDone } from '../money.ts'
import { writeFault, writeSuccess } from './answers.ts'
import { askedOf, type EnvelopeAsked } from './asked.ts'
import { addresseeOf, isForAgency, isPortals, pushOf } from './inbound.ts'
import { defaults, type EnvelopeOptions } from './options.ts'

type Caller = Guest<EnvelopeOptions>

const summary = {
  vi: 'Phong bì adapter: dịch vụ theo trường service của nội dung; đường dẫn kết thúc bằng /login để đăng nhập',
  en: 'The adapter envelope: the service is named in the body; a path that ends in /login logs in',
}

const dossierLookup = 'TraCuuHoSo'

const rowOf = (path: string): DoorRow => ({ method: 'POST', path, summary })

const download: DoorRow = {
  method: 'GET',
  path: '/VXPAdapter/RestService/forward/downloadfile/:id',
  summary: { vi: 'Tải tệp: dẫn tới /v1/files/{id}', en: 'Fetches a file: leads to /v1/files/{id}' },
}

/** The portal's own question about a dossier has an address instead of a service (dvcqg §10). */
const serviceOf = ({ service, isSearch }: EnvelopeAsked, { services }: EnvelopeOptions): string =>
  isSearch ? dossierLookup : ((Object.hasOwn(services, service) ? services[service] : undefined) ?? service)

/** The portal's own question goes to the body whose dossier it is; any other look-up where its options say. */
function deedOf(service: string, asked: EnvelopeAsked, options: EnvelopeOptions): Deed | undefined {
  const { isSearch } = asked
  const question = isSearch ? questions[service]?.question(asked) : undefined
  const wanted = isSearch ? lookupOf(service, options.catalogs)?.wanted(asked) : undefined
  return question !== undefined && wanted !== undefined
    ? { kind: 'ask', question, whom: 'dossier-owner', wanted }
    : lookupDeed(service, asked, options)
}

/** The messages of a push; none where it is no push. */
export function decodeEnvelope(request: DoorRequest, guest: Caller): readonly Trusted[] {
  const asked = askedOf(request)
  const service = serviceOf(asked, guest.options)
  const push = pushOf(service)
  if (push === undefined) return []
  const recipients = isForAgency(service) ? [unitOf(addresseeOf(request), guest)] : []
  return contentsOf(push, asked, { sender: unitOf(asked.madonvi, guest), recipients, original: request.body })
}

function read(request: DoorRequest, guest: Caller | null): Deed {
  if (isDownload(request)) return { kind: 'nothing' }
  const asked = askedOf(request)
  if (guest === null)
    return { kind: 'login', account: asked.text('username'), secret: asked.text('password') }
  const service = serviceOf(asked, guest.options)
  const inbox = inboxOf(service)
  if (inbox !== undefined) return inboxDeed(inbox, asked)
  const lookup = deedOf(service, asked, guest.options)
  if (lookup !== undefined) return lookup
  if (service === courtFeeNews) return courtFeeDeed(asked, tellerOf(asked, request, guest))
  if (pushOf(service) === undefined)
    throw new GatewayError('not_found', { field: 'service', reason: service.slice(0, 100) || 'missing' })
  const contents = decodeEnvelope(request, guest)
  return contents.length === 0
    ? { kind: 'nothing' }
    : { kind: 'submit', contents, whole: true, answerAfter: guest.options.answerAfter }
}

const tellerOf = ({ madonvi }: EnvelopeAsked, { body: original }: DoorRequest, guest: Caller) => ({
  ...{ sender: unitOf(madonvi, guest), states: guest.options.courtFeeStates, original },
})

function write(done: Done, request: DoorRequest, guest: Caller | null): DoorAnswer {
  if (isDownload(request)) return leadTo(request)
  const options = guest?.options ?? defaults
  if (done.kind === 'login') return writeSuccess({ session: done.session }, options)
  if (done.kind === 'money') return writeMoney(done, options)
  const refused =
    done.kind === 'submit' && guest !== null ? refusalIn(done, decodeEnvelope(request, guest)) : null
  if (refused !== null)
    return writeFault({ status: refused.status, message: sentenceOf(refused.error, refused.thing) }, options)
  const asked = askedOf(request)
  const found = resultOf(done, asked, options)
  const isNone = found.result.length === 0 && serviceOf(asked, options) === courtFees
  return isNone
    ? writeFault({ status: -1, message: 'Không tìm thấy thông báo án phí' }, options)
    : writeSuccess(found, options)
}

/** News of a fee that cannot be carried to those concerned is kept for a person. */
function writeMoney({ isCarried }: MoneyDone, options: EnvelopeOptions): DoorAnswer {
  if (isCarried) return writeSuccess({ result: [] }, options)
  return writeFault(
    { status: -1, message: 'Không tìm thấy thông báo án phí; đã ghi nhận để đối soát' },
    options,
  )
}

const isDownload = ({ method }: DoorRequest): boolean => method === 'GET'

/** The portal fetches a file by its id alone (dvcqg §10); who may read it is asked where it lies. */
function leadTo({ path }: DoorRequest): DoorAnswer {
  const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.exec(path)?.[0]
  if (id === undefined) throw new GatewayError('not_found', { field: 'id' })
  return { status: 307, headers: { location: `/v1/files/${id}` }, body: '' }
}

function resultOf(done: Done, asked: EnvelopeAsked, options: EnvelopeOptions): FoundRows {
  const service = serviceOf(asked, options)
  if (done.kind === 'inbox') return { result: inboxOf(service)?.rows(done.messages, asked) ?? [] }
  if (done.kind !== 'lookup' && done.kind !== 'ask') return { result: [] }
  return foundRows(done, { service, asked }, options)
}

function fail(error: GatewayError, request: DoorRequest, guest: Caller | null): DoorAnswer {
  const { status, error: told } = refusalBy(error)
  const isLogin = error.code === 'unauthenticated' && isLoginPath(request)
  const message = isLogin ? 'Sai tên đăng nhập hoặc mật khẩu' : sentenceOf(told)
  return writeFault({ status, message }, guest?.options ?? defaults)
}

const isLoginPath = ({ path }: DoorRequest): boolean => /\/login\/?$/i.test(path)

/** Dispatches on the body's `service`, never on the path, of which only `/login` means anything (dvcqg §19 rule 1). */
export const door: DialectDoor<EnvelopeOptions> = {
  rows: [
    rowOf('/XrdAdapter/RestService/forward/*rest'),
    rowOf('/VXPAdapter/RestService/forward/*rest'),
    rowOf('/adapter/*rest'),
    download,
  ],
  claim(request) {
    const asked = askedOf(request)
    if (asked.isLogin || isDownload(request)) return { kind: 'nobody' }
    const hasNoSession = asked.session === '' && (asked.isSearch || isPortals(asked.service))
    if (hasNoSession) return { kind: 'credential' } // the portal's own calls have no place for one
    return { kind: 'session', token: asked.session }
  },
  read,
  write,
  fail,
}
