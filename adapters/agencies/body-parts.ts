import { encodeBase64 } from './base64.ts'
import { oneEntry } from './zip.ts'

/**
 * A part of a body that is too large to be held: text, the bytes of a stored file, or other parts in a coding. Plain data, so that
 * writing a message stays pure; whoever sends it opens the files.
 */
export type BodyPart =
  | string
  | { readonly file: string }
  | { readonly base64: readonly BodyPart[] }
  /** A ZIP archive of one entry of this name. */
  | { readonly zip: readonly BodyPart[]; readonly entry: string }

/** What a signature covers: blocks of XML, each by its `Id` and with the namespaces that it uses, and the bytes of files by their URIs. */
export interface Covering {
  readonly blocks: readonly { readonly id: string; readonly xml: string }[]
  readonly files: readonly { readonly uri: string; readonly content: readonly BodyPart[] }[]
}

/** A part of a body that may still have to be signed: where it says `sign`, the gateway's signature will stand. */
export type DraftPart = BodyPart | { readonly sign: Covering }

/** Opens a stored file. */
export type ReadFile = (id: string) => Promise<AsyncIterable<Uint8Array>>

/** The bytes of a body, one piece at a time; the same for the same parts. */
export async function* openParts(parts: readonly BodyPart[], read: ReadFile): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (typeof part === 'string') yield Buffer.from(part)
    else if ('file' in part) yield* await read(part.file)
    else if ('base64' in part) yield* encodeBase64(openParts(part.base64, read))
    else yield* oneEntry(part.entry, openParts(part.zip, read))
  }
}
