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
})

export type Secrets = Readonly<z.infer<typeof Secrets>>

/** The secrets of a sandbox folder, drawn the first time; callers that have no API key or client secret yet get one. */
export function keepSecrets(dir: string, callers: readonly string[], clients: readonly string[]): Secrets {
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
  }
  writePrivateJson(path, secrets)
  return secrets
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
