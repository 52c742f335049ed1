import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import { sha256 } from '../signing/digest.ts'

/** How long a credential just seen is believed without asking the store. */
const believedMs = 1_000
const believedMost = 10_000

/** What a request shows of who sends it. */
export interface Presented {
  readonly authorization: string | undefined
}

export type Authenticate = (presented: Presented) => Promise<Caller>

/**
 * Tells who calls from `Authorization: Bearer <key>`. Keys are random and stored as SHA-256, so the look-up itself leaks
 * nothing about them. Throws `unauthenticated`.
 */
export function createAuthenticate({
  store,
  now,
}: {
  readonly store: Pick<Store, 'findCredential'>
  readonly now: () => number
}): Authenticate {
  const believed = new Map<string, { readonly caller: Promise<Caller>; readonly until: number }>()
  return async ({ authorization }) => {
    const key = /^Bearer ([\x21-\x7e]{16,512})$/i.exec(authorization ?? '')?.[1]
    if (key === undefined)
      throw new GatewayError('unauthenticated', { field: 'Authorization', reason: 'expected: Bearer <key>' })
    const hash = sha256(Buffer.from(key))
    const name = hash.toString('base64')
    const known = believed.get(name)
    if (known !== undefined && known.until > now()) return known.caller
    const caller = find(store, hash, now())
    if (believed.size >= believedMost) believed.clear()
    believed.set(name, { caller, until: now() + believedMs }) // at once: those who come meanwhile wait for the same answer
    caller.catch(() => believed.delete(name))
    return caller
  }
}

async function find(store: Pick<Store, 'findCredential'>, hash: Uint8Array, now: number): Promise<Caller> {
  const row = await store.findCredential(hash)
  if (row === null || row.validFrom > now || row.validTo <= now)
    throw new GatewayError('unauthenticated', { field: 'Authorization', reason: 'unknown or expired key' })
  return { credentialId: row.id, person: row.person, agency: row.agency, roles: row.roles, method: 'key' }
}
