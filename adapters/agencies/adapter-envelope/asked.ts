import { textOf } from '../../../schemas/fields.ts'
import { readJson } from '../../../schemas/read-json.ts'
import type { DoorRequest } from '../dialect.ts'
import { parametersOf, rowsOf, utf8Of, type Asked } from '../dossiers/asked.ts'

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
  const parameters = parametersOf(bytes.byteLength === 0 ? {} : readJson(bytes))
  const text = (name: string) => textOf(parameters.get(name)).trim()
  const asked: EnvelopeAsked = {
    isLogin: /\/login\/?$/i.test(request.path) && text('service') === '',
    isSearch: /\/search\/call\/?$/i.test(request.path),
    service: text('service'),
    session: text('session'),
    madonvi: text('madonvi'),
    text: (name) => text(name.toLowerCase()),
    rows: () => rowsOf(parameters.get('data')),
  }
  read.set(request, asked)
  return asked
}
