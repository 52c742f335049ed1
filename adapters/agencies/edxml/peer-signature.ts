import { GatewayError } from '../../../schemas/errors.ts'
import { openBlocks } from '../../../signing/block-signature.ts'
import { sha256 } from '../../../signing/digest.ts'
import { ds } from '../../../signing/namespaces.ts'
import type { KnownCertificate } from '../../../signing/open.ts'
import type { Signers } from '../content.ts'
import type { Content } from './attachments.ts'
import { contentIdOf } from './decode.ts'
import type { SignatureState } from './document.ts'
import type { EdxmlOptions } from './options.ts'
import type { Parts } from './read-parts.ts'
import { createTreeReader } from './read-tree.ts'
import { childOf, childrenOf, type Node } from './tree.ts'

/** What of a document is to be read, with what its signature was found to be. */
export interface Judged extends Pick<Parts, 'root' | 'contents'> {
  readonly signature: SignatureState
  /** Body that has signed; null where no signature was verified. */
  readonly signer: string | null
}

const headerBlocks = ['MessageHeader', 'Status', 'TraceHeaderList', 'ErrorList'] as const
const header = ['edXMLEnvelope', 'edXMLHeader'] as const

/**
 * Verifies a signature of profile `peer` whose certificate is known: of such a document only what was signed is read. Any other is left
 * unread, for none survives the axis (edXML §6.1, §6.2). Throws `bad_signature` and its like.
 */
export function judgeSignature(parts: Parts, { signature }: EdxmlOptions, signers: Signers): Judged {
  const { root, contents } = parts
  const found = childOf(childOf(childOf(root, 'edXMLEnvelope'), 'edXMLHeader'), 'Signature')
  const signer = signature === 'ignore' ? undefined : signerOf(found, signers)
  if (signer !== undefined) return verified(parts, signer, signers.now())
  return { root, contents, signature: found === undefined ? 'none' : 'not-evaluated', signer: null }
}

/** Undefined where the signature is none of this profile, or its certificate is not known. */
function signerOf(signature: Node | undefined, { ownerOf }: Signers): KnownCertificate | undefined {
  if (signature?.namespace !== ds) return undefined
  const references = childrenOf(childOf(signature, 'SignedInfo'), 'Reference')
  const isPeer = references.every(({ attributes }) => /^(?:#|cid:)/.test(attributes['URI'] ?? ''))
  const told = childOf(childOf(childOf(signature, 'KeyInfo'), 'X509Data'), 'X509Certificate')
  if (!isPeer || told === undefined) return undefined
  return ownerOf(sha256(Buffer.from(told.text, 'base64')).toString('hex'))
}

function verified({ root, contents, original }: Parts, signer: KnownCertificate, now: number): Judged {
  const byUri = filesOf(contents)
  const blocks = openBlocks(
    original,
    {
      signature: [...header, 'Signature'],
      blocks: [...headerBlocks.map((name) => [...header, name]), ['edXMLEnvelope', 'edXMLBody']],
      files: new Map([...byUri].map(([uri, { file }]) => [uri, file.digest])),
    },
    { signer, now },
  )
  const signedRoot = rebuilt(root, blocks)
  const signed = { root: signedRoot, contents: listedContents(signedRoot, byUri) }
  return { ...signed, signature: 'verified', signer: signer.agency }
}

const uriOf = (node: Node): string => `cid:${contentIdOf(node)}`

function filesOf(contents: Parts['contents']): ReadonlyMap<string, Content> {
  const byUri = new Map([...contents].map(([node, content]) => [uriOf(node), content]))
  if (byUri.size === contents.size) return byUri
  throw new GatewayError('bad_signature', { field: 'ContentId', reason: 'is there twice' })
}

/** The document as far as it was signed. */
function rebuilt(root: Node, blocks: ReadonlyMap<string, Buffer>): Node {
  const nodeOf = (name: string): readonly Node[] => {
    const bytes = blocks.get(name)
    if (bytes === undefined) return []
    const tree = createTreeReader()
    tree.write(bytes.toString())
    return [tree.end()]
  }
  const blocksOfHeader = headerBlocks.flatMap(nodeOf)
  const namespace = blocksOfHeader[0]?.namespace ?? ''
  const element = (name: string, children: readonly Node[]): Node => ({
    name,
    namespace,
    attributes: {},
    children,
    text: '',
  })
  const inEnvelope = [element('edXMLHeader', blocksOfHeader), ...nodeOf('edXMLBody')]
  return element(root.name, [element('edXMLEnvelope', inEnvelope)])
}

/** Files by their rows of the manifest, which is signed: what an attachment says of itself is not. */
function listedContents(root: Node, byUri: ReadonlyMap<string, Content>): Parts['contents'] {
  const manifest = childOf(childOf(childOf(root, 'edXMLEnvelope'), 'edXMLBody'), 'edXMLManifest')
  const rows = new Map(childrenOf(manifest, 'Reference').map((row) => [uriOf(row), row]))
  const listed = new Map<Node, Content>()
  for (const [uri, content] of byUri) {
    const row = rows.get(uri)
    if (row === undefined)
      throw new GatewayError('bad_signature', { field: 'ContentId', reason: 'is not in the manifest' })
    listed.set(row, content)
  }
  return listed
}
