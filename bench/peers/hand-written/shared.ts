import { createHash, createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createPool, type Pool } from 'mysql2/promise'
import { z } from 'zod'

/** What the two processes are told, in a file whose name is in BENCH_RELAY. */
const Settings = z.object({
  port: z.number(),
  databaseUrl: z.string(),
  amqpUrl: z.string(),
  /** Hex, 32 bytes: what is stored is encrypted under it. */
  masterKey: z.string(),
  /** P-256, PEM: signs receipts and what is handed over. */
  signingKey: z.string(),
  senders: z.array(z.object({ code: z.string(), apiKey: z.string(), certificate: z.string() })),
  recipients: z.array(z.object({ code: z.string(), url: z.string(), certificate: z.string() })),
})
export type Settings = z.infer<typeof Settings>

export const queue = 'bench-hand-written'

export function readSettings(): Settings {
  return Settings.parse(JSON.parse(readFileSync(process.env['BENCH_RELAY'] ?? '', 'utf8')))
}

export function openDatabase({ databaseUrl }: Settings): Pool {
  return createPool({ uri: databaseUrl, connectionLimit: 10 })
}

export const tables = [
  `CREATE TABLE IF NOT EXISTS message (id CHAR(36) PRIMARY KEY, sender VARCHAR(64) NOT NULL, sender_ref VARCHAR(128) NOT NULL,
     recipient VARCHAR(64) NOT NULL, action VARCHAR(64) NOT NULL, state VARCHAR(16) NOT NULL, received_at BIGINT NOT NULL,
     digest BINARY(32) NOT NULL, original LONGBLOB NOT NULL, UNIQUE KEY reference (sender, sender_ref), KEY open (state))`,
  `CREATE TABLE IF NOT EXISTS receipt (id BIGINT AUTO_INCREMENT PRIMARY KEY, message_id CHAR(36) NOT NULL,
     kind VARCHAR(16) NOT NULL, jws TEXT NOT NULL, KEY by_message (message_id))`,
] as const

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs a statement as a compact JWS with ES256. */
export function createReceipts(settings: Settings): (statement: object) => string {
  const key = createPrivateKey(settings.signingKey)
  const head = base64url({ alg: 'ES256', typ: 'receipt+jws' })
  return (statement) => {
    const text = `${head}.${base64url(statement)}`
    const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
    return `${text}.${signature.toString('base64url')}`
  }
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** Runs what comes one by one in batches: whatever has come while the batch before it was under way. */
export function batched<T>(
  run: (items: readonly T[]) => Promise<void>,
  most: number,
): (item: T) => Promise<void> {
  let waiting: { item: T; resolve: () => void; reject: (error: unknown) => void }[] = []
  let busy = false
  const drain = async () => {
    busy = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      await run(batch.map(({ item }) => item)).then(
        () => batch.forEach(({ resolve }) => resolve()),
        (error: unknown) => batch.forEach(({ reject }) => reject(error)),
      )
    }
    busy = false
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!busy) setImmediate(() => void (busy ? undefined : drain()))
    })
}

/** Says that this process is ready. */
export function ready(): void {
  process.stdout.write(`${JSON.stringify({ message: 'listening' })}\n`)
  process.once('SIGTERM', () => process.exit(0))
}
