/** A file that somebody asks for by a link of this gateway, whole or in part. */
export interface FileDeed {
  readonly kind: 'file'
  /** As a message had it. */
  readonly link: string
  /** A Range header, where there is one. */
  readonly range: string | undefined
  /** Bytes of what is answered. */
  readonly mostBytes: number
}

/** What of a file is read; nothing has come yet. */
export interface FileDone {
  readonly kind: 'file'
  /** `bytes 0-99/1234` where it is a part. */
  readonly part: string | null
  /** Bytes that will come; null where its owner does not say. */
  readonly size: number | null
  readonly bytes: AsyncIterable<Uint8Array>
}
