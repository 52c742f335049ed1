import { GatewayError } from '../../../schemas/errors.ts'
import { isOneOf, secretHash } from '../../../signing/secret.ts'
import type { DoorAnswer, DoorRequest, Trusted } from '../dialect.ts'
import type { Claim, Deed, DialectDoor, Done, DoorRow, Guest } from '../door.ts'
import { foundRows, lookupDeed } from '../dossiers/looking.ts'
import { contentsOf, pushes } from '../dossiers/pushes.ts'
import { refusalBy, refusalIn } from '../dossiers/refusal.ts'
import { unitOf } from '../dossiers/units.ts'
import { writeFault, writeFile, writeFound, writeTaken } from './answers.ts'
import { askedOf, fileService, linkIn } from './asked.ts'
import { defaults, type FacadeOptions } from './options.ts'
import { noticeContents, noticeService, voucherDeed, voucherService } from './tax-received.ts'

type Caller = Guest<FacadeOptions>

const pushed = {
  vi: 'Façade của tỉnh: mảng hồ sơ hoặc bước xử lý; từ cuối của đường dẫn là việc cần làm',
  en: 'A province’s façade: a bare list of dossiers or steps; the last word of the path names what is done',
}
const looked = {
  vi: 'Façade của tỉnh: tra cứu; kết quả là văn bản JSON trong message',
  en: 'A province’s façade: a look-up; what is found stands as JSON text inside message',
}

const rowsOf = (path: string): readonly DoorRow[] => [
  { method: 'POST', path, summary: pushed },
  { method: 'GET', path, summary: looked },
]

const keyed = /^\/facade\/~([^/]+)\/([^/]+)\//

/** A client that can name nothing but an address has its account and key there; any other shows a credential of the gateway's. */
function claim({ path }: DoorRequest): Claim {
  const [, account, key] = keyed.exec(path) ?? []
  if (account === undefined || key === undefined) return { kind: 'credential' }
  const given = secretHash(decodeURIComponent(key))
  return {
    ...{ kind: 'account', account: decodeURIComponent(account) },
    isProvedBy: (secrets) => isOneOf(given, secrets.map(secretHash)),
  }
}

/** The messages of a push. Throws `not_found` for what is none. */
export function decodeFacade(request: DoorRequest, guest: Caller): readonly Trusted[] {
  const asked = askedOf(request, guest.options)
  if (asked.service === noticeService && request.method === 'POST')
    return noticeContents(request, { sender: guest.agency.code })
  const push = Object.hasOwn(pushes, asked.service) ? pushes[asked.service] : undefined
  if (push === undefined || request.method !== 'POST')
    throw new GatewayError('not_found', { field: 'path', reason: asked.service.slice(0, 100) || 'missing' })
  return contentsOf(push, asked, {
    sender: unitOf(asked.text('MaDinhDanhDV'), guest),
    original: request.body,
  })
}

function read(request: DoorRequest, guest: Caller | null): Deed {
  const caller = known(guest)
  const asked = askedOf(request, caller.options)
  if (asked.service === fileService && request.method === 'POST') return fileDeed(request, caller)
  if (asked.service === voucherService && request.method === 'POST')
    return voucherDeed(request, { sender: caller.agency.code })
  const lookup = lookupDeed(asked.service, asked, caller.options)
  if (lookup !== undefined) return lookup
  const contents = decodeFacade(request, caller)
  const { answerAfter } = caller.options
  return contents.length === 0 ? { kind: 'nothing' } : { kind: 'submit', contents, whole: true, answerAfter }
}

const fileDeed = (request: DoorRequest, { options }: Caller): Deed => ({
  ...{ kind: 'file', link: linkIn(request), range: request.headers['range'] },
  mostBytes: options.mostFileBytes,
})

function known(guest: Caller | null): Caller {
  if (guest === null) throw new GatewayError('unauthenticated')
  return guest
}

/** A voucher that fits nothing is kept for a person. */
const unmatched = () =>
  refusalBy(new GatewayError('not_found', { field: 'MaThongBaoThue', reason: 'đã ghi nhận để đối soát' }))

function write(done: Done, request: DoorRequest, guest: Caller | null): DoorAnswer {
  const { options } = known(guest)
  if (done.kind === 'file') return writeFile(done)
  if (done.kind === 'money') return done.isCarried ? writeTaken(options) : writeFault(unmatched(), options)
  if (done.kind === 'lookup' || done.kind === 'ask') {
    const asked = askedOf(request, options)
    return writeFound(foundRows(done, { service: asked.service, asked }, options), options)
  }
  const refused = done.kind === 'submit' ? refusalIn(done, decodeFacade(request, known(guest))) : null
  return refused === null ? writeTaken(options) : writeFault(refused, options)
}

function fail(error: GatewayError, { method }: DoorRequest, guest: Caller | null): DoorAnswer {
  return writeFault(refusalBy(error), guest?.options ?? defaults, method === 'GET' ? 'inside' : 'plain')
}

/** The last word of a path is the operation; what stands before it is the address that a client was given (dvcqg §19 rule 3). */
export const door: DialectDoor<FacadeOptions> = {
  rows: [
    '/facade/~:account/:key/*rest',
    '/facade/*rest',
    '/KetNoiMotCuaQuocGia/*rest',
    '/test/api/SynsTTHCC/*rest',
    '/apiBTXH/*rest',
  ].flatMap(rowsOf),
  claim,
  read,
  write,
  fail,
}
