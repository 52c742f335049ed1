import { GatewayError } from '../../../schemas/errors.ts'
import type { Keeping } from '../content.ts'
import { attachmentOf, type Content } from './attachments.ts'
import { contentIdOf, documentOf, type Found } from './decode.ts'
import type { EdxmlDocument } from './document.ts'
import { qcvn } from './elements.ts'
import type { EdxmlOptions } from './options.ts'
import { judgeSignature } from './peer-signature.ts'
import { readParts } from './read-parts.ts'
import { childOf, childrenOf, type Node } from './tree.ts'

/**
 * Reads a message as it comes: contents of attachments are decoded straight into the store of files, all else is at most
 * `originalBytes`; so memory stays flat whatever the size. Throws GatewayError `malformed_xml`, `too_large`, `bad_signature` and its like, or
 * `invalid_field` that names the attachment. What was kept of a message that is refused is forgotten with other unused files.
 */
export async function readEdxml(
  source: AsyncIterable<Uint8Array>,
  options: EdxmlOptions,
  keeping: Keeping,
): Promise<EdxmlDocument> {
  const parts = await readParts(source, keeping)
  const { root, contents, signature, signer, flags } = await judgeSignature(parts, options, keeping)
  const envelope = childOf(root, 'edXMLEnvelope')
  refuseStrange(envelope, options)
  const header = childOf(envelope, 'edXMLHeader')
  const message = childOf(header, 'MessageHeader', 'Status')
  if (message === undefined) throw malformed('MessageHeader', 'missing')
  const listed = childrenOf(childOf(childOf(envelope, 'edXMLBody'), 'edXMLManifest'), 'Reference')
  const nodes = childrenOf(childOf(root, 'AttachmentEncoded'), 'Attachment')
  const found: Found = {
    ...{ message, signature, flags, original: parts.original },
    attached: await attach(contents, listed, within(keeping)),
    references: [...listed, ...nodes.filter((node) => !contents.has(node))],
    traces: childOf(header, 'TraceHeaderList'),
    errors: childOf(header, 'ErrorList'),
  }
  const document = documentOf(found, options)
  if (signer !== null && !keeping.signers.maySignFor(signer, document.sender))
    throw new GatewayError('untrusted_certificate', {
      reason: `${signer} does not sign for ${document.sender}`,
    })
  return document
}

async function attach(
  contents: ReadonlyMap<Node, Content>,
  references: readonly Node[],
  keeping: Keeping,
): Promise<Found['attached']> {
  const byId = new Map(references.map((node) => [contentIdOf(node), node]))
  const attached: Found['attached'][number][] = []
  for (const [node, content] of contents) {
    const listed = byId.get(contentIdOf(node))
    attached.push({ node, attachment: await attachmentOf({ node, listed, content }, keeping) })
  }
  return attached
}

const malformed = (field: string, reason: string) => new GatewayError('malformed_xml', { field, reason })

/** Foreign namespaces are met on the provincial buses alone (edXML §2). */
const namespaces: Record<EdxmlOptions['profile'], readonly string[]> = {
  axis: [qcvn],
  soap: [qcvn, 'http://www.e-doc.vn/Schema/'],
}

function refuseStrange(envelope: Node | undefined, { profile }: EdxmlOptions): void {
  if (envelope === undefined) throw malformed('edXMLEnvelope', 'missing')
  if (!namespaces[profile].includes(envelope.namespace))
    throw malformed('edXMLEnvelope', `expected: namespace ${qcvn}`)
}

/** Holds all that a message unpacks to together to so many bytes: each of its archives may be small. */
function within(keeping: Keeping): Keeping {
  let size = 0
  async function* counted(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      size += piece.byteLength
      if (size > keeping.maxBytes)
        throw new GatewayError('too_large', { reason: `unpacks to more than ${keeping.maxBytes} bytes` })
      yield piece
    }
  }
  return { ...keeping, keep: (bytes) => keeping.keep(counted(bytes)) }
}
