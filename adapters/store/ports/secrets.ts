import type { AuditEntry } from '../../../schemas/audit.ts'
import type { AgencySecret, SecretDates } from '../../../schemas/secret.ts'

/** Makes the entry of a change from the dates before and after it. */
type AuditSecrets = (before: readonly SecretDates[], after: readonly SecretDates[]) => AuditEntry

/** Secrets that the gateway uses towards bodies, sealed under the master keys. Each change raises their version. */
export interface SecretStore {
  /** Every value that is kept, newest first. One that no loaded master key opens is left out. */
  loadSecrets(): Promise<{ readonly version: number; readonly secrets: readonly AgencySecret[] }>
  secretsVersion(): Promise<number>
  /** Dates of what is not over at `now`, by name, newest first. */
  listSecrets(agency: string, now: number): Promise<readonly SecretDates[]>
  /**
   * Adds a value; the earlier ones of the name end at `formerUntil` at the latest, and no more than `most` are kept. The value that is
   * newest already changes nothing. Returns the dates of the name.
   */
  putSecret(
    secret: AgencySecret,
    how: {
      readonly now: number
      readonly formerUntil: number
      readonly most: number
      readonly audit: AuditSecrets
    },
  ): Promise<readonly SecretDates[]>
  /** Forgets every value of a name. False: there was none. */
  dropSecret(
    agency: string,
    name: string,
    how: { readonly now: number; readonly audit: AuditSecrets },
  ): Promise<boolean>
}
