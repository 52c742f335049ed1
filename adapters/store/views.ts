import type { Role } from '../../schemas/agency.ts'
import type { CredentialKind } from '../../schemas/credential.ts'
import type { DeliveryState, Message } from '../../schemas/message.ts'
import type { Pace } from '../../schemas/pace.ts'
import type { SignedReceipt } from '../../schemas/receipt.ts'

/** Shared state of one recipient, for N processes. Times in ms. */
export interface AgencyState {
  readonly agency: string
  readonly paused: boolean
  readonly pauseReason: string | null
  readonly pace: Pace
  /** Outside the hours of its pace until then; 0 = inside. */
  readonly shutUntil: number
  readonly failures: number
  /** Breaker is open until then; 0 = closed. After it, one probe may go. */
  readonly openUntil: number
  /** How often it opened in a row, for its back-off. */
  readonly openings: number
  /** When it last closed: the window ramps up from here. */
  readonly closedAt: number
}

export interface DeliveryView {
  readonly id: string
  readonly recipient: string
  readonly state: DeliveryState
  readonly dueAt: number | null
  readonly attempts: readonly {
    readonly at: number
    readonly durationMs: number
    readonly outcome: string
    readonly code: string | null
    readonly reason: string | null
  }[]
}

export interface MessageView {
  readonly message: Omit<Message, 'payload'>
  readonly deliveries: readonly DeliveryView[]
  readonly receipts: readonly SignedReceipt[]
}

/** A credential as a registry file gives it. */
export interface CredentialRow {
  readonly id: string
  /** `key` unless said. */
  readonly kind?: CredentialKind
  /** Name of the person it belongs to; null for a system's. */
  readonly person: string | null
  readonly agency: string | null
  readonly roles: readonly Role[]
  readonly validFrom: number
  readonly validTo: number
}
