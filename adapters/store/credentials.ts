import type { Knex } from 'knex'
import type { Credential } from '../../schemas/credential.ts'
import { insertAudit } from './audit.ts'
import { credentialOf, credentialRow, storedOf } from './credential-row.ts'
import type { CredentialTableRow, FormerRow } from './credential-row.ts'
import { insertRows, readParts } from './database.ts'
import type { Database } from './database.ts'
import { isContention, isDuplicate } from './failures.ts'
import { asBuffer } from './ids.ts'
import type {
  CredentialPatch,
  CredentialQuery,
  CredentialStore,
  StoredCredential,
} from './ports/credentials.ts'
import { retrying, retryTransaction } from './retry-transaction.ts'

/** A use is noted at most this often: the row is read far more often than anybody looks at the date. */
const noteEveryMs = 3_600_000

const rowsOf = (knex: Knex) => knex<CredentialTableRow>('credential')

/** The former secrets that still work at `now`, by credential. */
async function readFormer(
  knex: Knex,
  ids: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, FormerRow>> {
  const rows = await readParts(ids, (part) =>
    knex<FormerRow>('credential_former').whereIn('credential_id', part).andWhere('until', '>', now).select(),
  )
  return new Map(rows.map((row) => [row.credential_id, row]))
}

async function find(knex: Knex, id: string, now: number): Promise<StoredCredential | null> {
  const former = await readFormer(knex, [id], now) // also where there is no such credential: both cost the same
  const row = await rowsOf(knex).where({ id }).first()
  return row === undefined ? null : storedOf(row, former.get(id))
}

async function idByProof(knex: Knex, hash: Uint8Array, now: number): Promise<string | undefined> {
  const secret_hash = asBuffer(hash)
  const present = await rowsOf(knex).where({ secret_hash }).first('id')
  if (present !== undefined) return present.id
  const former = knex<FormerRow>('credential_former').where({ secret_hash }).andWhere('until', '>', now)
  return (await former.first('credential_id'))?.credential_id
}

async function list(
  knex: Knex,
  { agencies, after, limit }: CredentialQuery,
  now: number,
): Promise<readonly Credential[]> {
  const query = rowsOf(knex).orderBy('id').limit(limit)
  if (agencies !== undefined) void query.whereIn('agency', agencies)
  if (after !== undefined) void query.where('id', '>', after)
  const rows = await query.select()
  const former = await readFormer(
    knex,
    rows.map(({ id }) => id),
    now,
  )
  return rows.map((row) => credentialOf(row, former.get(row.id)))
}

/** The present secret becomes the former one, or is gone; one of before that is gone in any case. */
async function changeProof(
  trx: Knex,
  { id, proofs: [present] }: StoredCredential,
  { hash, formerUntil }: NonNullable<CredentialPatch['proof']>,
): Promise<void> {
  await trx('credential_former').where({ credential_id: id }).delete()
  if (formerUntil !== null && present !== undefined)
    await insertRows(trx, 'credential_former', [
      { credential_id: id, secret_hash: asBuffer(present), until: formerUntil },
    ])
  await rowsOf(trx)
    .where({ id })
    .update({ secret_hash: asBuffer(hash) })
}

const columns = {
  revokedAt: 'revoked_at',
  unlockedAt: 'unlocked_at',
  validTo: 'valid_to',
  tokensFrom: 'tokens_from',
} as const satisfies Record<Exclude<keyof CredentialPatch, 'proof'>, keyof CredentialTableRow>

async function applyPatch(
  trx: Knex,
  found: StoredCredential,
  { proof, ...times }: CredentialPatch,
): Promise<void> {
  const set = Object.entries(times).map(([name, at]) => [columns[name as keyof typeof columns], at] as const)
  if (set.length > 0) await trx('credential').where({ id: found.id }).update(Object.fromEntries(set))
  if (proof !== undefined) await changeProof(trx, found, proof)
}

/** The answer of `act`, or `taken` where a unique key is. */
async function unlessTaken<T>(act: () => Promise<T>): Promise<T | 'taken'> {
  try {
    return await act()
  } catch (error) {
    if (isDuplicate(error)) return 'taken'
    throw error
  }
}

/** Credentials: found by what proves them, changed under their lock, each change with its entry in the audit. */
export const createCredentials = ({ knex }: Database): CredentialStore => ({
  findByProof: async (hash, now) => {
    const id = await idByProof(knex, hash, now)
    return id === undefined ? null : find(knex, id, now)
  },
  findCredential: (id, now) => find(knex, id, now),
  listCredentials: (query, now) => list(knex, query, now),
  createCredential: async (credential, { hash, entry }) => {
    const create = async (trx: Knex) => {
      if ((await idByProof(trx, hash, credential.createdAt)) !== undefined) return 'taken'
      await insertRows(trx, 'credential', [credentialRow(credential, hash)])
      await insertAudit(trx, [entry])
      return 'created'
    }
    return (await unlessTaken(() => retryTransaction(knex, create, isContention))) === 'created'
  },
  changeCredential: (id, now, decide) =>
    unlessTaken(() =>
      retryTransaction(knex, async (trx) => {
        await rowsOf(trx).where({ id }).forUpdate().first('id')
        const found = await find(trx, id, now)
        if (found === null) return null
        const { patch, entry } = decide(found)
        await applyPatch(trx, found, patch)
        await insertAudit(trx, [entry])
        return find(trx, id, now)
      }),
    ),
  touchCredential: async (id, now) => {
    await retrying(() =>
      rowsOf(knex)
        .where({ id })
        .andWhere((noted) => {
          void noted.whereNull('last_used_at').orWhere('last_used_at', '<=', now - noteEveryMs)
        })
        .update({ last_used_at: now }),
    )
  },
})
