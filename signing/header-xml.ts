import { GatewayError } from '../schemas/errors.ts'
import { authenticationMethods } from '../schemas/agency.ts'
import type { AuthenticatedBy, Header } from '../schemas/message.ts'
import { axis } from './namespaces.ts'
import { expectElement, expectText } from './expect.ts'
import type { Scanned } from './scan.ts'
import { escapeText } from './xml-text.ts'

/**
 * What a layer's header says. `sealedBy` is the body whose certificate seals this layer: the sender or a gateway. The last
 * three are on what a gateway seals for a recipient; `authenticatedBy` is on content that a gateway seals because its sender
 * has not. Times are milliseconds since 1970.
 */
export type EnvelopeHeader = Header & {
  readonly sealedBy: string
  readonly messageId?: string
  readonly deliveryId?: string
  readonly receivedAt?: number
}

export const headerStart = `<Header xmlns="${axis}" Id="header">`
const headerEnd = '</Header>'

type Value = string | number | readonly string[] | AuthenticatedBy

interface FieldKind {
  readonly write: (name: string, value: Value) => string
  readonly read: (element: Scanned) => Value
}

interface FieldRow {
  readonly key: keyof EnvelopeHeader
  readonly name: string
  readonly kind: FieldKind
  readonly required: boolean
}

const refuse = (field: string, reason: string): GatewayError =>
  new GatewayError('malformed_xml', { field, reason })

const plainElement = (name: string, value: string): string => `<${name}>${escapeText(value, name)}</${name}>`

const readText = (element: Scanned): string => {
  const value = expectText(element, element.name)
  if (value === '') throw refuse(element.name, 'must not be empty')
  return value
}

const readTime = (element: Scanned): number => {
  const value = expectText(element, element.name)
  const time = Date.parse(value)
  if (Number.isNaN(time) || new Date(time).toISOString() !== value) {
    throw refuse(element.name, 'must be a time such as 2026-01-31T08:00:00.000Z')
  }
  return time
}

const readRecipients = (element: Scanned): readonly string[] => {
  if (element.attributes.size > 0 || (element.children.length === 0 && element.text.trim() !== '')) {
    throw refuse(element.name, 'holds Recipient elements only')
  }
  return element.children.map((child) => expectText(child, 'Recipient'))
}

const writeTime = (name: string, value: Value): string => {
  const time = new Date(Number(value))
  if (Number.isNaN(time.getTime()))
    throw new GatewayError('invalid_field', { field: name, reason: 'is not a time' })
  return plainElement(name, time.toISOString())
}

const writeAuthentication = (name: string, value: Value): string => {
  const { method, credentialId } = value as AuthenticatedBy
  return `<${name}>${plainElement('Method', method)}${plainElement('CredentialId', credentialId)}</${name}>`
}

const readAuthentication = (element: Scanned): AuthenticatedBy => {
  const [method, credential] = expectElement(element, element.name, {}, ['Method', 'CredentialId'])
  const said = expectText(method, 'Method')
  const known = authenticationMethods.find((each) => each === said)
  if (known === undefined || credential === undefined) throw refuse('Method', 'is not known')
  return { method: known, credentialId: readText(credential) }
}

const text: FieldKind = { write: (name, value) => plainElement(name, value as string), read: readText }
const time: FieldKind = { write: writeTime, read: readTime }
// The table below gives each field its kind, by which `write` knows what it is given.
const authentication: FieldKind = { write: writeAuthentication, read: readAuthentication }
const list: FieldKind = {
  write: (name, value) =>
    `<${name}>${(value as readonly string[]).map((item) => plainElement('Recipient', item)).join('')}</${name}>`,
  read: readRecipients,
}

/** Elements of the header, in their fixed order. */
const fields: readonly FieldRow[] = [
  { key: 'sender', name: 'Sender', kind: text, required: true },
  { key: 'sealedBy', name: 'SealedBy', kind: text, required: true },
  { key: 'senderRef', name: 'SenderRef', kind: text, required: true },
  { key: 'recipients', name: 'Recipients', kind: list, required: true },
  { key: 'action', name: 'Action', kind: text, required: true },
  { key: 'conversationId', name: 'ConversationId', kind: text, required: false },
  { key: 'refToMessageId', name: 'RefToMessageId', kind: text, required: false },
  { key: 'sentAt', name: 'SentAt', kind: time, required: true },
  { key: 'expiresAt', name: 'ExpiresAt', kind: time, required: false },
  { key: 'authenticatedBy', name: 'AuthenticatedBy', kind: authentication, required: false },
  { key: 'messageId', name: 'MessageId', kind: text, required: false },
  { key: 'deliveryId', name: 'DeliveryId', kind: text, required: false },
  { key: 'receivedAt', name: 'ReceivedAt', kind: time, required: false },
]

/** The Header element in canonical form; `invalid_field` for what XML cannot carry. */
export function writeHeader(header: EnvelopeHeader): string {
  const elements = fields.map(({ key, name, kind }) => {
    const value = header[key]
    return value === undefined ? '' : kind.write(name, value)
  })
  return `${headerStart}${elements.join('')}${headerEnd}`
}

/** Reads the Header element whose bytes have been verified. */
export function readHeader(header: Scanned): EnvelopeHeader {
  const children = [...header.children]
  const entries = fields.flatMap(({ key, name, kind, required }): readonly (readonly [string, Value])[] => {
    if (children[0]?.name === name) return [[key, kind.read(children.shift() ?? children[0])]]
    if (required) throw refuse(name, 'is missing or out of place')
    return []
  })
  if (children[0] !== undefined) throw refuse(children[0].name, 'is not a header element, or out of place')
  // The table above names every field of the type and gives each its kind; TypeScript cannot follow it through the entries.
  return Object.fromEntries(entries) as unknown as EnvelopeHeader
}
