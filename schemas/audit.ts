import type { Caller } from './agency.ts'
import type { Json } from './message.ts'

/** One act of administration, or one read of personal data: who, what, to what, and how it was before and after. Holds no secret. */
export interface AuditEntry {
  /** UUIDv7. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly credentialId: string
  /** Name of the person behind the credential; null for a system. */
  readonly person: string | null
  /** The body the caller stands for; null for the gateway's own people. */
  readonly agency: string | null
  /** `<noun>.<verb>`, such as `agency.update`, `delivery.skip`, `message.read`. */
  readonly act: string
  /** What it was done to: a code or an id. */
  readonly object: string
  /** The body that the object belongs to, by which a body's administrator may find it; null where there is none. */
  readonly body: string | null
  readonly before: Json
  readonly after: Json
  /** Said by the person. */
  readonly reason: string | null
}

/** What was done; who and when are added by `auditEntry`. */
export type Act = Pick<AuditEntry, 'act' | 'object'> &
  Partial<Pick<AuditEntry, 'body' | 'before' | 'after' | 'reason'>>

/** Completes an act with who and when. */
export function auditEntry(
  { credentialId, person, agency }: Caller,
  act: Act,
  { id, at }: Pick<AuditEntry, 'id' | 'at'>,
): AuditEntry {
  const silent = { body: null, before: null, after: null, reason: null }
  return { ...silent, ...act, id, at, credentialId, person, agency }
}
