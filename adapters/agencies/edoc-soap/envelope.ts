import type { Message } from '../../../schemas/message.ts'
import { textOf } from '../../../schemas/fields.ts'
import { escapeText, escapeValue } from '../../../signing/xml-text.ts'
import type { BodyPart } from '../body-parts.ts'
import type { Draft, Encoded, Unsupported } from '../encoded.ts'
import { blocksOf, encodeDocument, type Blocks } from '../edxml/encode.ts'
import { tag } from '../edxml/write-fields.ts'
import { edoc, soapEnvelope, xlink, type Operation } from './names.ts'
import type { EdocOptions } from './options.ts'

type Attached = Blocks['attachments'][number]

const opening = '<soap:Header>'

/**
 * A letter or a status as the bus carries it (edXML §8.4): the blocks of edXML in the header, the manifest in the body, files as parts
 * of a multipart message by their Content-ID. Who sends it is added when it is sent.
 */
export function encodeEnvelope(message: Message, options: EdocOptions): Draft | Unsupported {
  if (options.wire === 'rest') return encodeBare(message, options)
  const blocks = blocksOf(message, options)
  if (blocks.kind === 'unsupported') return blocks
  const isLetter = message.action === 'document.letter'
  const operation: Operation = isLetter ? 'SendDocument' : 'UpdateTraces'
  const block = blocks.header.join('')
  const xml = isLetter ? envelopeOf(block, manifestOf(blocks.attachments)) : statusEnvelope(block, options)
  const headers = { soapaction: `"${operation}"` }
  const common = { kind: 'encoded', seal: 'none', headers } as const
  const files = blocks.attachments.filter(({ file }) => file !== undefined)
  if (files.length === 0) return { ...common, contentType: 'text/xml; charset=utf-8', body: Buffer.from(xml) }
  return { ...common, ...related(xml, files, { boundary: `lt-${message.id}`, ...options }) }
}

const types: Readonly<Record<string, string>> = { 'document.letter': 'EDOC', 'document.status': 'STATUS' }

function encodeBare(message: Message, options: EdocOptions): Draft | Unsupported {
  const written = encodeDocument(message, options)
  if (written.kind === 'unsupported') return written
  const headers = { type: types[message.action] ?? '' }
  const common = { kind: 'encoded', seal: 'none', contentType: 'application/octet-stream', headers } as const
  return { ...common, body: new Uint8Array(0), parts: written.parts }
}

/** The bus looks for a status in the body, and for one of no namespace. */
function statusEnvelope(block: string, { statusElement, statusPlace }: EdocOptions): string {
  const status = named(block, statusElement)
  return statusPlace === 'header'
    ? envelopeOf(status, '')
    : envelopeOf('', status.replaceAll(/<(\/?)edXML:/g, '<$1'))
}

export const named = (block: string, name: string): string =>
  block.replace(/^(<edXML:)MessageHeader(?=[ />])/, `$1${name}`).replace(/MessageHeader>$/, `${name}>`)

const envelopeOf = (header: string, body: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="${soapEnvelope}" xmlns:edXML="${edoc}" xmlns:xlink="${xlink}">` +
  `${opening}${header}</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`

/** Every known element, even empty: the bus asks for them. */
function manifestOf(attachments: readonly Attached[]): string {
  const references = attachments.map(({ row, contentId }) => {
    const link = ` xlink:href="cid:${escapeValue(contentId, 'ContentId')}" xlink:type="simple"`
    const fields = ['AttachmentName', 'ContentType', 'Description'].map((name) =>
      tag(name, escapeText(textOf(row[name]), name)),
    )
    return tag('Reference', fields.join(''), link)
  })
  return tag('Manifest', references.join(''))
}

type Packaging = Pick<EdocOptions, 'packaging'> & { readonly boundary: string }

const rootTypes = {
  swa: { type: 'text/xml', part: 'text/xml; charset=utf-8' },
  mtom: { type: 'application/xop+xml', part: 'application/xop+xml; charset=utf-8; type="text/xml"' },
} as const

function related(
  xml: string,
  files: readonly Attached[],
  { boundary, packaging }: Packaging,
): Pick<Encoded, 'contentType' | 'body'> & { readonly parts: readonly BodyPart[] } {
  const { type, part } = rootTypes[packaging]
  const partHead = (contentType: string, contentId: string, coding: string): string =>
    `--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Transfer-Encoding: ${coding}\r\nContent-ID: <${contentId}>\r\n\r\n`
  const attached = files.flatMap(({ row, contentId, file = '' }): readonly BodyPart[] => [
    `\r\n${partHead(typeOf(textOf(row['ContentType'])), contentId, 'binary')}`,
    { file },
  ])
  return {
    contentType: `multipart/related; type="${type}"; start="<envelope>"; boundary="${boundary}"${packaging === 'mtom' ? '; start-info="text/xml"' : ''}`,
    body: new Uint8Array(0),
    parts: [`${partHead(part, 'envelope', '8bit')}${xml}`, ...attached, `\r\n--${boundary}--\r\n`],
  }
}

const typeOf = (text: string): string =>
  /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(text) ? text : 'application/octet-stream'

/** Who sends it, as the bus wants to know it (edXML §6.1). */
export const signatureOf = (organId: string, token: string): string =>
  tag(
    'Signature',
    tag('KeyInfo', tag('OrganId', escapeText(organId, 'OrganId')) + tag('Token', escapeText(token, 'Token'))),
  )

/** A message with who sends it at the head of its header: whoever may read what was encoded does not see the token. */
export async function* signed(
  message: AsyncIterable<Uint8Array>,
  signature: string,
): AsyncGenerator<Uint8Array> {
  let isSigned = false
  for await (const piece of message) {
    if (isSigned) yield piece
    else yield* parted(piece, signature)
    isSigned = true
  }
}

/** The first piece of a message, which holds the beginning of its envelope. */
export function parted(piece: Uint8Array, signature: string): readonly Uint8Array[] {
  const bytes = Buffer.from(piece)
  const at = bytes.indexOf(opening) + opening.length
  return [bytes.subarray(0, at), Buffer.from(signature), bytes.subarray(at)]
}
