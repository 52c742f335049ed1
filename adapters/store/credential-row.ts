import { z } from 'zod'
import { roles } from '../../schemas/agency.ts'
import type { Credential, CredentialKind } from '../../schemas/credential.ts'
import type { NewRow } from './database.ts'
import { asBuffer, toHex } from './ids.ts'
import type { StoredCredential } from './ports/credentials.ts'
import type { CredentialRow } from './views.ts'

export interface CredentialTableRow {
  readonly id: string
  readonly kind: CredentialKind
  readonly label: string | null
  readonly person: string | null
  readonly secret_hash: Uint8Array
  readonly agency: string | null
  readonly roles: string
  readonly valid_from: number
  readonly valid_to: number
  readonly created_at: number
  readonly last_used_at: number | null
  readonly unlocked_at: number | null
  readonly revoked_at: number | null
  readonly tokens_from: number
}

export interface FormerRow {
  readonly credential_id: string
  readonly secret_hash: Uint8Array
  readonly until: number
}

const Roles = z.array(z.enum(roles))

export const credentialOf = (row: CredentialTableRow, former: FormerRow | undefined): Credential => ({
  id: row.id,
  kind: row.kind,
  label: row.label,
  person: row.person,
  agency: row.agency,
  roles: Roles.parse(JSON.parse(row.roles)),
  fingerprint: row.kind === 'certificate' ? toHex(row.secret_hash) : null,
  validFrom: row.valid_from,
  validTo: row.valid_to,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  unlockedAt: row.unlocked_at,
  revokedAt: row.revoked_at,
  formerUntil: former?.until ?? null,
})

export const storedOf = (row: CredentialTableRow, former: FormerRow | undefined): StoredCredential => ({
  ...credentialOf(row, former),
  proofs: [row.secret_hash, ...(former === undefined ? [] : [former.secret_hash])],
  tokensFrom: row.tokens_from,
})

export const credentialRow = (
  credential: Omit<Credential, 'fingerprint' | 'formerUntil'>,
  hash: Uint8Array,
): NewRow => ({
  id: credential.id,
  kind: credential.kind,
  label: credential.label,
  person: credential.person,
  secret_hash: asBuffer(hash),
  agency: credential.agency,
  roles: JSON.stringify(credential.roles),
  valid_from: credential.validFrom,
  valid_to: credential.validTo,
  created_at: credential.createdAt,
  last_used_at: credential.lastUsedAt,
  unlocked_at: credential.unlockedAt,
  revoked_at: credential.revokedAt,
  tokens_from: 0,
})

const neverUsed = { label: null, lastUsedAt: null, unlockedAt: null, revokedAt: null }

/** A row as a registry file gives it, new at `now`. */
export const importedRow = (
  { kind = 'key', secretHash, ...row }: CredentialRow & { readonly secretHash: Uint8Array },
  now: number,
): NewRow => credentialRow({ ...neverUsed, ...row, kind, createdAt: now }, secretHash)
