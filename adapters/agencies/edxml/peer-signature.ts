import { GatewayError } from '../../../schemas/errors.ts'
import { openBlocks } from '../../../signing/block-signature.ts'
import { sha256 } from '../../../signing/digest.ts'
import { ds } from '../../../signing/namespaces.ts'
import type { KnownCertificate } from '../../../signing/open.ts'
import { legacyNames } from '../../../signing/whole-signature.ts'
import type { Keeping, Signers } from '../content.ts'
import type { Content } from './attachments.ts'
import { contentIdOf } from './decode.ts'
import type { SignatureState } from './document.ts'
import type { EdxmlOptions } from './options.ts'
import type { Parts } from './read-parts.ts'
import { createTreeReader } from './read-tree.ts'
import { childOf, childrenOf, type Node } from './tree.ts'
import { isPlain, isRewritable, openSigned } from './whole-signature.ts'

/** What of a document is to be read, with what its signature was found to be. */
export interface Judged extends Pick<Parts, 'root' | 'contents'> {
  readonly signature: SignatureState
  /** Body that has signed; null where no signature was verified. */
  readonly signer: string | null
  /** What people are told of it. */
  readonly flags: readonly string[]
}

const headerBlocks = ['MessageHeader', 'Status', 'TraceHeaderList', 'ErrorList'] as const
const header = ['edXMLEnvelope', 'edXMLHeader'] as const

/**
 * Verifies a signature whose certificate is known, over blocks and files or over the whole document: of such a document only what was
 * signed is read. Any other is left unread and reported, for few survive the axis (edXML §6.1, §6.2). Throws `bad_signature` and its like.
 */
export async function judgeSignature(parts: Parts, options: EdxmlOptions, keeping: Keeping): Promise<Judged> {
  const found = childOf(childOf(childOf(parts.root, 'edXMLEnvelope'), 'edXMLHeader'), 'Signature')
  const { root, contents } = parts
  if (found === undefined) return { root, contents, signature: 'none', signer: null, flags: [] }
  const look = lookAt(found, { parts, options, signers: keeping.signers })
  if (typeof look === 'string')
    return {
      root,
      contents,
      signature: 'not-evaluated',
      signer: null,
      flags: [`Signature: not evaluated, ${look}`],
    }
  const { signer, covers, algorithm } = look
  const signed =
    covers === 'blocks'
      ? openSignedBlocks(parts, signer, keeping.signers.now())
      : await openSigned(parts, { signer, keeping, options })
  const flags = [`Signature: verified, ${signer.agency}${algorithm}`]
  return { ...signed, signature: 'verified', signer: signer.agency, flags }
}

interface Look {
  readonly signer: KnownCertificate
  readonly covers: 'blocks' | 'whole'
  /** Said beside the signer where it is weak. */
  readonly algorithm: string
}

interface Around {
  readonly parts: Parts
  readonly options: EdxmlOptions
  readonly signers: Signers
}

/** How a signature is to be verified, or why it is not. */
function lookAt(signature: Node, { parts, options, signers }: Around): Look | string {
  if (options.signature === 'ignore') return 'as its option asks'
  if (signature.namespace !== ds) return 'not of XML Signature'
  const covers = coveredBy(signature)
  if (covers === null) return 'refers to neither blocks nor the whole'
  const isLegacy = algorithmsIn(signature).some((name) => legacyNames.includes(name))
  if (covers === 'whole' && isLegacy && !options.acceptLegacySha1) return 'by SHA-1'
  const told = childOf(childOf(childOf(signature, 'KeyInfo'), 'X509Data'), 'X509Certificate')
  if (told === undefined) return 'without a certificate'
  const signer = signers.ownerOf(sha256(Buffer.from(told.text, 'base64')).toString('hex'))
  if (signer === undefined) return 'certificate not known'
  if (covers === 'whole' && !isPlain(parts)) return 'over comments, CDATA or instructions'
  if (covers === 'whole' && !isRewritable(parts)) return 'over base64 with white space'
  return { signer, covers, algorithm: isLegacy ? ', by SHA-1' : '' }
}

/** Blocks by their `Id` and files, or the document as a whole and files. */
function coveredBy(signature: Node): Look['covers'] | null {
  const uris = childrenOf(childOf(signature, 'SignedInfo'), 'Reference').map(
    ({ attributes }) => attributes['URI'] ?? '',
  )
  const parts = uris.filter((uri) => !uri.startsWith('cid:'))
  if (parts.length === 1 && parts[0] === '') return 'whole'
  return parts.every((uri) => uri.startsWith('#')) ? 'blocks' : null
}

function algorithmsIn(node: Node): readonly string[] {
  return [node.attributes['Algorithm'] ?? '', ...node.children.flatMap(algorithmsIn)]
}

function openSignedBlocks(
  { root, contents, original }: Parts,
  signer: KnownCertificate,
  now: number,
): Pick<Parts, 'root' | 'contents'> {
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
  return { root: signedRoot, contents: listedContents(signedRoot, byUri) }
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
