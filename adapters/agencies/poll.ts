import type { Agency } from '../../schemas/agency.ts'
import type { Payload } from '../../schemas/message.ts'
import type { Content, Keeping } from './content.ts'
import type { AgencyKeys, Transport } from './transport.ts'

/** A partner's server as a dialect reaches it. */
export interface Partner {
  readonly agency: Agency
  readonly transport: Transport
  readonly keys: AgencyKeys
  /** Where files go that come with what is fetched. */
  readonly keeping: Keeping
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** What was settled of a list that is whole each time: names of its things, with their versions. */
  readonly settled: (list: string) => Promise<ReadonlyMap<string, string>>
  /** A row of a shared catalogue as it stands here: the payload of its last change. */
  readonly catalogRow: (catalog: string, code: string) => Promise<Payload | undefined>
}

/** One thing that a partner's server holds for us. */
export interface Waiting {
  /** Names it to the partner, and in the log. */
  readonly id: string
  /** What else the partner's list says of it, for the dialect. */
  readonly about: Readonly<Record<string, string>>
  /**
   * Its place in a list that never gets shorter: the next list begins after the last mark that was settled. What cannot be settled
   * holds back all that stands behind it.
   */
  readonly mark?: string
  /**
   * Where the list is whole each time: what is remembered of the thing once it is settled, for the next list to leave out what is not
   * new. At most 100 characters; null = it is forgotten.
   */
  readonly settles?: { readonly list: string; readonly name: string; readonly version: string | null }
}

/** What became of a thing, for the partner to be told. `taken`: it is stored here, now or before. */
export type Verdict =
  { readonly kind: 'taken' } | { readonly kind: 'refused'; readonly code: string; readonly reason: string }

/**
 * How a partner whose server holds messages for us is asked for them: list, fetch, and, once they are stored, acknowledge. Does I/O
 * through the transport alone. Each step throws GatewayError `unavailable` where the partner does not do what it is asked.
 */
export interface Poll {
  /** Seconds between two polls of an agency; 0 = it is not polled. */
  readonly everySeconds: (agency: Agency) => number
  /** Things that one poll takes; 100 where absent. What is beyond comes at once in the next. */
  readonly most?: number
  /** What waits, in the order in which it is to be taken; `after` is the last mark that was settled, null where none has one. */
  list(partner: Partner, after: string | null): Promise<readonly Waiting[]>
  /**
   * The messages of one thing, none where it holds none; what cannot be read is `unreadable`. What is fetched twice must be told by
   * its reference or its natural key: a crash before `acknowledge` leads to a second fetch.
   */
  fetch(waiting: Waiting, partner: Partner): Promise<readonly Content[]>
  /** Ends a thing at the partner, so that its list does not hold it any more. */
  acknowledge(waiting: Waiting, verdict: Verdict, partner: Partner): Promise<void>
}
