import { answerOf, type ErrorCode, type GatewayError } from '../../../schemas/errors.ts'
import type { DoorAnswer, DoorRequest } from '../dialect.ts'

/** What a client of X-Road reads of a fault. */
export interface Fault {
  readonly type: string
  readonly message: string
  /** To be quoted; found in the log. */
  readonly detail: string
}

/** At which hop it broke, in the spelling of X-Road up to 7.7, which its protocol still shows; frozen here (§2.4 of its practice). */
const byField: Readonly<Record<string, string>> = {
  path: 'Client.InvalidRequest',
  provider: 'Server.ClientProxy.UnknownMember',
  service: 'Server.ServerProxy.UnknownService',
  'X-Road-Security-Server': 'Server.ClientProxy.InvalidSecurityServer',
}

const byCode: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'Server.ClientProxy.SslAuthenticationFailed',
  forbidden: 'Server.ServerProxy.AccessDenied',
  method_not_allowed: 'Client.InvalidHttpMethod',
  unsupported_media: 'Client.InvalidContentType',
  too_large: 'Client.InvalidBody',
  too_many_requests: 'Server.ServerProxy.ServiceFailed',
  unavailable: 'Server.ServerProxy.ServiceFailed',
  internal: 'Server.ServerProxy.InternalError',
}

const headerFaults: Readonly<Record<string, string>> = {
  missing: 'Client.MissingHeaderField',
  'given more than once': 'Client.DuplicateHeaderField',
}

/** The type of what this door itself says, or null where the service behind it says it, of the content that it was sent. */
function typeOf({ code, field = '', reason = '' }: GatewayError): string | null {
  if (code === 'forbidden' || code === 'method_not_allowed') return byCode[code] ?? null
  if (Object.hasOwn(byField, field)) return byField[field] ?? null
  if (field.startsWith('X-Road-')) return headerFaults[reason] ?? 'Client.InvalidHeaderField'
  return byCode[code] ?? null
}

/** Errors of the door have the header X-Road-Error and the status 500 or 400 by their type; those of a service have its own status. */
export function faultOf(error: GatewayError): {
  readonly fault: Fault
  readonly status: number
  readonly isOurs: boolean
} {
  const type = typeOf(error)
  const { code, message, field, reason, detailId } = answerOf(error)
  const told = code === 'unauthenticated' ? [] : [field, reason]
  const where = told.filter((part) => part !== null).join(': ')
  const words = where === '' ? message.vi : `${message.vi.replace(/\.$/, '')} (${where})`
  const fault = { type: type ?? code, message: `${words} · ${message.en}`, detail: detailId }
  const status = type === null ? error.row.status : type.startsWith('Server') ? 500 : 400
  return { fault, status, isOurs: type !== null }
}

/** JSON, unless XML was asked for. */
export function writeFault(
  { fault, status }: { readonly fault: Fault; readonly status: number },
  { headers: asked }: DoorRequest,
  headers: DoorAnswer['headers'],
): DoorAnswer {
  const isXml = /^[^,]*\b(?:application|text)\/xml\b/.test(asked['accept'] ?? '')
  const type = `${isXml ? 'application/xml' : 'application/json'}; charset=utf-8`
  return {
    status,
    headers: { ...headers, 'content-type': type },
    body: isXml ? inXml(fault) : JSON.stringify(fault),
  }
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escaped = (text: string): string =>
  text.replace(/\p{Cc}/gu, ' ').replace(/[&<>]/g, (sign) => signs[sign] ?? '')

const inXml = ({ type, message, detail }: Fault): string =>
  `<?xml version="1.0" encoding="UTF-8"?><error><type>${escaped(type)}</type><message>${escaped(message)}</message><detail>${escaped(detail)}</detail></error>`
