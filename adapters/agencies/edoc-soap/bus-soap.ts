import { Readable } from 'node:stream'
import { escapeText } from '../../../signing/xml-text.ts'
import { childOf, childrenOf } from '../edxml/tree.ts'
import type { Partner } from '../poll.ts'
import type { TransportAnswer } from '../transport.ts'
import { call, credentials, unavailable, type Bus } from './bus.ts'
import { openMessage } from './message.ts'
import { requestName, soapEnvelope, type Operation } from './names.ts'
import { EdocOptions } from './options.ts'
import { messageIn, readDocument } from './read-document.ts'
import { readEnvelope, type Envelope } from './read-envelope.ts'
import { writeElement } from './wsdl.ts'

type Fields = Readonly<Record<string, string>>

/** The bus looks for its requests by name, and in no namespace. */
function bare(operation: Operation, fields: Fields): string {
  const name = requestName(operation)
  const inner = Object.entries(fields).map(
    ([field, text]) => `<${field}>${escapeText(text, field)}</${field}>`,
  )
  return `<${name}>${inner.join('')}</${name}>`
}

const writers = { bare, described: writeElement } as const

function ask(partner: Partner, operation: Operation, more: Fields = {}): Promise<TransportAnswer> {
  const { requests } = EdocOptions.parse(partner.agency.options)
  const element = writers[requests](operation, { ...credentials(partner), ...more })
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="${soapEnvelope}"><soap:Header/><soap:Body>${element}</soap:Body></soap:Envelope>`
  const headers = {
    'content-type': 'text/xml; charset=utf-8',
    soapaction: `"${operation}"`,
    accept: 'text/xml',
  }
  return call(partner, { method: 'POST', path: '', headers, body })
}

const opened = ({ headers, body }: TransportAnswer) =>
  openMessage(Readable.from([Buffer.from(body)]), headers['content-type'] ?? '')

/** Throws `unavailable` where a report stands in the place of what was asked. */
async function listed(partner: Partner, operation: Operation, more: Fields = {}): Promise<Envelope> {
  const { original } = await opened(await ask(partner, operation, more))
  const envelope = readEnvelope(original)
  const { content } = envelope
  if (content === undefined || content.name === 'Report' || childOf(content, 'Report') !== undefined)
    throw unavailable(`${operation} was refused`)
  return envelope
}

const nameOfId = { bare: 'documentId', described: 'DocumentId' } as const

/** A document as the bus is asked for it: one that holds to the letter looks for a small one. */
const named = (id: string, { agency }: Partner): Fields => ({
  [nameOfId[EdocOptions.parse(agency.options).requests]]: id,
})

export const soapBus: Bus = {
  async documents(partner) {
    const { content } = await listed(partner, 'GetPendingDocumentIds')
    const ids = childrenOf(childOf(content, 'DocumentIds') ?? content, 'DocumentId')
    return ids.map(({ text }) => ({ id: text.trim(), about: {} }))
  },
  async fetch({ id }, partner) {
    const { original, attachments } = await opened(await ask(partner, 'GetDocument', named(id, partner)))
    const envelope = readEnvelope(original)
    // A report in its place says nothing of the document: it waits there on.
    if (messageIn(envelope) === undefined) throw unavailable('no document')
    const reading = { envelope, original, attachments }
    return readDocument(reading, EdocOptions.parse(partner.agency.options), partner.keeping)
  },
  confirm: ({ id }, partner) => ask(partner, 'ConfirmReceived', named(id, partner)),
  async traces(partner, Timestamp) {
    const { content } = await listed(partner, 'GetTraces', { Timestamp })
    return childrenOf(childOf(content, 'Traces') ?? content, 'Status')
  },
  async organisations(partner) {
    const { content } = await listed(partner, 'GetOrganizations')
    return childrenOf(childOf(content, 'Organizations') ?? content, 'Organization').map(({ children }) =>
      Object.fromEntries(children.map(({ name, text }) => [name, text.trim()])),
    )
  },
}
