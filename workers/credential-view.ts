import { credentialState, locksAt, type Credential, type CredentialState } from '../schemas/credential.ts'

/** A credential as it is shown: no proof of it, its state and what comes next. */
export interface CredentialView extends Credential {
  readonly state: CredentialState
  /** When it locks unless it is used. */
  readonly locksAt: number
}

/** Picks what may be shown. */
export function viewOf(credential: Credential, now: number): CredentialView {
  const { id, kind, label, person, agency, roles, fingerprint } = credential
  const { validFrom, validTo, createdAt, lastUsedAt, unlockedAt, revokedAt, formerUntil } = credential
  return {
    ...{ id, kind, label, person, agency, roles, fingerprint },
    state: credentialState(credential, now),
    ...{ validFrom, validTo, createdAt, lastUsedAt, unlockedAt, revokedAt, formerUntil },
    locksAt: locksAt(credential),
  }
}
