import type { Role } from './agency.ts'

/** `key`: a bearer API key. `oauth`: an id and a secret, changed for short-lived tokens. `certificate`: a TLS client certificate. */
export const credentialKinds = ['key', 'oauth', 'certificate'] as const
export type CredentialKind = (typeof credentialKinds)[number]

/** What is known of a credential; never its secret. Times are ms since 1970. */
export interface Credential {
  /** Also the client id of kind `oauth`. */
  readonly id: string
  readonly kind: CredentialKind
  /** What people call it, such as the system it is installed in. */
  readonly label: string | null
  /** Name of the person it belongs to; null for a system's. */
  readonly person: string | null
  readonly agency: string | null
  readonly roles: readonly Role[]
  /** Of kind `certificate`: lower-case hex SHA-256 of its DER bytes. */
  readonly fingerprint: string | null
  readonly validFrom: number
  readonly validTo: number
  readonly createdAt: number
  /** Behind by an hour at most. */
  readonly lastUsedAt: number | null
  readonly unlockedAt: number | null
  readonly revokedAt: number | null
  /** Until then the secret of before the last rotation works too. */
  readonly formerUntil: number | null
}

const dayMs = 86_400_000

/** A credential that nobody has used for 6 months is locked (HD26 Art. 11.1d). */
const unusedMs = 183 * dayMs

export const credentialStates = ['active', 'pending', 'locked', 'expired', 'revoked'] as const
export type CredentialState = (typeof credentialStates)[number]

/** When it locks unless it is used. */
export function locksAt({ createdAt, validFrom, lastUsedAt, unlockedAt }: Credential): number {
  return Math.max(createdAt, validFrom, lastUsedAt ?? 0, unlockedAt ?? 0) + unusedMs
}

/** State at `now`; only `active` lets anybody in. What cannot be undone comes first. */
export function credentialState(credential: Credential, now: number): CredentialState {
  if (credential.revokedAt !== null) return 'revoked'
  if (credential.validTo <= now) return 'expired'
  if (locksAt(credential) <= now) return 'locked'
  return credential.validFrom > now ? 'pending' : 'active'
}
