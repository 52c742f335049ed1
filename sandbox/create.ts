import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { AgencyCertificate, PartyClass, Registry } from '../schemas/agency.ts'
import { writePrivateJson } from './files.ts'
import { createKeyMaker, type HeldKey, type KeyKind, type KeyMaker } from './keys.ts'
import { keepSecrets, type Secrets } from './secrets.ts'

/** One party of a sandbox, as data. */
export interface PartyRow {
  readonly code: string
  readonly name: string
  readonly partyClass: PartyClass
  readonly dialect: 'axis-xml' | 'mailbox'
  /** Options of its dialect: `{ url, timeoutMs }` or `{ format }`. */
  readonly options: Readonly<Record<string, unknown>>
  /** Actions it may send. */
  readonly grants: readonly string[]
  /** Code of the body above. A row with `parent` and no grants is an entry of the directory: it has the parent's keys and no credential. */
  readonly parent?: string
  /** Algorithm of its signing key; P-256 unless said. */
  readonly signing?: KeyKind
}

export interface SandboxPlan {
  readonly dir: string
  readonly parties: readonly PartyRow[]
  readonly gatewayPort: number
  /** Milliseconds since 1970. */
  readonly now: number
  readonly aliases?: Registry['aliases']
  readonly subscriptions?: Registry['subscriptions']
}

/** A private key with its certificate, in a PKCS#12 file. */
export interface KeyFile {
  readonly file: string
  readonly passphrase: string
}

/** What one party needs to speak to the gateway: a row of `credentials.json`. */
export interface PartyCredential {
  readonly code: string
  readonly name: string
  readonly dialect: string
  readonly options: PartyRow['options']
  /** Address of the gateway. */
  readonly url: string
  readonly apiKey: string
  readonly signing: KeyFile
  readonly encryption: KeyFile
}

/** The operator's row: an API key and nothing to sign with. */
export interface OperatorCredential {
  readonly code: 'operator'
  readonly name: string
  readonly url: string
  readonly apiKey: string
}

/** `certificates.json`: what the parties know of each other and of the gateway. */
export interface KnownCertificates {
  readonly gateway: string
  readonly trustRoots: Registry['trustRoots']
  readonly certificates: readonly (AgencyCertificate & { readonly partyClass: PartyClass })[]
}

export interface Sandbox {
  readonly dir: string
  readonly gatewayUrl: string
  readonly paths: Readonly<Record<'credentials' | 'certificates' | 'registry' | 'database' | 'log', string>>
  readonly parties: readonly PartyCredential[]
  readonly operator: OperatorCredential
  /** The environment that a gateway of this sandbox needs. */
  readonly env: Readonly<Record<string, string>>
}

interface Held {
  readonly row: PartyRow
  readonly signing: HeldKey
  readonly encryption: HeldKey
}

export const gatewayCode = 'TRUC'
const operatorCode = 'operator'
const dayMs = 86_400_000

/**
 * Makes a sandbox in a folder, or brings one up to date: keys, API keys and database stay, addresses and grants are written
 * anew. Every file is readable by its owner alone. `dir` may be relative.
 */
export async function createSandbox(plan: SandboxPlan): Promise<Sandbox> {
  const dir = resolve(plan.dir)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const bodies = plan.parties.filter((row) => !isEntry(row))
  const secrets = keepSecrets(dir, [...bodies.map(({ code }) => code), operatorCode])
  const maker = createKeyMaker(join(dir, 'keys'), secrets.passphrase, plan.now)
  const gateway = await keepKeys({ ...gatewayRow, dir }, maker)
  const held = await Promise.all(
    bodies.map(async (row) => ({ row, ...(await keepKeys({ ...row, dir }, maker)) })),
  )
  return writeSandbox({ plan: { ...plan, dir }, secrets, maker, gateway, held })
}

const gatewayRow = { code: gatewayCode, partyClass: 'state', signing: 'ec' } as const

function isEntry({ parent, grants }: PartyRow): boolean {
  return parent !== undefined && grants.length === 0
}

function keyFile(dir: string, code: string, use: 'sign' | 'encrypt'): string {
  return join(dir, 'keys', `${code}-${use}.p12`)
}

async function keepKeys(
  {
    dir,
    code,
    partyClass,
    signing = 'ec',
  }: Pick<PartyRow, 'code' | 'partyClass' | 'signing'> & { dir: string },
  maker: KeyMaker,
): Promise<Omit<Held, 'row'>> {
  const wish = (use: 'sign' | 'encrypt', kind: KeyKind) =>
    maker.keep({ file: keyFile(dir, code, use), kind, use, name: code }, partyClass)
  const [sign, encrypt] = await Promise.all([wish('sign', signing), wish('encrypt', 'rsa')])
  return { signing: sign, encryption: encrypt }
}

