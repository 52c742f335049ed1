import { readFileSync } from 'node:fs'
import { openParts, type BodyPart, type DraftPart } from '../../../../adapters/agencies/body-parts.ts'
import type { EdxmlDocument } from '../../../../adapters/agencies/edxml/document.ts'
import { encodeDocument } from '../../../../adapters/agencies/edxml/encode.ts'
import { edxmlDefaults, type EdxmlOptions } from '../../../../adapters/agencies/edxml/options.ts'
import { readEdxml } from '../../../../adapters/agencies/edxml/read-message.ts'
import { GatewayError } from '../../../../schemas/errors.ts'
import type { Message, Payload } from '../../../../schemas/message.ts'
import type { SigningKey } from '../../../../signing/keys.ts'
import { signParts } from '../../../../workers/sign-parts.ts'
import { messageOf } from '../../../contracts/dialect.ts'
import { senderRsa } from '../../../signing/parties.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { unsigned } from '../../../support/parts.ts'

export const fixture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/edxml/${name}`, import.meta.url), 'utf8')

/** Bytes in pieces of so many. */
export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

interface Reading {
  readonly options?: Partial<EdxmlOptions>
  readonly files?: ReturnType<typeof memoryFiles>
  readonly pieceBytes?: number
}

export function read(xml: string | Uint8Array, given: Reading = {}): Promise<EdxmlDocument> {
  const { options = {}, files = memoryFiles(), pieceBytes = 7 } = given
  return readEdxml(inPieces(Buffer.from(xml), pieceBytes), { ...edxmlDefaults, ...options }, files)
}

/** A message as intake would have stored it. */
export const stored = (action: 'document.letter' | 'document.status', payload: Payload): Message => ({
  ...messageOf(action),
  payload,
})

export async function textOf(parts: readonly BodyPart[], files = memoryFiles()): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of openParts(parts, (id) => files.read(id))) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

/** The parts of a message's body, still to be signed where it asks for it. Throws where it is unsupported. */
export function draftOf(message: Message, options: Partial<EdxmlOptions> = {}): readonly DraftPart[] {
  const written = encodeDocument(message, { ...edxmlDefaults, ...options })
  if (written.kind === 'unsupported') throw new Error(written.reason)
  return written.parts
}

/** The parts of a message's body. Throws where it is unsupported, or asks for a signature. */
export const partsOf = (message: Message, options: Partial<EdxmlOptions> = {}): readonly BodyPart[] =>
  unsigned(draftOf(message, options))

/** A message as it goes out, signed where its options ask for it. */
export async function write(
  message: Message,
  {
    options,
    files = memoryFiles(),
    key = senderRsa,
  }: Omit<Reading, 'pieceBytes'> & { readonly key?: SigningKey } = {},
): Promise<string> {
  const open = (parts: readonly BodyPart[]) => openParts(parts, (id) => files.read(id))
  return textOf(await signParts(draftOf(message, options), { sealKey: key, openParts: open }), files)
}

/** The code of the refusal that something ends with. */
export const codeOf = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'none',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  )
