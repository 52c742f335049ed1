import { Readable } from 'node:stream'
import { z } from 'zod'
import { GatewayError } from '../../../schemas/errors.ts'
import type { Trusted } from '../content.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import { readEdxml } from '../edxml/read-message.ts'
import { childOf, childrenOf } from '../edxml/tree.ts'
import type { Partner, Poll, Waiting } from '../poll.ts'
import type { TransportAnswer } from '../transport.ts'
import { openMessage } from './message.ts'
import { soapEnvelope, type Operation } from './names.ts'
import { EdocOptions } from './options.ts'
import { readDocument } from './read-document.ts'
import { readEnvelope } from './read-envelope.ts'
import { writeElement } from './wsdl.ts'

/** What an answer may measure, which is held: a document with its files. */
const answerBytes = 48 * 1024 * 1024

const unavailable = (reason: string): GatewayError =>
  new GatewayError('unavailable', { reason: reason.slice(0, 200) })

interface Asking {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

async function call(
  { agency, transport }: Partner,
  { path, body, ...asking }: Asking,
): Promise<TransportAnswer> {
  const { url = '', timeoutMs } = EdocOptions.parse(agency.options)
  const answer = await transport.post({
    ...{ ...asking, url: `${url}${path}`, timeoutMs, body: Buffer.from(body), maxAnswerBytes: answerBytes },
  })
  if ('failure' in answer) throw unavailable(answer.code)
  if (answer.status !== 200) throw unavailable(`http_${answer.status}`)
  return answer
}

function credentials({ agency, keys }: Partner): { readonly OrganId: string; readonly Token: string } {
  const [Token] = keys.secrets('token')
  if (Token === undefined) throw unavailable(`${agency.code} has no secret "token"`)
  return { OrganId: EdocOptions.parse(agency.options).organId ?? '', Token }
}

/** By each wire: what waits, one document, and that it was received (edXML §8.4). */
interface Bus {
  list(partner: Partner): Promise<readonly Waiting[]>
  fetch(waiting: Waiting, partner: Partner): Promise<EdxmlDocument>
  confirm(id: string, partner: Partner): Promise<unknown>
}

function ask(partner: Partner, operation: Operation, more: object = {}): Promise<TransportAnswer> {
  const element = writeElement(operation, { ...credentials(partner), ...more })
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

const soap: Bus = {
  async list(partner) {
    const { original } = await opened(await ask(partner, 'GetPendingDocumentIds'))
    const { content } = readEnvelope(original)
    if (content === undefined || content.children.some(({ name }) => name === 'Report'))
      throw unavailable('no list')
    return childrenOf(content, 'DocumentId').map(({ text }) => ({ id: text.trim(), about: {} }))
  },
  async fetch({ id }, partner) {
    const { original, attachments } = await opened(await ask(partner, 'GetDocument', { DocumentId: id }))
    const envelope = readEnvelope(original)
    // A report in its place says nothing of the document: it waits there on.
    if (childOf(envelope.header, 'MessageHeader', 'Status') === undefined) throw unavailable('no document')
    const reading = { envelope, original, attachments }
    return readDocument(reading, EdocOptions.parse(partner.agency.options), partner.keeping)
  },
  confirm: (id, partner) => ask(partner, 'ConfirmReceived', { DocumentId: id }),
}

const RestAnswer = z.object({
  code: z.coerce.string(),
  docIDs: z.array(z.coerce.string()).nullish(),
  data: z.string().nullish(),
})

async function askRest(
  partner: Partner,
  verb: string,
  headers: Readonly<Record<string, string>>,
): Promise<z.infer<typeof RestAnswer>> {
  const { OrganId, Token } = credentials(partner)
  const method = verb === 'getPendingDocIds' ? 'GET' : 'POST'
  const all = { ...headers, organid: OrganId, authorization: Token }
  const { body } = await call(partner, { method, path: `/${verb}`, headers: all, body: '' })
  const read = RestAnswer.safeParse(parsed(body))
  if (!read.success || read.data.code !== '0') throw unavailable(`${verb} was refused`)
  return read.data
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}

const rest: Bus = {
  async list(partner) {
    const found: Waiting[] = []
    for (const type of ['EDOC', 'STATUS']) {
      const { docIDs } = await askRest(partner, 'getPendingDocIds', { type })
      found.push(...(docIDs ?? []).map((id) => ({ id, about: { type } })))
    }
    return found
  },
  async fetch({ id, about }, partner) {
    const { data } = await askRest(partner, 'getDocument', { docid: id, type: about['type'] ?? '' })
    const bytes = Buffer.from(data ?? '', 'base64')
    if (bytes.byteLength === 0) throw unavailable('no document')
    return readEdxml(Readable.from([bytes]), EdocOptions.parse(partner.agency.options), partner.keeping)
  },
  confirm: (id, partner) => askRest(partner, 'confirmReceived', { docid: id }),
}

const buses = { soap, rest } as const
const busOf = ({ agency }: Partner): Bus => buses[EdocOptions.parse(agency.options).wire]

/** The bus answers for a document, and so is its sender here; it is known again by its id there (edXML §11.14). */
const contentOf = (document: EdxmlDocument, { id, about }: Waiting, { agency }: Partner): Trusted => ({
  ...{ kind: 'trusted', payload: document.payload, original: document.original },
  header: { sender: agency.code, recipients: document.recipients, action: document.action },
  naturalKey: ['edoc.docId', about['type'] ?? '', id],
})

/** What a bus holds for us. It has no word for a refusal: what is refused here is confirmed there too. */
export const poll: Poll = {
  everySeconds({ options }) {
    const { url, pollSeconds } = EdocOptions.parse(options)
    return url === undefined ? 0 : pollSeconds
  },
  list: (partner) => busOf(partner).list(partner),
  fetch: async (waiting, partner) => [
    contentOf(await busOf(partner).fetch(waiting, partner), waiting, partner),
  ],
  acknowledge: async ({ id }, _verdict, partner) => {
    await busOf(partner).confirm(id, partner)
  },
}
