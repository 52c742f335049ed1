import type { KeyObject } from 'node:crypto'

/** An answer over the network, read whole within the limits of the call. */
export interface TransportAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Why a call gave no answer. `unsent`: nothing reached the other side; `ambiguous`: it may have; `configuration`: TLS or a refused address. */
export interface TransportFailure {
  readonly failure: 'unsent' | 'ambiguous' | 'configuration'
  readonly code: string
  readonly reason: string
}

/** A body that is too large to be held. Each `open` writes the same bytes anew. */
export interface StreamedBody {
  /** Bytes. */
  readonly size: number
  /** Hex. */
  readonly sha256: string
  readonly open: () => AsyncIterable<Uint8Array>
}

/**
 * The one way out. Follows no redirect; bounded in time and size; never throws for what the other side does. Mail goes to `smtps:` or
 * `smtp:`: the headers are those of the mail, the body its text, and the answer has the HTTP status that means the same.
 */
export interface Transport {
  post(call: {
    /** POST unless given. */
    readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: Uint8Array
    /** The body where it is too large to be held; `body` is then empty. */
    readonly streamed?: StreamedBody | undefined
    readonly timeoutMs: number
    readonly maxAnswerBytes: number
    /** Where the body of an answer 2xx goes as it comes; `body` is then empty. A GatewayError that it throws is thrown on. */
    readonly receive?: (
      bytes: AsyncIterable<Uint8Array>,
      headers: Readonly<Record<string, string>>,
    ) => Promise<void>
  }): Promise<TransportAnswer | TransportFailure>
}

/** What is remembered of one recipient from one delivery to the next, by the words that name a thing. */
export interface Notes {
  find(thing: readonly string[]): Promise<string | null>
  /** Durable before it answers; the last note counts. */
  keep(thing: readonly string[], note: string): Promise<void>
}

/** Credentials of one agency that a dialect may use for its own marks; never the axis seal. */
export interface AgencyKeys {
  /** Every value of a secret that holds now, newest first: two or more while it is changed. */
  readonly secrets: (name: string) => readonly string[]
  readonly privateKey: (name: string) => KeyObject | undefined
}
