import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writePrivateJson } from './files.ts'
import { createKeyMaker, type KeyKind, type KeyMaker } from './keys.ts'
import { gatewayCode, hashesOf, isEntry, knownOf, registryOf, type Held, type Made } from './registry.ts'
import { operatorCode, peopleOf } from './people.ts'
import type { ClientAccount, PartyRow, Sandbox, SandboxPlan } from './rows.ts'
import { keepSecrets } from './secrets.ts'

export type { PartyCredential, PartyRow, Sandbox, SandboxPlan } from './rows.ts'

/**
 * Makes a sandbox in a folder, or brings one up to date: keys, API keys and database stay, addresses and grants are written
 * anew. Every file is readable by its owner alone. `dir` may be relative.
 */
export async function createSandbox(plan: SandboxPlan): Promise<Sandbox> {
  const dir = resolve(plan.dir)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const bodies = plan.parties.filter((row) => !isEntry(row))
  const codes = (rows: readonly { readonly code: string }[]) => rows.map(({ code }) => code)
  const { clients = [] } = plan
  const secrets = keepSecrets(dir, {
    callers: codes([...bodies, ...clients, ...peopleOf(plan.parties)]),
    clients: codes(bodies.filter(({ oauth }) => oauth === true)),
    accounts: codes(clients),
  })
  const maker = createKeyMaker(join(dir, 'keys'), secrets.passphrase, plan.now)
  const gateway = await keepKeys({ ...gatewayRow, dir }, maker)
  const held = await Promise.all(
    bodies.map(async (row) => ({ row, ...(await keepKeys({ ...row, dir }, maker)) })),
  )
  return writeSandbox({ plan: { ...plan, dir }, secrets, maker, gateway, held })
}

const gatewayRow = { code: gatewayCode, partyClass: 'state', signing: 'ec' } as const

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
  const { parties, people } = credentialsOf(made, gatewayUrl)
  const clients = clientsOf(made, gatewayUrl)
  writePrivateJson(paths.credentials, [...parties, ...clients.map(shown), ...people])
  writePrivateJson(paths.certificates, knownOf(made))
  writePrivateJson(paths.registry, { registry: registryOf(made), credentials: hashesOf(made) })
  const operator = people.find(({ code }) => code === operatorCode)
  if (operator === undefined) throw new Error('the sandbox has no operator')
  return { dir, gatewayUrl, paths, parties, clients, operator, people, env: envOf(made, paths) }
}

function credentialsOf({ plan, secrets, held }: Made, url: string): Pick<Sandbox, 'parties' | 'people'> {
  const { passphrase, apiKeys, clients } = secrets
  const file = (code: string, use: 'sign' | 'encrypt') => ({ file: keyFile(plan.dir, code, use), passphrase })
  const parties = held.map(({ row: { code, name, dialect, options } }) => ({
    ...{ code, name, dialect, options, url },
    apiKey: apiKeys[code] ?? '',
    ...clientOf(clients[code]),
    signing: file(code, 'sign'),
    encryption: file(code, 'encrypt'),
  }))
  const people = peopleOf(plan.parties).map(({ code, name, role }) => ({
    ...{ code, name, role, url },
    apiKey: apiKeys[code] ?? '',
  }))
  return { parties, people }
}

function clientsOf({ plan: { clients = [] }, secrets }: Made, url: string): readonly ClientAccount[] {
  return clients.map((row) => ({
    row,
    url: `${url}${row.door.path}`,
    apiKey: secrets.apiKeys[row.code] ?? '',
    secret: secrets.accounts[row.code] ?? '',
  }))
}

/** A client's row in `credentials.json`. */
function shown({ row: { code, name, dialect, options, door }, url, apiKey, secret }: ClientAccount) {
  const [account, password] = door.names
  const address = url.replace('{secret}', secret)
  return { code, name, dialect, options, url: address, [account]: door.account, [password]: secret, apiKey }
}

function clientOf(client: Made['secrets']['clients'][string] | undefined) {
  return client === undefined ? {} : { clientId: client.id, clientSecret: client.secret }
}

function envOf({ plan: { dir, gatewayPort }, secrets }: Made, paths: Sandbox['paths']): Sandbox['env'] {
  return {
    SANDBOX: '1',
    HOST: '127.0.0.1',
    PORT: String(gatewayPort),
    DATABASE_URL: `sqlite:${paths.database}`,
    BLOB_DIR: join(dir, 'blobs'),
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
