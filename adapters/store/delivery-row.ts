import type { DeliveryState } from '../../schemas/message.ts'

/** A row of `delivery`. Times in ms; a lease is the relay's while `due`, a worker's while `sending`. */
export interface DeliveryRow {
  readonly id: Uint8Array
  readonly message_id: Uint8Array
  readonly recipient: string
  readonly lane_id: Uint8Array
  readonly seq: number
  readonly state: DeliveryState
  readonly priority: number
  readonly due_at: number | null
  readonly claims: number
  readonly attempts: number
  readonly lease_owner: string | null
  readonly lease_until: number | null
  readonly accepted_at: number
  readonly hold_at_accept: number
  readonly expires_at: number | null
  readonly settled_at: number | null
  /** Said by the operator who wants it skipped: it is, once it heads its lane. Nothing hands it out any more. */
  readonly skip_reason: string | null
  readonly sealed_digest: Uint8Array | null
  /** Sent, if at all, in the lease before; the recipient is asked whether it came. */
  readonly doubted_at: number | null
}

/** Who holds what is claimed or leased, and until when (ms). */
export interface Lease {
  readonly owner: string
  readonly now: number
  readonly until: number
}

export const noLease = { lease_owner: null, lease_until: null } as const
