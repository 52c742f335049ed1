import { readFileSync } from 'node:fs'
import { openParts } from '../../../../adapters/agencies/body-parts.ts'
import type { EdxmlDocument } from '../../../../adapters/agencies/edxml/document.ts'
import { encodeDocument } from '../../../../adapters/agencies/edxml/encode.ts'
import { edxmlDefaults, type EdxmlOptions } from '../../../../adapters/agencies/edxml/options.ts'
import { readEdxml } from '../../../../adapters/agencies/edxml/read-message.ts'
import type { Message, Payload } from '../../../../schemas/message.ts'
import { messageOf } from '../../../contracts/dialect.ts'
import { memoryFiles } from '../../../support/memory-files.ts'

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

export async function textOf(parts: Parameters<typeof openParts>[0], files = memoryFiles()): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of openParts(parts, (id) => files.read(id))) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

/** The XML of a message. Throws where it is unsupported. */
export async function write(message: Message, given: Omit<Reading, 'pieceBytes'> = {}): Promise<string> {
  const written = encodeDocument(message, { ...edxmlDefaults, ...given.options })
  if (written.kind === 'unsupported') throw new Error(written.reason)
  return textOf(written.parts, given.files)
}
