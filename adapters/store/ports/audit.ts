import type { AuditEntry } from '../../../schemas/audit.ts'

/** Which entries to read, newest first. */
export interface AuditQuery {
  readonly body?: string
  readonly act?: string
  readonly object?: string
  readonly credentialId?: string
  /** From, inclusive, and to, exclusive, in ms. */
  readonly from?: number
  readonly to?: number
  /** Id of the last entry already read. */
  readonly before?: string
  readonly limit: number
}

/** What was done by whom. A change writes its entry in its own transaction (`insertAudit`); only what changes nothing is written alone. */
export interface AuditStore {
  /** Writes entries of reads. */
  recordAudit(entries: readonly AuditEntry[]): Promise<void>
  listAudit(query: AuditQuery): Promise<readonly AuditEntry[]>
}
