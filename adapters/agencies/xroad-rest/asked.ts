import type { ActionName } from '../../../schemas/actions.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json } from '../../../schemas/message.ts'
import { readJson } from '../../../schemas/read-json.ts'
import { isObject } from '../../../schemas/objects.ts'
import type { DoorRequest } from '../dialect.ts'
import type { Guest } from '../door.ts'
import { parametersOf, rowsOf, utf8Of, type Asked } from '../dossiers/asked.ts'
import { lookupOf, type Lookup } from '../dossiers/lookups.ts'
import { pushes, type Push } from '../dossiers/pushes.ts'
import { idOf, isSame } from './ids.ts'
import type { XRoadOptions } from './options.ts'
import { xroadRequestOf, type XRoadRequest } from './request.ts'

export type Caller = Guest<XRoadOptions>

/** What a service of ours does. */
export type Service =
  | { readonly kind: 'lookup'; readonly lookup: Lookup }
  | { readonly kind: 'push'; readonly push: Push }
  | { readonly kind: 'action'; readonly action: ActionName }

/** Who asks, and whom: the header X-Road-Client is only a claim until it is one of the caller's own subsystems. */
export function assertParties({ client, provider, securityServer }: XRoadRequest, { options }: Caller): void {
  if (!options.clients.some((own) => isSame(own, client)))
    throw new GatewayError('forbidden', {
      field: 'X-Road-Client',
      reason: `${idOf(client)} is no subsystem of the caller`,
    })
  if (options.provider === undefined || !isSame(options.provider, provider))
    throw new GatewayError('not_found', { field: 'provider', reason: idOf(provider).slice(0, 200) })
  if (securityServer !== null && (options.server === undefined || !isSame(options.server, securityServer)))
    throw new GatewayError('invalid_field', { field: 'X-Road-Security-Server', reason: 'is not this server' })
}

/** Throws `not_found`, or `method_not_allowed` for what is pushed without a body. */
export function serviceOf({ method }: DoorRequest, { service }: XRoadRequest, { options }: Caller): Service {
  const row = Object.hasOwn(options.services, service) ? options.services[service] : undefined
  const name = row === undefined ? service : 'service' in row ? row.service : ''
  const lookup = lookupOf(name, options.catalogs)
  if (lookup !== undefined) return { kind: 'lookup', lookup }
  const push = Object.hasOwn(pushes, name) ? pushes[name] : undefined
  const isAction = row !== undefined && 'action' in row
  if (push === undefined && !isAction)
    throw new GatewayError('not_found', { field: 'service', reason: service.slice(0, 100) })
  if (method === 'GET')
    throw new GatewayError('method_not_allowed', { field: 'service', reason: 'asks for POST or PUT' })
  return push === undefined && isAction
    ? { kind: 'action', action: row.action }
    : { kind: 'push', push: push as Push }
}

/** JSON, or nothing. Throws `malformed_request` or `too_large`. */
export function bodyOf(request: DoorRequest): Json | undefined {
  const bytes = utf8Of(request)
  return bytes.byteLength === 0 ? undefined : (readJson(bytes) as Json) // JSON is all that it reads
}

/** A parameter is looked for in the query, in an object that is sent, and, for a look-up, behind the service in the path. */
export function askedOf(request: DoorRequest): Asked {
  const body = bodyOf(request)
  const query = parametersOf(request.query)
  const fields = isObject(body) ? parametersOf(body) : new Map<string, Json>()
  const [named = ''] = request.method === 'GET' ? xroadRequestOf(request).rest : []
  return {
    text: (name) => textOf(query.get(name.toLowerCase()) ?? fields.get(name.toLowerCase()) ?? named).trim(),
    rows: () => rowsOf(fields.has('data') ? fields.get('data') : body),
  }
}
