import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import { readJson } from '../../../schemas/read-json.ts'
import type { DoorRequest } from '../dialect.ts'
import { parametersOf, rowsOf, utf8Of, type Asked } from '../dossiers/asked.ts'
import { portalPushIn } from './inbound.ts'

/** A request's body by the names of its parameters in lower case, whatever their case. */
export interface EnvelopeAsked extends Asked {
  readonly isLogin: boolean
  /** Whether the address is that by which the portal asks for a dossier. */
  readonly isSearch: boolean
  readonly service: string
  readonly session: string
  readonly madonvi: string
}

const read = new WeakMap<DoorRequest, EnvelopeAsked>()

/** Reads a request once. An empty body has no parameters. Throws `malformed_request` or `too_large`. */
export function askedOf(request: DoorRequest): EnvelopeAsked {
  const known = read.get(request)
  if (known !== undefined) return known
  const bytes = utf8Of(request)
  const body = bytes.byteLength === 0 ? {} : readJson(bytes)
  const parameters = parametersOf(body)
  const text = (name: string) => textOf(parameters.get(name)).trim()
  const byPath = text('service') === '' ? portalPushIn(request) : ''
  const asked: EnvelopeAsked = {
    isLogin: /\/login\/?$/i.test(request.path) && text('service') === '',
    isSearch: /\/search\/call\/?$/i.test(request.path),
    service: text('service') || byPath,
    session: text('session'),
    madonvi: text('madonvi'),
    text: (name) => text(name.toLowerCase()),
    rows: () => rowsOf(parameters.get('data') ?? (byPath === '' ? undefined : rowIn(body as Payload))), // an object, as `parametersOf` has seen
  }
  read.set(request, asked)
  return asked
}

const envelopeNames = ['session', 'madonvi', 'service']

/** The thing itself, where a call of the portal's has no list. */
const rowIn = (body: Payload): Payload =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !envelopeNames.includes(name.toLowerCase())))
