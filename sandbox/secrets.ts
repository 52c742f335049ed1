import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { drawSecret } from '../signing/secret.ts'
import { readIfThere, writePrivateJson } from './files.ts'

const Secrets = z.object({
  /** Of every PKCS#12 file of the sandbox. */
  passphrase: z.string(),
  /** Base64 of 32 bytes: wraps what the gateway stores. */
  masterKey: z.string(),
  apiKeys: z.record(z.string(), z.string()),
  /** OAuth clients by the code of their body. */
  clients: z.record(z.string(), z.object({ id: z.uuid(), secret: z.string() })).default({}),
  /** Of accounts at dialects' doors, by the code of their body. */
  accounts: z.record(z.string(), z.string()).default({}),
})

export type Secrets = Readonly<z.infer<typeof Secrets>>

/** Codes of those who need a secret of a kind. */
export interface Needs {
  /** An API key. */
  readonly callers: readonly string[]
  /** A client of OAuth 2. */
  readonly clients: readonly string[]
  /** An account at a dialect's door. */
  readonly accounts: readonly string[]
}

/** The secrets of a sandbox folder, drawn the first time; who has not yet what it needs gets it. */
export function keepSecrets(dir: string, { callers, clients, accounts }: Needs): Secrets {
  const path = join(dir, 'secrets.json')
  const bytes = readIfThere(path)
  const kept = bytes === null ? null : Secrets.parse(JSON.parse(bytes.toString('utf8')))
  const secrets = {
    passphrase: kept?.passphrase ?? random(24),
    masterKey: kept?.masterKey ?? randomBytes(32).toString('base64'),
    apiKeys: Object.fromEntries(callers.map((code) => [code, kept?.apiKeys[code] ?? drawSecret()])),
    clients: Object.fromEntries(
      clients.map((code) => [code, kept?.clients[code] ?? { id: randomUUID(), secret: drawSecret() }]),
    ),
    accounts: Object.fromEntries(accounts.map((code) => [code, kept?.accounts[code] ?? random(24)])),
  }
  writePrivateJson(path, secrets)
  return secrets
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
