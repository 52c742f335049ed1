import type { Payload } from '../../../schemas/message.ts'

/** A file of a letter. Its bytes lie in the store of files; the letter holds this. */
export interface Attachment {
  /** Without `cid:`. */
  readonly contentId: string
  /** As people know it, with its ending. */
  readonly name: string
  /** Media type by its first bytes; what its sender declares stands in the payload's `ContentType`. */
  readonly type: string
  readonly size: number
  /** Hex. */
  readonly sha256: string
  /** Id of the stored file. */
  readonly file: string
  /** `corrupt-pdf`: destroyed by a conversion of text; `bad-zip`: cannot be unpacked, and is kept as it came. */
  readonly fault?: 'corrupt-pdf' | 'bad-zip'
}

/** What is known of a message's signature: it is evaluated where its certificate is known and its form is (edXML §6.2). */
export type SignatureState = 'none' | 'not-evaluated' | 'verified'

interface Common {
  /** Canonical: the names are edXML's own, organisations by the codes of the directory, dates as yyyyMMddHHmmss. */
  readonly payload: Payload
  /** Code of `From`, as the directory writes it; empty where there is none. */
  readonly sender: string
  /** Whom it is for, as the directory writes them. */
  readonly recipients: readonly string[]
  readonly signature: SignatureState
  /** Who has signed, or why the signature was not evaluated: `Signature: verified, H49`; empty where there is none. */
  readonly flags: readonly string[]
  /** The exact bytes that came, without the contents of attachments. */
  readonly original: Uint8Array
}

/** A letter, new or about an earlier one (`Bussiness`). Its payload names the attachments too. */
export interface Letter extends Common {
  readonly kind: 'letter'
  readonly action: 'document.letter'
  readonly attachments: readonly Attachment[]
}

/** A report on a letter: `StatusCode` with its leading zero. */
export interface Status extends Common {
  readonly kind: 'status'
  readonly action: 'document.status'
}

export type EdxmlDocument = Letter | Status
