import { Readable } from 'node:stream'
import { escapeText } from '../../../signing/xml-text.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
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

interface Asked {
  readonly fields?: Fields
  readonly receive?: Parameters<typeof call>[1]['receive']
}

function ask(
  partner: Partner,
  operation: Operation,
  { fields = {}, receive }: Asked = {},
): Promise<TransportAnswer> {
  const { requests } = EdocOptions.parse(partner.agency.options)
  const element = writers[requests](operation, { ...credentials(partner), ...fields })
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="${soapEnvelope}"><soap:Header/><soap:Body>${element}</soap:Body></soap:Envelope>`
  const headers = {
    'content-type': 'text/xml; charset=utf-8',
    soapaction: `"${operation}"`,
    accept: 'text/xml',
  }
  return call(partner, { method: 'POST', path: '', headers, body, receive })
}

const opened = (bytes: AsyncIterable<Uint8Array>, headers: Fields) =>
  openMessage(bytes, headers['content-type'] ?? '')

/** Throws `unavailable` where a report stands in the place of what was asked. */
async function listed(partner: Partner, operation: Operation, fields: Fields = {}): Promise<Envelope> {
  const { body, headers } = await ask(partner, operation, { fields })
  const { original } = await opened(Readable.from([Buffer.from(body)]), headers)
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
    let document: EdxmlDocument | undefined
    const receive: Asked['receive'] = async (bytes, headers) => {
      const { original, attachments } = await opened(bytes, headers)
      const envelope = readEnvelope(original)
      // A report in its place says nothing of the document: it waits there on.
      if (messageIn(envelope) === undefined) throw unavailable('no document')
      const reading = { envelope, original, attachments }
      document = await readDocument(reading, EdocOptions.parse(partner.agency.options), partner.keeping)
    }
    await ask(partner, 'GetDocument', { fields: named(id, partner), receive })
    if (document === undefined) throw unavailable('no document')
    return document
  },
  confirm: ({ id }, partner) => ask(partner, 'ConfirmReceived', { fields: named(id, partner) }),
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
