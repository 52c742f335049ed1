import { GatewayError } from '../../../schemas/errors.ts'
import type { Json } from '../../../schemas/message.ts'
import { bearerOf, grantOf, tokenOf } from '../client-grant.ts'
import type { KeptFile, TakenRequest } from '../content.ts'
import type { DoorAnswer, DoorRequest } from '../dialect.ts'
import type { DialectDoor, Done, DoorRow, Guest } from '../door.ts'
import { refusalBy, refusalIn } from '../dossiers/refusal.ts'
import { nameOf } from '../dossiers/pushes.ts'
import { writeFailure, writeJson, writeSuccess } from './answers.ts'
import { decodeRows, deedOf, foundRows, refersTo } from './calls.ts'
import { takeUpload } from './multipart.ts'
import type { TokenRestOptions } from './options.ts'

type Caller = Guest<TokenRestOptions>

const path = '/token-rest/*rest'

const summary = {
  vi: 'REST có token (2026): token, GetNextValue, Upload, NoiHoSo, CapNhatTienTrinh, CapNhatTrangThai, TraCuuHoSo theo đoạn cuối của đường dẫn',
  en: 'Token REST (2026): the last part of the path names the call',
}

const rows: readonly DoorRow[] = [
  { method: 'GET', path, summary },
  { method: 'POST', path, contentTypes: ['multipart/form-data'], streams: true, summary },
  { method: 'POST', path, summary },
  { method: 'PUT', path, summary },
]

const isToken = ({ path: called }: DoorRequest): boolean => /\/token\/?$/i.test(called)

/** What becomes of the deeds that this door asks for. */
type Writers = {
  readonly [K in 'login' | 'lookup' | 'number' | 'submit' | 'nothing']: (
    done: Extract<Done, { kind: K }>,
    request: TakenRequest,
    guest: Caller | null,
  ) => DoorAnswer
}

const writers: Writers = {
  login: (done) => writeJson(tokenOf(done)),
  number: ({ code }) => writeJson({ value: code }),
  lookup({ found }, request) {
    const [row] = foundRows(found, request)
    if (row === undefined) throw new GatewayError('not_found', { field: 'MaHoSo' })
    return writeSuccess(row)
  },
  submit(done, request, guest) {
    const contents = guest === null ? [] : decodeRows(request, guest)
    const refused = refusalIn(done, contents)
    if (refused !== null) return writeFailure(refused)
    const told = done.results.map((result, at): Json => {
      const content = contents[at]
      const maHoSo = content === undefined ? '' : nameOf(content)
      return { idHoSo: result.kind === 'refused' ? null : result.id, maHoSo }
    })
    return writeSuccess(told.length === 1 ? (told[0] ?? null) : told)
  },
  nothing: () => writeSuccess([]),
}

/** A list in a list in a list: so do clients read it (dvcqg §12.3). */
function writeUploaded(files: readonly KeptFile[]): DoorAnswer {
  if (files.length === 0) throw new GatewayError('invalid_field', { field: 'files', reason: 'missing' })
  const told = files.map(({ id, digest }) => ({ IdTepTin: id, HashTepTin: digest }))
  return writeSuccess(told.map((file) => ({ response: { data: [file] } })))
}

/** Calls by the last part of the path, with a token that the first of them gives (dvcqg §12). */
export const door: DialectDoor<TokenRestOptions, readonly KeptFile[]> = {
  rows,
  claim: (request) => (isToken(request) ? { kind: 'nobody' } : bearerOf(request)),
  read: (request, guest) => (guest === null ? grantOf(request) : deedOf(request, guest)),
  take: takeUpload,
  refers: (request, guest) => (guest === null ? [] : refersTo(request, guest)),
  write(done, request, guest) {
    if (request.taken !== undefined) return writeUploaded(request.taken)
    const write = writers[done.kind as 'nothing'] // one of the kinds that `read` gives, and the row of its own kind
    return write(done as { kind: 'nothing' }, request, guest)
  },
  fail: (error) => writeFailure(refusalBy(error), error.retryAfterSeconds ?? null),
}
