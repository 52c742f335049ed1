import { GatewayError } from '../../../schemas/errors.ts'
import type { DoorAnswer, DoorRequest, Trusted } from '../dialect.ts'
import type { Deed, DialectDoor, Done, DoorRow, Guest } from '../door.ts'
import { lookupOf } from '../dossiers/lookups.ts'
import { contentsOf, pushes } from '../dossiers/pushes.ts'
import { questions } from '../dossiers/questions.ts'
import { refusalBy, refusalIn } from '../dossiers/refusal.ts'
import { unitOf } from '../dossiers/units.ts'
import { sentenceOf } from '../dossiers/words.ts'
import { writeFault, writeSuccess, type Success } from './answers.ts'
import { askedOf, type EnvelopeAsked } from './asked.ts'
import { defaults, type EnvelopeOptions } from './options.ts'

type Caller = Guest<EnvelopeOptions>

const summary = {
  vi: 'Phong bì adapter: dịch vụ theo trường service của nội dung; đường dẫn kết thúc bằng /login để đăng nhập',
  en: 'The adapter envelope: the service is named in the body; a path that ends in /login logs in',
}

const dossierLookup = 'TraCuuHoSo'

const rowOf = (path: string): DoorRow => ({ method: 'POST', path, summary })

/** The portal's own question about a dossier has an address instead of a service (dvcqg §10). */
const serviceOf = ({ service, isSearch }: EnvelopeAsked, { services }: EnvelopeOptions): string =>
  isSearch ? dossierLookup : ((Object.hasOwn(services, service) ? services[service] : undefined) ?? service)

const placeOf = (service: string, { lookups }: EnvelopeOptions): string =>
  Object.entries(lookups).find(([name]) => name === service)?.[1] ?? 'local'

/** A service that looks up: here, or first at the body that knows. */
function lookupDeed(service: string, asked: EnvelopeAsked, options: EnvelopeOptions): Deed | undefined {
  const wanted = lookupOf(service, options.catalogs)?.wanted(asked)
  const question = Object.hasOwn(questions, service) ? questions[service]?.question(asked) : undefined
  if (asked.isSearch && question !== undefined && wanted !== undefined)
    return { kind: 'ask', question, whom: 'dossier-owner', wanted }
  const place = placeOf(service, options)
  if (question !== undefined && (place === 'forward' || place === 'forward-then-local'))
    return {
      kind: 'ask',
      question,
      whom: 'portal-core',
      wanted: place === 'forward' ? null : (wanted ?? null),
    }
  return wanted === undefined ? undefined : { kind: 'lookup', wanted }
}

const pushOf = (service: string) => (Object.hasOwn(pushes, service) ? pushes[service] : undefined)

/** The messages of a push; none where it is no push. */
export function decodeEnvelope(request: DoorRequest, guest: Caller): readonly Trusted[] {
  const asked = askedOf(request)
  const push = pushOf(serviceOf(asked, guest.options))
  return push === undefined
    ? []
    : contentsOf(push, asked, { sender: unitOf(asked.madonvi, guest), original: request.body })
}

function read(request: DoorRequest, guest: Caller | null): Deed {
  const asked = askedOf(request)
  if (guest === null)
    return { kind: 'login', account: asked.text('username'), secret: asked.text('password') }
  const service = serviceOf(asked, guest.options)
  const lookup = lookupDeed(service, asked, guest.options)
  if (lookup !== undefined) return lookup
  if (pushOf(service) === undefined)
    throw new GatewayError('not_found', { field: 'service', reason: service.slice(0, 100) || 'missing' })
  const contents = decodeEnvelope(request, guest)
  return contents.length === 0
    ? { kind: 'nothing' }
    : { kind: 'submit', contents, whole: true, answerAfter: guest.options.answerAfter }
}

function write(done: Done, request: DoorRequest, guest: Caller | null): DoorAnswer {
  const options = guest?.options ?? defaults
  if (done.kind === 'login') return writeSuccess({ session: done.session }, options)
  const refused =
    done.kind === 'submit' && guest !== null ? refusalIn(done, decodeEnvelope(request, guest)) : null
  if (refused !== null)
    return writeFault({ status: refused.status, message: sentenceOf(refused.error, refused.thing) }, options)
  if (done.kind !== 'lookup' && done.kind !== 'ask') return writeSuccess({ result: [] }, options)
  return writeSuccess(rowsOf(done, askedOf(request), options), options)
}

/** What was found; where the body that knows did not answer, how old it is. */
function rowsOf(
  done: Extract<Done, { readonly kind: 'lookup' | 'ask' }>,
  asked: EnvelopeAsked,
  options: EnvelopeOptions,
): Success {
  const service = serviceOf(asked, options)
  if (done.kind === 'ask' && done.from === 'body')
    return { result: done.rows.flatMap((row) => questions[service]?.row(row) ?? []) }
  const result = lookupOf(service, options.catalogs)?.rows(done.found, asked) ?? []
  const ageMs = done.kind === 'ask' ? done.ageMs : null
  return ageMs === null || result.length === 0 ? { result } : { result, ...aged(ageMs) }
}

function aged(ageMs: number): Pick<Success, 'message' | 'TuoiDuLieuGiay'> {
  const minutes = Math.floor(ageMs / 60_000)
  const message = `Dữ liệu theo lần cập nhật cuối, cách đây ${minutes} phút`
  return { message, TuoiDuLieuGiay: Math.floor(ageMs / 1000) }
}

function fail(error: GatewayError, request: DoorRequest): DoorAnswer {
  const { status, error: told } = refusalBy(error)
  const isLogin = error.code === 'unauthenticated' && isLoginPath(request)
  return writeFault({ status, message: isLogin ? 'Sai tên đăng nhập hoặc mật khẩu' : sentenceOf(told) })
}

const isLoginPath = ({ path }: DoorRequest): boolean => /\/login\/?$/i.test(path)

/** Dispatches on the body's `service`, never on the path, of which only `/login` means anything (dvcqg §19 rule 1). */
export const door: DialectDoor<EnvelopeOptions> = {
  rows: [
    rowOf('/XrdAdapter/RestService/forward/*rest'),
    rowOf('/VXPAdapter/RestService/forward/*rest'),
    rowOf('/adapter/*rest'),
  ],
  claim(request) {
    const asked = askedOf(request)
    if (asked.isLogin) return { kind: 'nobody' }
    if (asked.isSearch && asked.session === '') return { kind: 'credential' } // it has no place for a session
    return { kind: 'session', token: asked.session }
  },
  read,
  write,
  fail,
}
