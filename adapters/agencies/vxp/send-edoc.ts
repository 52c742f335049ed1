import { GatewayError } from '../../../schemas/errors.ts'
import type { DoorRequest, Incoming, Trusted } from '../content.ts'
import type { Guest } from '../door.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import { toDirectory } from '../edxml/organ.ts'
import { readEdxml } from '../edxml/read-message.ts'
import { argumentsOf, type Arguments } from './arguments.ts'
import { inGroups } from './documents.ts'
import { createFileHash } from './file-hash.ts'
import type { VxpOptions } from './options.ts'

/** What was read of the body of a `sendEdoc`. */
export interface TakenEdoc {
  readonly document: EdxmlDocument
  /** Hex SHA-256 of the file without the line end after it. */
  readonly digest: string
}

/**
 * Reads a message as it comes, its files straight into the store. Throws `invalid_field` where `hash-file` is given and none of its
 * spellings fits.
 */
export async function takeEdoc(
  { bytes, keeping }: Incoming,
  request: DoorRequest,
  { options }: Guest<VxpOptions>,
): Promise<TakenEdoc> {
  const told = argumentsOf(request).text('hash-file')
  const { document, hash } = await readHashed({ bytes, keeping }, options)
  if (told !== '' && !hash.isToldBy(told))
    throw new GatewayError('invalid_field', { field: 'hash-file', reason: 'is not that of the file' })
  return { document, digest: hash.digest() }
}

/** Reads a message, and hashes what it was read from. */
export async function readHashed(
  { bytes, keeping }: Incoming,
  options: VxpOptions,
): Promise<{ readonly document: EdxmlDocument; readonly hash: ReturnType<typeof createFileHash> }> {
  const hash = createFileHash()
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      hash.take(piece)
      yield piece
    }
  }
  return { document: await readEdxml(hashed(), options, keeping), hash }
}

/** What a document came with: the arguments, and what its client signed, empty where it signs nothing. */
interface Given {
  readonly args: Arguments
  readonly signature: string
}

/**
 * The messages of a document. It has no request id: it is known again by system, signature and content, for the client itself may
 * post one twice (edxml §8.1.8, §11.18).
 */
export function contentsOf(
  { document, digest }: TakenEdoc,
  { args, signature }: Given,
  { agency, options }: Guest<VxpOptions>,
): readonly Trusted[] {
  const { action, payload, flags, original } = document
  const sender = inDirectory(senderOf(document, args, options) || agency.code)
  const key = ['vxp.sendEdoc', args.text('systemid'), signature, digest]
  return inGroups(recipientsOf(document, args, options).map(inDirectory)).map((recipients, at) => ({
    ...{ kind: 'trusted', header: { sender, recipients, action }, naturalKey: [...key, String(at)] },
    ...{ payload, flags, original },
  }))
}

/** Systems under test write codes in small letters; the directory has none (edxml §1.1). */
const inDirectory = (code: string): string => code.toUpperCase()

/** The document itself names its sender; a `from` beside must name the same. */
function senderOf({ sender }: EdxmlDocument, args: Arguments, options: VxpOptions): string {
  const from = args.text('from')
  const named = from === '' ? '' : toDirectory(from, options)
  if (named !== '' && sender !== '' && named.toLowerCase() !== sender.toLowerCase())
    throw new GatewayError('invalid_field', { field: 'from', reason: `the document is from ${sender}` })
  return sender === '' ? named : sender
}

/** `to` is a list as JSON text, and may be missing: the document names its recipients too. */
function recipientsOf(
  { recipients }: EdxmlDocument,
  args: Arguments,
  options: VxpOptions,
): readonly string[] {
  const text = args.text('to')
  if (text === '') return recipients
  const to = listIn(text)
  if (to === undefined)
    throw new GatewayError('invalid_field', { field: 'to', reason: 'not a list of codes' })
  return to.length === 0 ? recipients : [...new Set(to.map((code) => toDirectory(code, options)))]
}

function listIn(text: string): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every((code) => typeof code === 'string') ? list : undefined
  } catch {
    return undefined
  }
}
