import { GatewayError } from '../../../schemas/errors.ts'
import { attachmentOf } from '../edxml/attachments.ts'
import type { Keeping } from '../content.ts'
import { documentOf, type Found } from '../edxml/decode.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import type { EdxmlOptions } from '../edxml/options.ts'
import { childOf, childrenOf, type Node } from '../edxml/tree.ts'
import { watchPdf } from '../edxml/watch-pdf.ts'
import { contentIdOf, parameterOf, type MimePart } from '../mime.ts'
import type { Envelope } from './read-envelope.ts'

const element = (name: string, text: string): Node => ({
  name,
  namespace: '',
  attributes: {},
  children: [],
  text,
})

/** A reference names its part by a link, where edXML has an element. */
function referenceOf(node: Node): Node {
  const { href = '' } = node.attributes
  return href === ''
    ? node
    : { ...node, children: [...node.children, element('ContentId', contentIdOf(href))] }
}

/** A part without a reference says itself what it is called. */
function unreferenced({ headers }: MimePart): Node {
  const disposition = headers['content-disposition'] ?? ''
  const name = parameterOf(disposition, 'filename') || parameterOf(headers['content-type'] ?? '', 'name')
  const id = contentIdOf(headers['content-id'] ?? '')
  return {
    ...element('Reference', ''),
    children: [element('ContentId', id), element('AttachmentName', name || id)],
  }
}

const idIn = (node: Node): string => contentIdOf(childOf(node, 'ContentId')?.text ?? '')

interface Reading {
  readonly envelope: Envelope
  /** The exact bytes of the envelope. */
  readonly original: Uint8Array
  /** Parts after the envelope. */
  readonly attachments: AsyncIterable<MimePart>
}

/** The block of a letter or a status: in the header, in the body, or in the element there that names what is asked. */
export const messageIn = ({ header, body }: Pick<Envelope, 'header' | 'body'>): Node | undefined =>
  [header, body, body?.children[0]]
    .map((place) => childOf(place, 'MessageHeader', 'Status'))
    .find((node) => node !== undefined)

/**
 * The document of a `SendDocument` or an `UpdateTraces`: its blocks are in the header, its manifest in the body, its files are kept as
 * they come. Throws GatewayError.
 */
export async function readDocument(
  { envelope: { header, body }, original, attachments }: Reading,
  options: EdxmlOptions,
  keeping: Keeping,
): Promise<EdxmlDocument> {
  const message = messageIn({ header, body })
  if (message === undefined)
    throw new GatewayError('malformed_xml', { field: 'MessageHeader', reason: 'missing' })
  const manifest = childOf(body, 'Manifest') ?? childOf(body?.children[0], 'Manifest')
  const references = childrenOf(manifest, 'Reference').map(referenceOf)
  const found: Found = {
    ...{ message, original, references },
    attached: await keepAll(attachments, references, keeping),
    traces: childOf(header, 'TraceHeaderList'),
    errors: childOf(header, 'ErrorList'),
    // The bus keeps its credentials there: no signature (edXML §6.1).
    signature: 'none',
    flags: [],
  }
  return documentOf(found, options)
}

async function keepAll(
  attachments: AsyncIterable<MimePart>,
  references: readonly Node[],
  keeping: Keeping,
): Promise<Found['attached']> {
  const attached: Found['attached'][number][] = []
  for await (const part of attachments) {
    const id = contentIdOf(part.headers['content-id'] ?? '')
    const listed = references.find((node) => idIn(node) === id)
    const node = listed ?? unreferenced(part)
    const watch = watchPdf(part.bytes)
    const content = { file: await keeping.keep(watch.bytes), isCorrupt: watch.isCorrupt() }
    attached.push({ node, attachment: await attachmentOf({ node, listed, content }, keeping) })
  }
  return attached
}
