import type { Agency } from '../../../schemas/agency.ts'
import { isAction } from '../../../schemas/actions.ts'
import type { Json, Message } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { Dialect, Encoded, Parcel, Transport, Unsupported } from '../dialect.ts'
import { unsupported } from '../encoded.ts'
import { answerJson } from '../json-answer.ts'
import { below } from '../paths.ts'
import { fill } from '../template.ts'
import { outcomeOfAnswer } from './answers.ts'
import { decodeXRoad, door } from './door.ts'
import { idOf, partsOf } from './ids.ts'
import { XRoadOptions } from './options.ts'

const answerBytes = 64 * 1024

/**
 * X-Road's profile for REST (edxml §9.4): the gateway as a security server that clients call, and as a client of the security server
 * behind which a body offers services. A lost answer is in doubt unless the body's services tell repeats apart by X-Road-Id.
 */
export const xroadRest: Dialect = {
  name: 'xroad-rest',
  mode: 'push',
  repeatable: false,
  options: XRoadOptions,
  address: ({ options }) => XRoadOptions.parse(options).url ?? '',
  verbs: [],
  door,
  decode: (request, agency) => decodeXRoad(request, { agency, options: XRoadOptions.parse(agency.options) }),
  answer: answerJson,
  encode,
  send,
}

const callFor = ({ action }: Message, { calls }: XRoadOptions) =>
  isAction(action) ? calls[action] : undefined

function encode(message: Message, agency: Agency): Encoded | Unsupported {
  const options = XRoadOptions.parse(agency.options)
  const call = callFor(message, options)
  if (call === undefined || options.url === undefined)
    return unsupported(`no service is set for ${message.action}`)
  const content = contentOf(message, call.body)
  if (content === undefined) return unsupported(`${call.service} carries one row of data`)
  const contentType = 'application/json; charset=utf-8'
  return {
    kind: 'encoded',
    seal: 'none',
    contentType,
    body: Buffer.from(JSON.stringify(content)),
    headers: {},
  }
}

function contentOf({ payload }: Message, form: 'payload' | 'rows' | 'row'): Json | undefined {
  if (form === 'payload') return payload
  const rows = Array.isArray(payload['data']) ? (payload['data'] as readonly Json[]) : [payload]
  if (form === 'rows') return rows
  return rows.length === 1 ? rows[0] : undefined
}

async function send(
  { message, deliveryId, encoded }: Parcel,
  { options: given }: Agency,
  transport: Transport,
): Promise<Outcome> {
  const options = XRoadOptions.parse(given)
  const call = callFor(message, options)
  if (call === undefined) return { kind: 'unsendable', code: 'unsupported', reason: message.action }
  const values = { subject: message.subjectKey, id: message.id, sender: message.sender }
  const path = `/r1/${normal(call.service)}${fill(call.path, values, encodeURIComponent)}`
  const answer = await transport.post({
    ...{ method: call.method, url: below(options.url, path), body: encoded.body },
    headers: { ...headersOf(options, message), 'content-type': encoded.contentType, 'x-road-id': deliveryId },
    ...{ timeoutMs: options.timeoutMs, maxAnswerBytes: answerBytes },
  })
  const { repeatable } = options
  return outcomeOfAnswer(answer, { id: deliveryId, service: normal(call.service), repeatable })
}

/** An identifier in one spelling, each part encoded on its own. */
const normal = (id: string): string => idOf(partsOf(id, 1, 5) ?? [])

function headersOf(
  { client = '', userId, representedParty, securityServer }: XRoadOptions,
  { subjectKey }: Message,
): Readonly<Record<string, string>> {
  const isPlain = /^[\x21-\x7e]{1,128}$/.test(subjectKey)
  return {
    ...{ accept: 'application/json', 'x-road-client': normal(client) },
    ...(isPlain ? { 'x-road-issue': subjectKey } : {}),
    ...(userId === undefined ? {} : { 'x-road-userid': userId }),
    ...(representedParty === undefined ? {} : { 'x-road-represented-party': normal(representedParty) }),
    ...(securityServer === undefined ? {} : { 'x-road-security-server': normal(securityServer) }),
  }
}
