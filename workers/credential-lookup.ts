import type { StoredCredential } from '../adapters/store/ports/credentials.ts'
import type { Store } from '../adapters/store/store.ts'
import { credentialState, type CredentialState } from '../schemas/credential.ts'
import { GatewayError } from '../schemas/errors.ts'
import { createBelieved } from './believed.ts'
import type { Directory } from './directory.ts'

/** How long a credential just read is believed without asking the store: what is revoked is refused everywhere within that time. */
const believedMs = 500
const believedMost = 10_000

/** Between two writes of a credential's last use, and after one that failed. */
const noteEveryMs = 3_600_000
const noteAgainMs = 60_000

export interface CredentialLookup {
  /** A credential that may be used now; throws `unauthenticated` with the reason. */
  byProof(hash: Uint8Array): Promise<StoredCredential>
  byId(id: string): Promise<StoredCredential>
  /** Notes a use once an hour, beside the request: nobody waits for it. */
  used(credential: StoredCredential): void
}

interface LookupDeps {
  readonly store: Pick<Store, 'findByProof' | 'findCredential' | 'touchCredential'>
  readonly directory: () => Directory
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

export function createCredentialLookup({ store, directory, now, onError }: LookupDeps): CredentialLookup {
  const believe = createBelieved<StoredCredential | null>({ ms: believedMs, most: believedMost, now })
  const admit = async (found: Promise<StoredCredential | null>) => admitted(await found, directory(), now())
  return {
    byProof: (hash) =>
      admit(believe(`proof ${Buffer.from(hash).toString('base64')}`, () => store.findByProof(hash, now()))),
    byId: (id) => admit(believe(`id ${id}`, () => store.findCredential(id, now()))),
    used: createNoting(store, now, onError),
  }
}

function createNoting(
  store: Pick<Store, 'touchCredential'>,
  now: () => number,
  onError: (error: unknown) => void,
): CredentialLookup['used'] {
  const notAgainBefore = new Map<string, number>()
  return ({ id, lastUsedAt }) => {
    const at = now()
    if (
      at < Math.max((lastUsedAt ?? 0) + (lastUsedAt === null ? 0 : noteEveryMs), notAgainBefore.get(id) ?? 0)
    )
      return
    if (notAgainBefore.size >= believedMost) notAgainBefore.clear()
    notAgainBefore.set(id, at + noteEveryMs)
    store.touchCredential(id, at).catch((error: unknown) => {
      notAgainBefore.set(id, at + noteAgainMs)
      onError(error)
    })
  }
}

/** Said to whoever has the secret, so that it knows whom to ask. */
const closed: Readonly<Record<Exclude<CredentialState, 'active'>, string>> = {
  pending: 'the credential is not valid yet',
  locked: 'the credential was not used for 6 months and is locked; an administrator can unlock it',
  expired: 'the credential has expired',
  revoked: 'the credential was revoked',
}

/** Passes a credential that may be used now; else `unauthenticated`. */
export function admitted(
  credential: StoredCredential | null,
  directory: Directory,
  now: number,
): StoredCredential {
  if (credential === null) throw unauthenticated('unknown credential')
  const state = credentialState(credential, now)
  if (state !== 'active') throw unauthenticated(closed[state])
  if (credential.agency !== null && directory.agency(credential.agency) === undefined)
    throw unauthenticated('the body of the credential is not in the registry')
  return credential
}

/** The refusal of one who is not known, with a reason. */
export function unauthenticated(reason: string): GatewayError {
  return new GatewayError('unauthenticated', { field: 'Authorization', reason })
}
