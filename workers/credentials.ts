import type { StoredCredential } from '../adapters/store/ports/credentials.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { auditEntry, type Act, type AuditEntry } from '../schemas/audit.ts'
import { credentialState, type Credential } from '../schemas/credential.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Json } from '../schemas/message.ts'
import { newId } from '../signing/new-id.ts'
import {
  checkCertificateOf,
  conflict,
  newProof,
  rotated,
  type Decision,
  type Rotation,
} from './credential-proof.ts'
import { checkDays, checkHolder, mayManage, type Holder } from './credential-rules.ts'
import { viewOf, type CredentialView } from './credential-view.ts'
import type { Directory } from './directory.ts'
import { inSight, isInSight } from './sight.ts'

/** A credential that is asked for. */
export interface CredentialWish extends Holder {
  readonly label: string | null
  /** Ms since 1970; now unless said. */
  readonly validFrom?: number | undefined
  readonly days: number
  /** PEM, of kind `certificate` alone. */
  readonly certificate?: string | undefined
  readonly reason: string | null
}

/** The secret is shown here and never again; null for a certificate, which has none. */
export interface Issued {
  readonly credential: CredentialView
  readonly secret: string | null
}

export interface Credentials {
  list(
    caller: Caller,
    page: {
      readonly agency?: string | undefined
      readonly after?: string | undefined
      readonly limit: number
    },
  ): Promise<{ readonly items: readonly CredentialView[]; readonly next: string | null }>
  find(caller: Caller, id: string): Promise<CredentialView>
  /** The caller's own. */
  own(caller: Caller): Promise<CredentialView>
  create(caller: Caller, wish: CredentialWish): Promise<Issued>
  rotate(caller: Caller, id: string, rotation: Rotation): Promise<Issued>
  revoke(caller: Caller, id: string, reason: string | null): Promise<CredentialView>
  unlock(caller: Caller, id: string, reason: string | null): Promise<CredentialView>
}

interface CredentialsDeps {
  readonly store: Pick<Store, 'findCredential' | 'listCredentials' | 'createCredential' | 'changeCredential'>
  readonly directory: () => Directory
  readonly now: () => number
}

const dayMs = 86_400_000

/** Gives credentials, and changes them for whoever may (domain: least privilege, administrators of each body). */
export function createCredentials(deps: CredentialsDeps): Credentials {
  const { store, directory, now } = deps
  return {
    list: (caller, page) => list(deps, caller, page),
    async find(caller, id) {
      const found = await store.findCredential(id, now())
      if (found === null || !isInSight(caller, found.agency, directory())) throw unknown()
      return viewOf(found, now())
    },
    async own({ credentialId }) {
      const found = await store.findCredential(credentialId, now())
      if (found === null) throw unknown()
      return viewOf(found, now())
    },
    create: (caller, wish) => create(deps, caller, wish),
    async rotate(caller, id, rotation) {
      const at = now()
      const { proof, secret, validTo } = newProof(rotation.certificate)
      const credential = await change(deps, { caller, id, at }, (found) =>
        rotated(found, { ...rotation, proof, validTo, at, directory: directory() }),
      )
      return { credential, secret }
    },
    revoke: (caller, id, reason) => {
      const at = now()
      return change(deps, { caller, id, at }, (found) => {
        if (found.revokedAt !== null) throw conflict('it was revoked before')
        return { patch: { revokedAt: at }, act: { act: 'credential.revoke', object: id, reason } }
      })
    },
    unlock: (caller, id, reason) => {
      const at = now()
      return change(deps, { caller, id, at }, (found) => {
        if (credentialState(found, at) !== 'locked') throw conflict('it is not locked')
        return { patch: { unlockedAt: at }, act: { act: 'credential.unlock', object: id, reason } }
      })
    },
  }
}

async function list(
  { store, directory, now }: CredentialsDeps,
  caller: Caller,
  { agency, after, limit }: Parameters<Credentials['list']>[1],
): ReturnType<Credentials['list']> {
  const seen = inSight(caller, directory())
  const wanted = agency === undefined ? seen : (seen ?? [agency]).filter((code) => code === agency)
  const rows = await store.listCredentials(
    {
      limit: limit + 1,
      ...(wanted === null ? {} : { agencies: wanted }),
      ...(after === undefined ? {} : { after }),
    },
    now(),
  )
  const items = rows.slice(0, limit)
  const next = rows.length > limit ? (items.at(-1)?.id ?? null) : null
  return { items: items.map((row) => viewOf(row, now())), next }
}

async function create(
  { store, directory, now }: CredentialsDeps,
  caller: Caller,
  wish: CredentialWish,
): Promise<Issued> {
  const at = now()
  checkHolder(wish, directory())
  checkDays(wish.days, wish.person)
  if (!mayManage(caller, wish, directory())) throw new GatewayError('forbidden', { field: 'roles' })
  checkCertificateOf(wish.kind, wish, directory(), at)
  const { proof, secret, validTo } = newProof(wish.certificate)
  const { kind, label, person, agency, roles, validFrom = at, days, reason } = wish
  const credential: Credential = {
    ...{ id: newId(), kind, label, person, agency, roles, validFrom },
    fingerprint: secret === null ? proof.toString('hex') : null,
    validTo: Math.min(validFrom + days * dayMs, validTo),
    ...{ createdAt: at, lastUsedAt: null, unlockedAt: null, revokedAt: null, formerUntil: null },
  }
  const view = viewOf(credential, at)
  const act = { act: 'credential.create', object: credential.id, after: told(view), reason }
  const entry = entryOf(caller, credential, act, at)
  if (!(await store.createCredential(credential, { hash: proof, entry })))
    throw conflict('the certificate is registered already')
  return { credential: view, secret }
}

/** Changes a credential under its lock, with an entry of how it was and how it is. One that the caller may not manage is not there. */
async function change(
  { store, directory }: CredentialsDeps,
  { caller, id, at }: { readonly caller: Caller; readonly id: string; readonly at: number },
  decide: (found: StoredCredential) => Decision,
): Promise<CredentialView> {
  const changed = await store.changeCredential(id, at, (found) => {
    if (!mayManage(caller, found, directory())) throw unknown()
    const { patch, act } = decide(found)
    const { proof, ...times } = patch
    const next = { ...found, ...times, ...(proof === undefined ? {} : { formerUntil: proof.formerUntil }) }
    const values = { before: told(viewOf(found, at)), after: told(viewOf(next, at)) }
    return { patch, entry: entryOf(caller, found, { ...values, ...act }, at) }
  })
  if (changed === null) throw unknown()
  if (changed === 'taken') throw conflict('the certificate is registered already')
  return viewOf(changed, at)
}

const entryOf = (caller: Caller, { agency }: Pick<Credential, 'agency'>, act: Act, at: number): AuditEntry =>
  auditEntry(caller, { body: agency, ...act }, { id: newId(), at })

const told = (view: CredentialView): Json => ({ ...view, roles: [...view.roles] })

const unknown = () => new GatewayError('not_found', { field: 'id' })
