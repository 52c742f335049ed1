import { randomUUID } from 'node:crypto'
import type { AgencyCertificate, Registry } from '../schemas/agency.ts'
import { secretHash } from '../signing/secret.ts'
import { peopleOf } from './people.ts'
import type { HeldKey, KeyMaker } from './keys.ts'
import type { KnownCertificates, PartyRow, SandboxPlan } from './rows.ts'
import type { Secrets } from './secrets.ts'

export const gatewayCode = 'TRUC'
/** Where every body of a sandbox listens; a gateway calls no such address unless its registry says so. */
const loopback = '127.0.0.0/8'
const dayMs = 86_400_000

/** A party with its keys. */
export interface Held {
  readonly row: PartyRow
  readonly signing: HeldKey
  readonly encryption: HeldKey
}

/** Everything that the files of a sandbox are written from. */
export interface Made {
  readonly plan: SandboxPlan
  readonly secrets: Secrets
  readonly maker: KeyMaker
  readonly gateway: Omit<Held, 'row'>
  readonly held: readonly Held[]
}

/** Whether a row is only an entry of the directory, with the keys of the body above it. */
export function isEntry({ parent, grants }: PartyRow): boolean {
  return parent !== undefined && grants.length === 0
}

function certificatesOf({ plan, held }: Made): readonly AgencyCertificate[] {
  const own = held.flatMap(({ row, signing, encryption }) => [
    certificateRow(row.code, 'sign', signing),
    certificateRow(row.code, 'encrypt', encryption),
  ])
  const below = plan.parties.filter(isEntry).flatMap(({ code, parent }) => {
    const above = held.find(({ row }) => row.code === parent)
    return above === undefined ? [] : [certificateRow(code, 'encrypt', above.encryption)]
  })
  return [...own, ...below]
}

function certificateRow(
  agency: string,
  use: 'sign' | 'encrypt',
  { certificate }: HeldKey,
): AgencyCertificate {
  return { agency, use, fingerprint: certificate.fingerprint, pem: certificate.pem }
}

function trustRootsOf({ authorities }: KeyMaker): Registry['trustRoots'] {
  return (['state', 'company'] as const).map((partyClass) => ({
    partyClass,
    pem: authorities[partyClass].certificate.pem,
  }))
}

/** What the parties may know of each other and of the gateway. */
export function knownOf(made: Made): KnownCertificates {
  const classes = new Map(made.plan.parties.map(({ code, partyClass }) => [code, partyClass]))
  const certificates = [...certificatesOf(made), certificateRow(gatewayCode, 'sign', made.gateway.signing)]
  return {
    gateway: gatewayCode,
    trustRoots: trustRootsOf(made.maker),
    certificates: certificates.map((row) => ({ ...row, partyClass: classes.get(row.agency) ?? 'state' })),
  }
}

/** The registry that the gateway imports. */
export function registryOf(made: Made): Omit<Registry, 'version'> {
  const { parties, clients = [], aliases = {}, subscriptions = {} } = made.plan
  const bodies = [...parties, ...clients]
  return {
    agencies: bodies.map(({ code, name, partyClass, parent, dialect, options, testRecipient }) => ({
      ...{ code, name, partyClass, status: 'live' as const, dialect, options, networks: [loopback] },
      ...(parent === undefined ? {} : { parent }),
      ...(testRecipient === undefined ? {} : { testRecipient }),
    })),
    aliases,
    certificates: certificatesOf(made),
    trustRoots: trustRootsOf(made.maker),
    grants: Object.fromEntries(bodies.map(({ code, grants }) => [code, grants])),
    subscriptions,
  }
}

/** The credentials that the gateway imports: it learns keys and client secrets by their SHA-256 only. */
export function hashesOf({ plan, held, secrets }: Made): readonly unknown[] {
  const callers = [...held.map(({ row }) => row), ...(plan.clients ?? [])]
  const bodies = callers.flatMap(({ code }) => {
    const client = secrets.clients[code]
    const whose = { agency: code, roles: ['agency'] }
    const key = { id: randomUUID(), ...whose, secretHash: hashOf(secrets.apiKeys[code]) }
    if (client === undefined) return [key]
    return [key, { id: client.id, kind: 'oauth', ...whose, secretHash: hashOf(client.secret) }]
  })
  const persons = peopleOf(plan.parties).map(({ code, name, role, agency }) => ({
    ...{ id: randomUUID(), person: name, agency, roles: [role] },
    secretHash: hashOf(secrets.apiKeys[code]),
  }))
  const validity = { validFrom: plan.now - dayMs, validTo: plan.now + 365 * dayMs }
  return [...bodies, ...persons].map((row) => ({ ...row, ...validity }))
}

function hashOf(secret = ''): string {
  return secretHash(secret).toString('hex')
}
