import { randomUUID } from 'node:crypto'
import { GatewayError } from '../../../schemas/errors.ts'
import { sha512 } from '../../../signing/digest.ts'
import type { DoorRequest } from '../dialect.ts'
import { partsOf } from './ids.ts'

/** What a request of X-Road says beside its content. Identifiers are decoded. */
export interface XRoadRequest {
  readonly client: readonly string[]
  /** Subsystem of the provider, four parts. */
  readonly provider: readonly string[]
  readonly service: string
  /** What follows the service in the path, decoded. */
  readonly rest: readonly string[]
  readonly id: string
  readonly requestId: string
  readonly issue: string | null
  /** `[class/]code` of a third party that is acted for. */
  readonly representedParty: readonly string[] | null
  readonly securityServer: readonly string[] | null
}

/** One rule of a header: `read` answers null where its value is none. */
interface HeaderRow<T> {
  readonly name: string
  readonly read: (value: string) => T | null
}

const text = (pattern: RegExp) => (value: string) => (pattern.test(value) ? value : null)
const parts = (least: number, most?: number) => (value: string) => partsOf(value, least, most)

/** The headers that a request may have (edxml §9.4). */
const headers = {
  client: { name: 'X-Road-Client', read: parts(3, 4) },
  id: { name: 'X-Road-Id', read: text(/^[\x21-\x7e]{1,128}$/) },
  requestId: { name: 'X-Road-Request-Id', read: text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i) },
  userId: { name: 'X-Road-UserId', read: text(/^[A-Z]{2}[\x21-\x7e]{1,126}$/) },
  issue: { name: 'X-Road-Issue', read: text(/^[^\p{Cc}]{1,128}$/u) },
  representedParty: { name: 'X-Road-Represented-Party', read: parts(1, 2) },
  securityServer: { name: 'X-Road-Security-Server', read: parts(4) },
} as const satisfies Record<string, HeaderRow<unknown>>

function readHeader<T>(request: DoorRequest, { name, read }: HeaderRow<T>): T | null {
  const given = request.headers[name.toLowerCase()]
  if (given === undefined) return null
  if (given.includes(', '))
    throw new GatewayError('malformed_request', { field: name, reason: 'given more than once' }) // as they are joined
  const value = read(given)
  if (value === null) throw new GatewayError('invalid_field', { field: name, reason: 'cannot be read' })
  return value
}

const seen = new WeakMap<DoorRequest, XRoadRequest>()

/** Reads path and headers once. Throws `invalid_field` or `malformed_request` with the header's name, or `not_found`. */
export function xroadRequestOf(request: DoorRequest): XRoadRequest {
  const known = seen.get(request)
  if (known !== undefined) return known
  const { provider, service, rest } = readPath(request.path)
  const client = readHeader(request, headers.client)
  if (client === null)
    throw new GatewayError('invalid_field', { field: headers.client.name, reason: 'missing' })
  readHeader(request, headers.userId) // judged, and not kept: it names a person
  const found: XRoadRequest = {
    ...{ client, provider, service, rest },
    id: readHeader(request, headers.id) ?? `${client[0]}-${randomUUID()}`,
    requestId: readHeader(request, headers.requestId) ?? randomUUID(),
    issue: readHeader(request, headers.issue),
    representedParty: readHeader(request, headers.representedParty),
    securityServer: readHeader(request, headers.securityServer),
  }
  seen.set(request, found)
  return found
}

function readPath(path: string): Pick<XRoadRequest, 'provider' | 'service' | 'rest'> {
  const found = partsOf(path.replace(/^\/r1\//, ''), 5, 32)
  if (found === null) throw new GatewayError('not_found', { field: 'path', reason: 'names no service' })
  return { provider: found.slice(0, 4), service: found[4] ?? '', rest: found.slice(5) }
}

/** Headers that belong to a connection or its two ends. */
const ofTheHop =
  /^(connection|keep-alive|proxy-[a-z-]+|te|trailer|transfer-encoding|upgrade|host|user-agent|server)$/

/**
 * Binds an answer to its request: base64 of SHA-512 over the SHA-512 of the head and that of the body, without a body of the head
 * alone. The head is verb, path with query and headers, a line each, names in lower case.
 */
export function requestHashOf({ method, path, target = path, headers: given, body }: DoorRequest): string {
  const lines = Object.entries(given).filter(([name]) => !ofTheHop.test(name))
  const head = [method, target, ...lines.map(([name, value]) => `${name}:${value}`)].map(
    (line) => `${line}\r\n`,
  )
  const digest = sha512(Buffer.from(head.join('')))
  const whole = body.byteLength === 0 ? digest : sha512(Buffer.concat([digest, sha512(body)]))
  return whole.toString('base64')
}
