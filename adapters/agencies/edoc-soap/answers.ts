import { answerOf, type ErrorAnswer, type GatewayError } from '../../../schemas/errors.ts'
import type { DoorAnswer } from '../content.ts'
import { soapEnvelope, type Operation } from './names.ts'
import { writeElement } from './wsdl.ts'

/** Always 200: what went wrong stands in the report (edXML §8.4). */
function write(operation: Operation, value: object): DoorAnswer {
  const xml = `<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="${soapEnvelope}"><soap:Body>${writeElement(`${operation}Response`, value)}</soap:Body></soap:Envelope>`
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: xml }
}

export const writeIds = (operation: Operation, ids: readonly string[]): DoorAnswer =>
  write(operation, { DocumentId: ids })

export const writeSuccess = (operation: Operation): DoorAnswer =>
  write(operation, { Report: { IsSuccess: true } })

/** First letter of a code: what is wrong with the element whose path follows (edXML §3.4). */
const kinds: readonly (readonly [reason: RegExp, letter: string])[] = [
  [/missing/, 'N'],
  [/longer than|more than/, 'R'],
  [/^not (?:a |an )?(?:date|number|text|digits|code|list|object)/, 'T'],
]

/** What is wrong, with where: in the words of the bus where it has some. */
export function codeOf({ code, field, reason }: ErrorAnswer, thing: string): string {
  const letter = kinds.find(([pattern]) => pattern.test(reason ?? ''))?.[1] ?? 'M'
  return codes[code] ?? `${letter}.${field ?? thing}`
}

export function writtenOf({ code, message, reason, detailId }: ErrorAnswer): string {
  const where = [message.vi.replace(/\.$/, ''), reason ?? ''].filter((part) => part !== '').join(': ')
  return code === 'internal' ? `${where} [${detailId}]` : where
}

export function writeRefusal(operation: Operation, error: ErrorAnswer): DoorAnswer {
  const Error = { Code: codeOf(error, operation), Description: writtenOf(error) }
  return write(operation, { Report: { IsSuccess: false, ErrorList: { Error: [Error] } } })
}

/** Codes that the bus's own clients know. */
const codes: Partial<Record<ErrorAnswer['code'], string>> = {
  reference_conflict: 'ExistDoc',
  unauthenticated: 'M.Token',
}

export const writeFault = (operation: Operation, error: GatewayError): DoorAnswer =>
  writeRefusal(operation, { ...answerOf(error), reason: told(error) })

/** Of a token nothing more is said than that it is none. */
const told = ({ code, reason }: GatewayError): string | null =>
  code === 'unauthenticated' ? null : (reason ?? null)
