import type { Readable } from 'node:stream'

/** A stored blob: where it is, and what it is. */
export interface Blob {
  /** Hex of 32 bytes: equal content has an equal address, which says nothing of the content to those without the folder's key. */
  readonly address: string
  /** SHA-256 of the content, lower-case hex. */
  readonly digest: string
  /** Bytes of the content. */
  readonly size: number
}

/** Bytes from `from` to `to`, both counted in. */
export interface Range {
  readonly from: number
  readonly to: number
}

/**
 * Large content, encrypted and found by its content. What is written is durable before `write` answers; a blob that no row
 * of the store names is an orphan, removed when it is old. The folder serves one machine or a shared disk; S3 would be another.
 */
export interface Blobs {
  /** Stores a stream of at most `maxBytes`. Throws `too_large`; leaves nothing behind when the stream ends early. */
  write(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, maxBytes: number): Promise<Blob>
  /** Opens a blob, or the part of it that `range` names. Throws `not_found`, or `undecryptable` where it is not whole. */
  read(address: string, range?: Range): Promise<Readable>
  has(address: string): Promise<boolean>
  /** Removes a blob last written before `before` (ms). False where it is younger or gone. */
  remove(address: string, before: number): Promise<boolean>
  /** Every address, and what uploads that died have left is cleared away on the way where it is older than `before`. */
  addresses(before: number): AsyncIterable<string>
}

/** Bytes kept for a moment on disk instead of in memory: encrypted under a key that is nowhere else, and gone with the process. */
export interface Spooled {
  readonly size: number
  read(): Promise<Buffer>
  /** Gives the disk back. */
  close(): Promise<void>
}

/** Takes a stream of at most `maxBytes` to disk. Throws `too_large`; leaves nothing behind. */
export type Spool = (source: AsyncIterable<Uint8Array>, maxBytes: number) => Promise<Spooled>
