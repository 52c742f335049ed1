import { Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import { bounds } from '../../../schemas/bounds.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { decodeBase64 } from '../base64.ts'
import type { Keeping } from '../content.ts'
import { createCursor, type Cursor } from '../cursor.ts'
import type { Content } from './attachments.ts'
import { createTreeReader, type TreeReader } from './read-tree.ts'
import { childOf, childrenOf, type Node } from './tree.ts'
import { watchPdf } from './watch-pdf.ts'

const lessThan = 0x3c
const greaterThan = 0x3e

/** Files that one message may carry: a payload refers to no more. */
const mostFiles = 200

export interface Parts {
  readonly root: Node
  /** By `Attachment`. */
  readonly contents: ReadonlyMap<Node, Content>
  readonly original: Uint8Array
}

/** Reads a document, contents of attachments straight into the store of files; all else is held. */
export async function readParts(source: AsyncIterable<Uint8Array>, keeping: Keeping): Promise<Parts> {
  const cursor = createCursor(source)
  const tree = createTreeReader()
  const contents = new Map<Node, Content>()
  const markup: Buffer[] = []
  const write = createWriter(tree, markup)
  let place = 0
  for (
    let piece = await cursor.through(greaterThan);
    piece !== null;
    piece = await cursor.through(greaterThan)
  ) {
    write(piece)
    place += piece.byteLength
    if (piece.at(-1) !== greaterThan) continue // in the middle of a tag
    const attachment = attachmentAt(tree)
    if (attachment === undefined || contents.has(attachment)) continue
    if (contents.size >= mostFiles)
      throw new GatewayError('too_large', { reason: `more than ${mostFiles} files` })
    const content = await keepContent(cursor, contents.size, keeping)
    if (content !== undefined) contents.set(attachment, placed(content, place))
  }
  const root = tree.end()
  await addTexts(root, contents, keeping)
  return { root, contents, original: Buffer.concat(markup) }
}

/** The attachment whose content begins now. */
function attachmentAt(tree: TreeReader): Node | undefined {
  const [outer, inner] = tree.open()
  return outer?.name === 'Attachment' && inner?.name === 'ContentTransferEncoded' ? outer : undefined
}

/** Hands markup on as text, as long as it is not too much. */
function createWriter(tree: TreeReader, markup: Buffer[]): (piece: Buffer) => void {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let size = 0
  return (piece) => {
    size += piece.byteLength
    if (size > bounds.originalBytes)
      throw new GatewayError('too_large', {
        reason: `more than ${bounds.originalBytes} bytes beside the contents of attachments`,
      })
    markup.push(piece)
    tree.write(textOf(decoder, piece))
  }
}

function textOf(decoder: TextDecoder, piece: Buffer): string {
  try {
    return decoder.decode(piece, { stream: true })
  } catch (cause) {
    throw new GatewayError('malformed_xml', { reason: 'not UTF-8', cause })
  }
}

/** Nothing where an element is empty, or begins with markup such as CDATA. */
async function keepContent(cursor: Cursor, at: number, keeping: Keeping): Promise<Came | undefined> {
  const encoded = cursor.before(lessThan)
  const first = await encoded.next()
  if (first.done === true) return undefined
  let length = first.value.byteLength
  async function* whole(begin: Buffer): AsyncGenerator<Buffer> {
    yield begin
    for await (const piece of encoded) {
      length += piece.byteLength
      yield piece
    }
  }
  const content = await keepBase64(whole(first.value), `Attachment[${at}]`, keeping)
  return { content, length }
}

interface Came {
  readonly content: Content
  /** Bytes of its base64, white space included. */
  readonly length: number
}

const placed = ({ content, length }: Came, place: number): Content =>
  length === Math.ceil(content.file.size / 3) * 4 ? { ...content, place } : content

async function keepBase64(
  encoded: AsyncIterable<Buffer>,
  attachment: string,
  keeping: Keeping,
): Promise<Content> {
  const watch = watchPdf(decodeBase64(encoded, `${attachment}.ContentTransferEncoded`))
  const file = await keeping.keep(watch.bytes)
  return { file, isCorrupt: watch.isCorrupt() }
}

/** Content in CDATA was read as text. Content in two pieces has two readings. */
async function addTexts(root: Node, contents: Map<Node, Content>, keeping: Keeping): Promise<void> {
  for (const node of childrenOf(childOf(root, 'AttachmentEncoded'), 'Attachment')) {
    const text = (childOf(node, 'ContentTransferEncoded')?.text ?? '').trim()
    if (text === '') continue
    if ((contents.get(node)?.file.size ?? 0) > 0)
      throw new GatewayError('malformed_xml', { field: 'ContentTransferEncoded', reason: 'markup in base64' })
    contents.set(node, await keepBase64(Readable.from([Buffer.from(text)]), 'Attachment', keeping))
  }
}
