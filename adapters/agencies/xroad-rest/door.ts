import { actions } from '../../../schemas/actions.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import type { Payload } from '../../../schemas/message.ts'
import { canonical } from '../canonical.ts'
import type { DoorAnswer, DoorRequest, Trusted } from '../dialect.ts'
import type { Deed, DialectDoor, Done, DoorRow, Guest } from '../door.ts'
import { contentsOf } from '../dossiers/pushes.ts'
import { refusalIn } from '../dossiers/refusal.ts'
import { unitOf } from '../dossiers/units.ts'
import { sentenceOf } from '../dossiers/words.ts'
import { assertParties, askedOf, bodyOf, serviceOf, type Caller, type Service } from './asked.ts'
import { faultOf, writeFault } from './faults.ts'
import { idOf } from './ids.ts'
import type { XRoadOptions } from './options.ts'
import { requestHashOf, xroadRequestOf, type XRoadRequest } from './request.ts'

const summary = {
  vi: 'X-Road REST: dịch vụ theo đường dẫn /r1/instance/class/member/subsystem/service, bên gọi theo X-Road-Client',
  en: 'X-Road REST: the path names provider and service, X-Road-Client the subsystem that calls',
}

function known(guest: Guest<XRoadOptions> | null): Caller {
  if (guest === null) throw new GatewayError('unauthenticated')
  return guest
}

/** The messages of a call; none where it looks up. */
export function decodeXRoad(request: DoorRequest, caller: Caller): readonly Trusted[] {
  const asked = xroadRequestOf(request)
  const service = serviceOf(request, asked, caller)
  const sender = unitOf(asked.representedParty?.at(-1) ?? '', caller)
  const conversation = asked.issue === null ? {} : { conversationId: asked.issue }
  return contentsBy(service, request, { asked, sender }).map((content) => ({
    ...content,
    header: { ...content.header, ...conversation },
  }))
}

function contentsBy(
  service: Service,
  request: DoorRequest,
  { asked, sender }: { readonly asked: XRoadRequest; readonly sender: string },
): readonly Trusted[] {
  const original = request.body
  if (service.kind === 'lookup') return []
  if (service.kind === 'push') return contentsOf(service.push, askedOf(request), { sender, original })
  const { action } = service
  const body = bodyOf(request)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new GatewayError('malformed_request', { field: 'body', reason: 'not an object' })
  const payload = canonical(actions[action].schema, body) as Payload // an object stays one
  const header = { sender, senderRef: asked.id, recipients: [], action }
  return [{ kind: 'trusted', header, payload, original }]
}

function read(request: DoorRequest, guest: Guest<XRoadOptions> | null): Deed {
  const caller = known(guest)
  const asked = xroadRequestOf(request)
  assertParties(asked, caller)
  const service = serviceOf(request, asked, caller)
  if (service.kind === 'lookup') return { kind: 'lookup', wanted: service.lookup.wanted(askedOf(request)) }
  const contents = decodeXRoad(request, caller)
  const { answerAfter } = caller.options
  return contents.length === 0 ? { kind: 'nothing' } : { kind: 'submit', contents, whole: true, answerAfter }
}

/** What an answer of a service is marked with; the request's own headers come back with it. */
function marksOf(request: DoorRequest): DoorAnswer['headers'] {
  const { client, provider, service, id, requestId } = xroadRequestOf(request)
  return {
    'x-road-client': idOf(client),
    'x-road-service': idOf([...provider, service]),
    ...{ 'x-road-id': id, 'x-road-request-id': requestId, 'x-road-request-hash': requestHashOf(request) },
  }
}

const json = { 'content-type': 'application/json; charset=utf-8' }

function write(done: Done, request: DoorRequest, guest: Guest<XRoadOptions> | null): DoorAnswer {
  const caller = known(guest)
  const marks = marksOf(request)
  const answer = (body: unknown): DoorAnswer => ({
    status: 200,
    headers: { ...marks, ...json },
    body: JSON.stringify(body),
  })
  if (done.kind === 'lookup') {
    const service = serviceOf(request, xroadRequestOf(request), caller)
    return answer({
      result: service.kind === 'lookup' ? service.lookup.rows(done.found, askedOf(request)) : [],
    })
  }
  if (done.kind !== 'submit') return answer({ messages: [] })
  const refused = refusalIn(done, decodeXRoad(request, caller))
  if (refused === null) {
    const taken = done.results.flatMap((result) =>
      result.kind === 'refused' ? [] : [{ id: result.id, state: result.state }],
    )
    return answer({ messages: taken })
  }
  const { error, thing, status } = refused
  const fault = { type: error.code, message: sentenceOf(error, thing), detail: error.detailId }
  return writeFault({ fault, status }, request, marks)
}

function fail(error: GatewayError, request: DoorRequest): DoorAnswer {
  const told = faultOf(error)
  const marks = marksIn(request)
  return writeFault(told, request, told.isOurs ? { ...marks, 'x-road-error': told.fault.type } : marks)
}

/** What can be said back of a request that could perhaps not be read. */
function marksIn(request: DoorRequest): DoorAnswer['headers'] {
  try {
    return marksOf(request)
  } catch {
    return {}
  }
}

const rowOf = (method: DoorRow['method']): DoorRow => ({ method, path: '/r1/*rest', summary })

/** A security server as its clients see it (edxml §9.4); whom they may call, and what it does, the options of each say. */
export const door: DialectDoor<XRoadOptions> = {
  rows: [rowOf('GET'), rowOf('POST'), rowOf('PUT')],
  claim: () => ({ kind: 'credential' }),
  read,
  write,
  fail,
}
