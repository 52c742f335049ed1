import type { BodyPart } from './body-parts.ts'

/** A message in the recipient's own form. `seal` asks `workers/deliver` for the axis seal over the sender's envelope. */
export interface Encoded {
  readonly kind: 'encoded'
  readonly seal: 'axis' | 'none'
  readonly contentType: string
  /** The body to send; empty when `seal` is `axis`: the sealed envelope becomes the body. */
  readonly body: Uint8Array
  /** The body where it is too large to be held; `body` is then empty. */
  readonly parts?: readonly BodyPart[]
  readonly headers: Readonly<Record<string, string>>
}

/** The dialect cannot express this message; reported, never dropped. */
export interface Unsupported {
  readonly kind: 'unsupported'
  readonly reason: string
}
