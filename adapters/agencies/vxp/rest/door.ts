import { GatewayError } from '../../../../schemas/errors.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { readJson } from '../../../../schemas/read-json.ts'
import { textOf } from '../../../../schemas/fields.ts'
import { bearerOf } from '../../client-grant.ts'
import type { DoorAnswer, DoorRequest, Incoming } from '../../content.ts'
import type { Claim, Deed, DialectDoor, Done, DoorRow } from '../../door.ts'
import { parametersOf } from '../../dossiers/asked.ts'
import { parameterOf, readMultipart } from '../../mime.ts'
import { writeError, writeSuccess } from '../answers.ts'
import type { Arguments } from '../arguments.ts'
import { defaults, type VxpOptions } from '../options.ts'
import { isSame } from '../proof.ts'
import { readHashed, type TakenEdoc } from '../send-edoc.ts'
import { said, strange, type Caller, type Request, type Verb, type Written } from '../verb.ts'
import { docIdOf, refuseWire, verbs } from '../verbs.ts'

const place = '/vxp-rest/v1'
const login = `${place}/auth/login`

interface Call extends Pick<Verb, 'read' | 'write' | 'summary' | 'empty'> {
  readonly method: DoorRow['method']
  readonly streams?: boolean
}

const verb = (name: string): Verb => verbs[name] ?? missing(name)
const missing = (name: string): never => {
  throw new GatewayError('not_found', { field: name })
}

/** A recipient's own words for a letter, where a client tells them instead of what became of the fetch. */
const refusal = '02'
const acknowledged = (status: string): string =>
  /^\d{2}$/.test(status) ? (status === refusal ? 'fail' : 'done') : status

/** The calls of the profile by name: the verbs of the axis in other clothes (edxml §8.3). */
const calls: Readonly<Record<string, Call>> = {
  sendEdoc: { ...verb('sendEdoc'), method: 'POST', streams: true },
  syncReceivedEdocList: { ...verb('getReceivedEdocList'), method: 'GET' },
  getEdoc: {
    ...{ ...verb('getEdoc'), method: 'GET' },
    read(args, _request, { options }) {
      refuseWire('rest', options)
      return { kind: 'get', deliveryId: docIdOf(args) }
    },
    write: writeHeld,
  },
  updateStatus: {
    ...{ ...verb('updateStatus'), method: 'POST' },
    read(args, request, guest) {
      const text = (name: string) => (name === 'status' ? acknowledged(args.text(name)) : args.text(name))
      return verb('updateStatus').read({ text }, request, guest)
    },
  },
  getAgenciesList: { ...verb('getAgenciesList'), method: 'GET' },
}

function writeHeld({ done }: Written): DoorAnswer {
  if (done.kind !== 'get') return strange(done)
  const { body, ...answer } = writeSuccess({ data: null })
  const [head = '', tail = ''] = String(body).split('null')
  return { ...answer, body: head, parts: [...(done.encoded.parts ?? []), tail] }
}

const callOf = ({ path }: DoorRequest): Call => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (Object.hasOwn(calls, name) ? calls[name] : undefined) ?? missing('path')
}

const rows: readonly DoorRow[] = [
  {
    ...{ method: 'POST', path: login },
    ...said('REST của tỉnh: lấy token', 'The REST profile of a province: a token'),
  },
  ...Object.entries(calls).map(([name, { method, streams, summary }]) => ({
    ...{ method, path: `${place}/${name}`, summary },
    ...(streams && { streams, contentTypes: ['multipart/form-data'] }),
  })),
]

/** What stands in the address, or in a JSON body. Its sender is who called. */
function argumentsOf({ query, body, headers }: DoorRequest): Arguments {
  const posted = body.byteLength === 0 ? {} : (readJson(body) as Payload)
  const given = parametersOf({ ...query, ...posted, systemid: headers['x-systemid'] ?? '' })
  return { text: (name) => textOf(given.get(name.toLowerCase())).trim() }
}

function claim(request: DoorRequest): Claim {
  if (request.path === login) return { kind: 'nobody' }
  const { 'x-systemid': account = '', 'x-secretkey': key = '' } = request.headers
  const isProvedBy = (secrets: readonly string[]) => secrets.map((each) => isSame(key, each)).includes(true)
  return { ...bearerOf(request), beside: { kind: 'account', account, isProvedBy } }
}

async function take(
  { bytes, keeping }: Incoming,
  { headers }: DoorRequest,
  guest: Caller | null,
): Promise<TakenEdoc> {
  let taken: TakenEdoc | undefined
  for await (const part of readMultipart(bytes, parameterOf(headers['content-type'] ?? '', 'boundary'))) {
    if (parameterOf(part.headers['content-disposition'] ?? '', 'name') !== 'edocFile') continue
    const { document, hash } = await readHashed({ bytes: part.bytes, keeping }, guest?.options ?? defaults)
    taken = { document, digest: hash.digest() }
  }
  if (taken === undefined) throw new GatewayError('invalid_field', { field: 'edocFile', reason: 'missing' })
  return taken
}

function read(request: Request, guest: Caller | null): Deed {
  const args = argumentsOf(request)
  if (guest !== null) return callOf(request).read(args, request, guest)
  return { kind: 'login', account: args.text('username'), secret: args.text('password') }
}

function write(done: Done, request: Request, guest: Caller | null): DoorAnswer {
  if (done.kind === 'login')
    return writeSuccess({ data: { token: done.session, expiresIn: done.expiresInSeconds } })
  const options = guest?.options ?? defaults
  return callOf(request).write({ done, request, args: argumentsOf(request), options })
}

/** A token that is refused is a 401, upon which clients fetch another; a system's wrong key is told as any other error. */
function fail(error: GatewayError, request: DoorRequest): DoorAnswer {
  const name = request.path.slice(place.length + 1)
  const empty = Object.hasOwn(calls, name) ? calls[name]?.empty : {}
  if (error.code !== 'unauthenticated' || error.field === 'account') return writeError(error, empty ?? {})
  const message = 'Token không đúng hoặc đã hết hạn: đăng nhập lại'
  return { ...writeError(error, { code: 401, message }), status: 401 }
}

/** The document axis of a province by REST, with a token and the system's id and key (edxml §8.3). */
export const restDoor: Required<Omit<DialectDoor<VxpOptions, TakenEdoc>, 'refers' | 'follow'>> = {
  rows,
  claim,
  take,
  read,
  write,
  fail,
}
