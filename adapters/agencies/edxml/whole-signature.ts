import { createHash, randomUUID } from 'node:crypto'
import { GatewayError } from '../../../schemas/errors.ts'
import type { KnownCertificate } from '../../../signing/open.ts'
import { openWhole, type Told } from '../../../signing/whole-signature.ts'
import { encodeBase64 } from '../base64.ts'
import type { Keeping } from '../content.ts'
import type { Content } from './attachments.ts'
import { contentIdOf } from './decode.ts'
import type { EdxmlOptions } from './options.ts'
import type { Parts } from './read-parts.ts'
import { createTreeReader } from './read-tree.ts'
import type { Node } from './tree.ts'

const header = ['edXMLEnvelope', 'edXMLHeader'] as const
const bad = (field: string, reason: string) => new GatewayError('bad_signature', { field, reason })

/** Whether contents can be written again as they came, and so digested with the document. */
export const isRewritable = ({ contents }: Parts): boolean =>
  [...contents.values()].every(({ place }) => place !== undefined)

/** Whether a document holds elements and text alone: what a canonical form would leave out, or write anew, is not digested. */
export function isPlain({ original }: Pick<Parts, 'original'>): boolean {
  const text = Buffer.from(original).toString('latin1')
  return !text.includes('<!') && text.lastIndexOf('<?') <= prologAt
}

/** A prolog stands first, or after a byte order mark. */
const prologAt = 3

interface By {
  readonly signer: KnownCertificate
  readonly keeping: Keeping
  readonly options: Pick<EdxmlOptions, 'acceptLegacySha1'>
}

/**
 * Verifies an enveloped signature over the whole document (edXML §6.1, §6.2). Contents of attachments are read from the store of files
 * as they are digested, and the document is held as before. What is read is what was signed. Throws `bad_signature` and its like.
 */
export async function openSigned(
  parts: Parts,
  { signer, keeping, options }: By,
): Promise<Omit<Parts, 'original'>> {
  const marks = createMarks([...parts.contents.values()])
  const by = { signer, now: keeping.signers.now(), ...options }
  const { canonical, document, files } = openWhole(marks.into(parts.original), [...header, 'Signature'], by)
  const text = canonical.toString()
  await expectDigest('Signature', document, marks.outOf(text, keeping))
  const byUri = new Map([...parts.contents].map(([node, content]) => [`cid:${contentIdOf(node)}`, content]))
  for (const [uri, told] of files) {
    const content = byUri.get(uri)
    if (content === undefined) throw bad(uri.slice(0, 100), 'is signed, and is not there')
    await expectDigest(uri, told, await keeping.read(content.file.id))
  }
  const tree = createTreeReader()
  tree.write(text)
  const root = tree.end()
  return { root, contents: marks.contentsOf(root) }
}

async function expectDigest(
  field: string,
  { hash: name, digest }: Told,
  bytes: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const hash = createHash(name)
  for await (const piece of bytes) hash.update(piece)
  if (!hash.digest().equals(digest)) throw bad(field, 'is not what was signed')
}

interface Marks {
  /** A document with a mark for each content that was left out of it. */
  into(original: Uint8Array): Buffer
  /** A document with its contents in place of the marks. */
  outOf(text: string, keeping: Keeping): AsyncGenerator<string | Uint8Array>
  /** The elements of a document in which the marks stand. */
  contentsOf(root: Node): ReadonlyMap<Node, Content>
}

/** Marks that nobody could have written. */
function createMarks(contents: readonly Content[]): Marks {
  const name = randomUUID()
  const marks = contents.map((_, at) => `${name}:${at};`)
  const mark = new RegExp(`${name}:(\\d+);`)
  const contentAt = (index: string): Content => {
    const content = contents[Number(index)]
    if (content === undefined) throw bad('ContentTransferEncoded', 'is not as it came')
    return content
  }
  function* marked(node: Node): Generator<readonly [Node, Content]> {
    for (const child of node.children) {
      const index = mark.exec(child.text)?.[1]
      if (index !== undefined) yield [node, contentAt(index)]
      yield* marked(child)
    }
  }
  return {
    into(original) {
      const places = contents.map(({ place = 0 }) => place)
      const pieces = [0, ...places].map((start, at) => original.subarray(start, places[at]))
      return Buffer.concat(pieces.flatMap((piece, at) => [piece, Buffer.from(marks[at] ?? '')]))
    },
    async *outOf(text, keeping) {
      for (const [at, piece] of text.split(mark).entries())
        if (at % 2 === 0) yield piece
        else yield* encodeBase64(await keeping.read(contentAt(piece).file.id))
    },
    contentsOf(root) {
      const found = new Map(marked(root))
      if (found.size !== contents.length) throw bad('Attachment', 'is not as it came')
      return found
    },
  }
}
