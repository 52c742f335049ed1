import type { DeliveryState, Message } from '../../schemas/message.ts'
import type { SignedReceipt } from '../../schemas/receipt.ts'
import type { Acceptance, AcceptResult } from './ports/accept.ts'
import type { AgencyStateStore } from './ports/agency-state.ts'
import type { AuditStore } from './ports/audit.ts'
import type { CatalogStore } from './ports/catalog.ts'
import type { ContactStore } from './ports/contacts.ts'
import type { CredentialStore } from './ports/credentials.ts'
import type { DeliveryStore } from './ports/deliveries.ts'
import type { FileStore } from './ports/files.ts'
import type { LookupStore } from './ports/lookup.ts'
import type { NoteStore } from './ports/notes.ts'
import type { NumberStore } from './ports/numbers.ts'
import type { OutcomeStore } from './ports/outcomes.ts'
import type { ListingStore } from './ports/listing.ts'
import type { OrganisationStore } from './ports/organisations.ts'
import type { PollStore } from './ports/polls.ts'
import type { PaymentStore } from './ports/payments.ts'
import type { RegistryStore } from './ports/registry.ts'
import type { SecretStore } from './ports/secrets.ts'
import type { SubjectStore } from './ports/subjects.ts'
import type { TrafficStore } from './ports/traffic.ts'
import type { MessageView } from './views.ts'

export type { NewDelivery, NewCatalogChange, Acceptance, AcceptResult } from './ports/accept.ts'
export type { AgencyState, DeliveryView, MessageView, CredentialRow } from './views.ts'

/** A delivery that a worker, or a recipient's pull, now holds. */
export interface Claimed {
  readonly deliveryId: string
  readonly recipient: string
  /** Who holds the lease; an ending must come from the same. */
  readonly owner: string
  readonly priority: number
  /** Claims so far, this one included. */
  readonly claims: number
  /** Attempts that ended in an outcome. */
  readonly attempts: number
  readonly message: Message
  readonly original: Uint8Array
  readonly originalDigest: Uint8Array
  readonly contentHash: Uint8Array
  /** Said by the operator who has it skipped; null for all others. */
  readonly skipReason: string | null
  /** Since when (ms) it is not known whether it arrived, where its recipient can be asked; null for all others. */
  readonly doubtedAt: number | null
  /** Milliseconds of age that count: time paused or behind an open breaker is left out. */
  readonly ageMs: number
}

/** The end of one attempt, or of a delivery without an attempt (expired). */
export interface Ending {
  readonly deliveryId: string
  /** Lease owner that must still hold the row; else the ending is void. */
  readonly owner: string
  readonly state: Exclude<DeliveryState, 'behind' | 'sending'>
  /** When to try again, if `state` is `due`. */
  readonly dueAt: number | null
  /** Since when (ms) it is not known whether it arrived, if its recipient is to be asked; absent ends a doubt. */
  readonly doubtedAt?: number
  readonly attempt: {
    readonly at: number
    readonly durationMs: number
    /** Outcome kind. */
    readonly outcome: string
    readonly code: string | null
    /** Shown to the sender; holds nothing secret. */
    readonly reason: string | null
  } | null
  readonly receipts: readonly SignedReceipt[]
}

export interface EndingResult {
  /** False where the lease was lost: nothing was written for it. */
  readonly recorded: boolean
  /** Deliveries freed behind it, born leased when a lease was asked for. */
  readonly freed: readonly { readonly id: string; readonly agency: string }[]
}

/**
 * The only SQL. Each function is one business act in one transaction (READ COMMITTED on MySQL, BEGIN IMMEDIATE on SQLite);
 * deadlocks and lock time-outs (1213, 1205, 1020) are retried at most 10 times inside. Throws GatewayError('unavailable') when the
 * database cannot be reached. Ids are UUID text, times are ms.
 */
export interface Store
  extends
    AgencyStateStore,
    AuditStore,
    CatalogStore,
    ContactStore,
    CredentialStore,
    DeliveryStore,
    FileStore,
    LookupStore,
    NoteStore,
    NumberStore,
    OutcomeStore,
    ListingStore,
    OrganisationStore,
    PollStore,
    PaymentStore,
    RegistryStore,
    SecretStore,
    SubjectStore,
    TrafficStore {
  /** Accepts a batch: ≤ 200 messages and ≤ 4 MiB. Repeats are settled within the batch and against the ledger; result i belongs to batch[i]. */
  acceptMany(batch: readonly Acceptance[]): Promise<readonly AcceptResult[]>
  /** Keeps signed refusals as evidence; they do not take the reference. */
  refuseMany(receipts: readonly SignedReceipt[]): Promise<void>

  /** Claims due deliveries (of an agency neither paused nor behind an open breaker) for a worker, counts the claim, reads message and original. Ids not claimable are left out. */
  claimMany(
    ids: readonly string[],
    lease: { owner: string; now: number; until: number },
  ): Promise<readonly Claimed[]>
  /** Claims the next due deliveries of one recipient, for its own pull. */
  takeMany(
    recipient: string,
    max: number,
    lease: { owner: string; now: number; until: number },
  ): Promise<readonly Claimed[]>
  /** Reads one claimed delivery again (for an acknowledgement). */
  findClaimed(deliveryId: string, now: number): Promise<(Claimed & { readonly state: DeliveryState }) | null>
  /** Records endings, moves lanes, frees the next of each. `lease` (if given) is put on what is freed where `mayLease(agency)`. */
  recordMany(
    endings: readonly Ending[],
    next: { owner: string; now: number; until: number; mayLease: (agency: string) => boolean },
  ): Promise<readonly EndingResult[]>

  /** Recipients that have something due and unleased at `now`. */
  dueAgencies(now: number): Promise<readonly string[]>
  /** Numbers of ids that are published or being sent under a live lease, by recipient; one without any is left out. */
  inFlight(recipients: readonly string[], now: number): Promise<ReadonlyMap<string, number>>
  /**
   * Leases the next due ids of a recipient by priority, then due time, then id, as its pace allows over all processes. Empty while
   * it is paused, outside its hours or its breaker is open. `bulkMost`: bulk in flight at most.
   */
  leaseDue(
    recipient: string,
    max: number,
    lease: { owner: string; now: number; until: number },
    bulkMost?: number,
  ): Promise<readonly string[]>
  /**
   * Claims that died (`sending`, lease over): due again, `in_doubt` where `!repeatable(recipient)` and it cannot be asked, or `parked`
   * from `maxClaims` claims on. Returns what was touched.
   */
  sweepClaims(
    now: number,
    rules: {
      maxClaims: number
      repeatable: (agency: string) => boolean
      /** 0 = it cannot be asked what arrived. */
      askAfterSeconds: (agency: string) => number
      limit: number
    },
  ): Promise<readonly { deliveryId: string; recipient: string; state: DeliveryState; messageId: string }[]>
  /** Due, unleased deliveries whose message has expired, leased to `owner` so that `recordMany` can end them. */
  takeExpired(
    limit: number,
    lease: { owner: string; now: number; until: number },
  ): Promise<readonly Claimed[]>

  findMessage(id: string): Promise<MessageView | null>

  /** Deliveries that are not over, by state, for metrics. */
  counts(): Promise<Readonly<Record<string, number>>>
  /** Writes and reads a row; throws when it cannot. */
  ping(): Promise<void>
  migrate(): Promise<void>
  close(): Promise<void>
}
