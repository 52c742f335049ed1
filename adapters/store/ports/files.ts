/** A file that a body has uploaded. Its bytes lie in the blob store. */
export interface StoredFile {
  /** UUIDv7. */
  readonly id: string
  /** Code of the body that uploaded it. */
  readonly owner: string
  /** SHA-256, lower-case hex. */
  readonly digest: string
  readonly size: number
  /** Of its blob. */
  readonly address: string
  /** As its first bytes tell, not as its owner says. */
  readonly mediaType: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** A file with the bodies that may have it: its owner, and senders and recipients of the messages that refer to it. */
export type SharedFile = StoredFile & { readonly parties: readonly string[] }

/** Files, and what of the blob store is still needed. */
export interface FileStore {
  insertFile(file: StoredFile): Promise<void>
  findFile(id: string): Promise<SharedFile | null>
  /** The file of this owner whose blob lies at this address: content that comes again is the same file. */
  findFileAt(owner: string, address: string): Promise<StoredFile | null>
  /** Forgets files uploaded before `before` that no message refers to, at most `limit`; answers how many. */
  dropUnusedFiles(before: number, limit: number): Promise<number>
  /** Of these addresses of blobs, those that nothing refers to. */
  unusedAddresses(addresses: readonly string[]): Promise<readonly string[]>
}
