import type { AuditEntry } from '../../../schemas/audit.ts'
import type { Credential } from '../../../schemas/credential.ts'

/** A credential with what proves it. */
export interface StoredCredential extends Credential {
  /** SHA-256 of its secret, or of its certificate; after a rotation that of before too, until its time is over. */
  readonly proofs: readonly Uint8Array[]
  /** Tokens issued before then are void. */
  readonly tokensFrom: number
}

/** What a change writes. */
export interface CredentialPatch {
  readonly revokedAt?: number
  readonly unlockedAt?: number
  readonly validTo?: number
  readonly tokensFrom?: number
  /** A new proof; the present one works until `formerUntil`, null = no longer. One of before that is gone at once. */
  readonly proof?: { readonly hash: Uint8Array; readonly formerUntil: number | null }
}

/** What is done to a credential, and the entry that tells of it. */
export interface CredentialChange {
  readonly patch: CredentialPatch
  readonly entry: AuditEntry
}

export interface CredentialQuery {
  /** Bodies to look at; absent = all, and the gateway's own people. */
  readonly agencies?: readonly string[]
  /** Id of the last one already read. */
  readonly after?: string
  readonly limit: number
}

/** Who may call, as rows. */
export interface CredentialStore {
  /** By the hash of its secret or certificate. */
  findByProof(hash: Uint8Array, now: number): Promise<StoredCredential | null>
  findCredential(id: string, now: number): Promise<StoredCredential | null>
  /** In order of id. */
  listCredentials(query: CredentialQuery, now: number): Promise<readonly Credential[]>
  /** False where the proof is another credential's already. */
  createCredential(
    credential: Credential,
    proof: { readonly hash: Uint8Array; readonly entry: AuditEntry },
  ): Promise<boolean>
  /**
   * Changes a credential as `decide` says of it, read under its lock; what `decide` throws undoes all. Null where there is none;
   * `taken` where the new proof is another credential's already.
   */
  changeCredential(
    id: string,
    now: number,
    decide: (found: StoredCredential) => CredentialChange,
  ): Promise<StoredCredential | null | 'taken'>
  /** Notes a use, unless one was noted within the hour. */
  touchCredential(id: string, now: number): Promise<void>
}
