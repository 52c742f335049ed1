import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { readIfThere, writePrivateJson } from './files.ts'

const Secrets = z.object({
  /** Of every PKCS#12 file of the sandbox. */
  passphrase: z.string(),
  /** Base64 of 32 bytes: wraps what the gateway stores. */
  masterKey: z.string(),
  apiKeys: z.record(z.string(), z.string()),
})

export type Secrets = Readonly<z.infer<typeof Secrets>>

/** The secrets of a sandbox folder, drawn the first time; callers that have no API key yet get one. */
export function keepSecrets(dir: string, callers: readonly string[]): Secrets {
  const path = join(dir, 'secrets.json')
  const bytes = readIfThere(path)
  const kept = bytes === null ? null : Secrets.parse(JSON.parse(bytes.toString('utf8')))
  const secrets = {
    passphrase: kept?.passphrase ?? random(24),
    masterKey: kept?.masterKey ?? randomBytes(32).toString('base64'),
    apiKeys: Object.fromEntries(callers.map((code) => [code, kept?.apiKeys[code] ?? random(32)])),
  }
  writePrivateJson(path, secrets)
  return secrets
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