interface Made {
  readonly plan: SandboxPlan
  readonly secrets: Secrets
  readonly maker: KeyMaker
  readonly gateway: Omit<Held, 'row'>
  readonly held: readonly Held[]
}

function writeSandbox(made: Made): Sandbox {
  const { dir, gatewayPort } = made.plan
  const path = (name: string) => join(dir, name)
  const paths = {
    credentials: path('credentials.json'),
    certificates: path('certificates.json'),
    registry: path('registry.json'),
    database: path('gateway.db'),
    log: path('gateway.log'),
  }
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`
  const { parties, operator } = credentialsOf(made, gatewayUrl)
  writePrivateJson(paths.credentials, [...parties, operator])
  writePrivateJson(paths.certificates, knownOf(made))
  writePrivateJson(paths.registry, { registry: registryOf(made), credentials: hashesOf(made) })
  return { dir, gatewayUrl, paths, parties, operator, env: envOf(made, paths) }
}

function credentialsOf({ plan, secrets, held }: Made, url: string): Pick<Sandbox, 'parties' | 'operator'> {
  const { passphrase, apiKeys } = secrets
  const file = (code: string, use: 'sign' | 'encrypt') => ({ file: keyFile(plan.dir, code, use), passphrase })
  const parties = held.map(({ row: { code, name, dialect, options } }) => ({
    ...{ code, name, dialect, options, url },
    apiKey: apiKeys[code] ?? '',
    signing: file(code, 'sign'),
    encryption: file(code, 'encrypt'),
  }))
  const operator = {
    code: operatorCode,
    name: 'Quản trị trục',
    url,
    apiKey: apiKeys[operatorCode] ?? '',
  } as const
  return { parties, operator }
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

function knownOf(made: Made): KnownCertificates {
  const classes = new Map(made.plan.parties.map(({ code, partyClass }) => [code, partyClass]))
  const certificates = [...certificatesOf(made), certificateRow(gatewayCode, 'sign', made.gateway.signing)]
  return {
    gateway: gatewayCode,
    trustRoots: trustRootsOf(made.maker),
    certificates: certificates.map((row) => ({ ...row, partyClass: classes.get(row.agency) ?? 'state' })),
  }
}

function registryOf(made: Made): Omit<Registry, 'version'> {
  const { parties, aliases = {}, subscriptions = {} } = made.plan
  return {
    agencies: parties.map(({ code, name, partyClass, parent, dialect, options }) => ({
      ...{ code, name, partyClass, status: 'live' as const, dialect, options },
      ...(parent === undefined ? {} : { parent }),
    })),
    aliases,
    certificates: certificatesOf(made),
    trustRoots: trustRootsOf(made.maker),
    grants: Object.fromEntries(parties.map(({ code, grants }) => [code, grants])),
    subscriptions,
  }
}

/** The gateway learns API keys by their SHA-256 only. */
function hashesOf({ plan: { now }, secrets }: Made): readonly unknown[] {
  return Object.entries(secrets.apiKeys).map(([code, apiKey]) => ({
    id: randomUUID(),
    agency: code === operatorCode ? null : code,
    roles: [code === operatorCode ? 'operator' : 'agency'],
    validFrom: now - dayMs,
    validTo: now + 365 * dayMs,
    secretHash: createHash('sha256').update(apiKey).digest('hex'),
  }))
}

function envOf({ plan: { dir, gatewayPort }, secrets }: Made, paths: Sandbox['paths']): Sandbox['env'] {
  return {
    SANDBOX: '1',
    HOST: '127.0.0.1',
    PORT: String(gatewayPort),
    DATABASE_URL: `sqlite:${paths.database}`,
    GATEWAY_CODE: gatewayCode,
    MASTER_KEYS: `sandbox:${secrets.masterKey}`,
    SIGNING_PKCS12_FILE: keyFile(dir, gatewayCode, 'sign'),
    SIGNING_PASSPHRASE: secrets.passphrase,
    ENCRYPTION_PKCS12_FILE: keyFile(dir, gatewayCode, 'encrypt'),
    ENCRYPTION_PASSPHRASE: secrets.passphrase,
    REGISTRY_FILE: paths.registry,
    LOG_LEVEL: 'info',
  }
}
