import { answerOf, type ErrorAnswer, type GatewayError } from '../../../schemas/errors.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { DoorAnswer } from '../content.ts'
import { soapEnvelope, type Operation } from './names.ts'
import { writeElement } from './wsdl.ts'

/** Always 200: what went wrong stands in the report (edXML §8.4). */
function writeIn(element: string, value: object): DoorAnswer {
  const xml = `<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="${soapEnvelope}"><soap:Body>${writeElement(element, value)}</soap:Body></soap:Envelope>`
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: xml }
}

const write = (operation: Operation, value: object): DoorAnswer => writeIn(`${operation}Response`, value)

const Report = { IsSuccess: true }

export const writeIds = (operation: Operation, ids: readonly string[]): DoorAnswer =>
  write(operation, { DocumentIds: { DocumentId: ids } })

export const writeSent = (operation: Operation, DocumentId: string): DoorAnswer =>
  write(operation, { Report, DocumentId })

export const writeOrganisations = (operation: Operation, Organization: readonly Payload[]): DoorAnswer =>
  write(operation, { Organizations: { Organization } })

/** `statuses`: as XML. */
export const writeTraces = (operation: Operation, statuses: string): DoorAnswer =>
  write(operation, { Traces: { $xml: statuses } })

export const writeSuccess = (operation: Operation): DoorAnswer => write(operation, { Report })

/** First letter of a code: what is wrong with the element whose path follows (edXML §3.4). */
const kinds: readonly (readonly [reason: RegExp, letter: string])[] = [
  [/missing/, 'N'],
  [/longer than|more than/, 'R'],
  [/^not (?:a |an )?(?:date|number|text|digits|code|list|object)/, 'T'],
]

/** What is wrong, with where: in the words of the bus where it has some, which differ by its form. */
export function codeOf({ code, field, reason }: ErrorAnswer, thing: string, words: Words): string {
  const letter = kinds.find(([pattern]) => pattern.test(reason ?? ''))?.[1] ?? 'M'
  return words[code] ?? `${letter}.${field ?? thing}`
}

export function writtenOf({ code, message, reason, detailId }: ErrorAnswer): string {
  const where = [message.vi.replace(/\.$/, ''), reason ?? ''].filter((part) => part !== '').join(': ')
  return code === 'internal' ? `${where} [${detailId}]` : where
}

export function writeRefusal(operation: Operation, error: ErrorAnswer): DoorAnswer {
  const words =
    operation === 'GetDocument' ? { ...soapWords, not_found: 'M.GetDocumentCheckAllow' } : soapWords
  const Error = { Code: codeOf(error, operation, words), Description: writtenOf(error) }
  const failure = { IsSuccess: false, ErrorList: { Error: [Error] } }
  // In the place of a document the report stands by itself.
  return operation === 'GetDocument' ? writeIn('Report', failure) : write(operation, { Report: failure })
}

/** Codes that the bus's own clients know. */
export type Words = Partial<Record<ErrorAnswer['code'], string>>

const soapWords: Words = { reference_conflict: 'M.Exist', unauthenticated: 'M.Token' }
export const restWords: Words = { reference_conflict: 'ExistDoc', unauthenticated: 'M.Token' }

export const writeFault = (operation: Operation, error: GatewayError): DoorAnswer =>
  writeRefusal(operation, { ...answerOf(error), reason: told(error) })

/** Of a token nothing more is said than that it is none. */
const told = ({ code, reason }: GatewayError): string | null =>
  code === 'unauthenticated' ? null : (reason ?? null)
