import type { Json } from '../../schemas/message.ts'
import type { BodyPart, DraftPart } from './body-parts.ts'

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

/** A message whose body may ask for the gateway's signature; dialects see no key, so `workers/seal` signs. */
export interface Draft extends Omit<Encoded, 'parts'> {
  readonly parts?: readonly DraftPart[]
}

/** The dialect cannot express this message; reported, never dropped. */
export interface Unsupported {
  readonly kind: 'unsupported'
  readonly reason: string
}

export const unsupported = (reason: string): Unsupported => ({ kind: 'unsupported', reason })

/** A value as the JSON that goes out. */
export const encodedJson = (value: Json | object): Encoded => ({
  ...{ kind: 'encoded', seal: 'none', contentType: 'application/json; charset=utf-8', headers: {} },
  body: Buffer.from(JSON.stringify(value)),
})

/** The value that `encodedJson` has written. */
export const writtenIn = ({ body }: Pick<Encoded, 'body'>): Json =>
  JSON.parse(Buffer.from(body).toString('utf8')) as Json
