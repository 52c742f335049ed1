import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { isBucketUrl } from './bucket-url.ts'
import { certificateHeaders } from '../routes/certificate-header.ts'
import { isRange } from './proxies.ts'

const seconds = (most: number) => z.coerce.number().int().min(1).max(most)

const Environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** Where the doors are open with TLS, beside PORT; absent = nowhere. */
  TLS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** On which address; HOST unless said. */
  TLS_HOST: z.string().optional(),
  /** PEM: the server's certificate with its chain, and its key. Read again when they change. */
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  /** More addresses of dialects' doors: `adapter-envelope=/mot-cua,…`. */
  DOOR_PATHS: z.string().default(''),
  /** Proxies in front, as addresses or CIDR, comma-separated: their word on a client's address and certificate counts. */
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine((ranges) => ranges.every(isRange), 'not a list of addresses or CIDR ranges'),
  /** The header in which they hand on a client certificate. */
  CLIENT_CERT_HEADER: z.enum(certificateHeaders).default('client-cert'),
  /** How long an access token is good. */
  TOKEN_SECONDS: z.coerce.number().int().min(60).max(3_600).default(900),
  /** Where a worker, which opens no other door, answers health and metrics; absent = nowhere. */
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** `sqlite:<path>` or `mysql://user:password@host/database`. */
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:|mysql:\/\/)/)
    .default('sqlite:var/data/gateway.db'),
  /** Absent = the embedded broker; then one process does everything. */
  AMQP_URL: z
    .string()
    .regex(/^amqps?:\/\//)
    .optional(),
  /** First word of the queue names, where several gateways share a broker. */
  AMQP_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('lien-thong'),
  /** Code of this gateway: issuer of receipts, `SealedBy` of what it hands over. */
  GATEWAY_CODE: z
    .string()
    .regex(/^[A-Z0-9]+([.-][A-Z0-9]+)*$/)
    .default('TRUC'),
  /** `id:base64` of 32 bytes, comma-separated; the first wraps what is new. */
  MASTER_KEYS: z.string(),
  SIGNING_PKCS12_FILE: z.string(),
  SIGNING_PASSPHRASE: z.string(),
  ENCRYPTION_PKCS12_FILE: z.string(),
  ENCRYPTION_PASSPHRASE: z.string(),
  /** A registry to import before starting (first start; administration takes over). */
  REGISTRY_FILE: z.string().optional(),
  /** How long a start waits for a database that is not there yet. */
  START_WAIT_SECONDS: z.coerce.number().int().min(0).max(3_600).default(60),
  PREFETCH: z.coerce.number().int().min(1).max(1_000).default(32),
  LEASE_SECONDS: seconds(240).default(60),
  /** How long a pulled delivery stays with its puller before it may be pulled again. */
  MAILBOX_LEASE_SECONDS: seconds(3_600).default(120),
  /** PEM file of authorities that bodies' servers may be certified by, beside the public ones. */
  OUTGOING_CA_FILE: z.string().optional(),
  /** Folder of large content; every process of a gateway names the same. Default: beside a SQLite file, else `var/data/blobs`. */
  BLOB_DIR: z.string().min(1).optional(),
  /** `s3://bucket/prefix?endpoint=https://…&region=…`: large content lies there, and waits in BLOB_DIR only until it is whole. */
  BLOB_URL: z.string().refine(isBucketUrl, 'not s3://bucket/prefix?endpoint=https://…').optional(),
  BLOB_ACCESS_KEY_ID: z.string().default(''),
  BLOB_SECRET_ACCESS_KEY: z.string().default(''),
  /** Where recipients reach this gateway: links to files of other bodies lead there; absent = links travel as they are. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Bytes of one file of POST /v1/files. */
  FILE_MAX_BYTES: z.coerce.number().int().min(1).max(10_737_418_240).default(209_715_200),
  MAX_CONNECTIONS: z.coerce.number().int().min(1).max(100_000).default(4_096),
  /** Processes that open doors: each lets its share of `RATE_PER_SECOND` through. */
  NODE_COUNT: z.coerce.number().int().min(1).max(1_000).default(1),
  /** Where alerts are posted, signed with ALERT_SECRET (`whsec_…`); the log has them in any case. */
  ALERT_URL: z.url({ protocol: /^https?$/ }).optional(),
  ALERT_SECRET: z.string().optional(),
  /** The server by which alerts are mailed to the technical contacts of bodies: `smtps://user:password@host`; absent = not at all. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** The address that they come from. */
  ALERT_FROM: z.email().optional(),
  MAX_IN_FLIGHT: z.coerce.number().int().min(1).max(100_000).default(1_000),
  RATE_PER_SECOND: z.coerce.number().min(1).max(1_000_000).default(2_000),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  /** `1` allows sandbox keys and failpoints. Never set it in production. */
  SANDBOX: z.enum(['0', '1']).default('0'),
  /** `<commit point>@<n>`: the process kills itself the n-th time it passes there. Only with SANDBOX=1. */
  FAILPOINT: z.string().optional(),
})

/** The environment, read once and checked. */
export type Env = Readonly<z.infer<typeof Environment>>

/** Names that may also be given as `<NAME>_FILE`: a file that holds the value. */
const secrets = [
  'MASTER_KEYS',
  'SIGNING_PASSPHRASE',
  'ENCRYPTION_PASSPHRASE',
  'DATABASE_URL',
  'AMQP_URL',
  'ALERT_SECRET',
  'BLOB_SECRET_ACCESS_KEY',
  'SMTP_URL',
] as const

/** Reads and checks the environment. Throws an Error that names every variable that is missing or wrong, never its value. */
export function readEnv(environment: NodeJS.ProcessEnv): Env {
  const parsed = Environment.safeParse({ ...environment, ...fromFiles(environment) })
  if (parsed.success) return Object.freeze(parsed.data)
  const faults = parsed.error.issues.map(({ path, message }) => {
    const name = path.join('.')
    return environment[name] === undefined ? `${name} is not set` : `${name} is not valid (${message})`
  })
  throw new Error(`cannot start: ${faults.join('; ')}`)
}

function fromFiles(environment: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of secrets) {
    const path = environment[`${name}_FILE`]
    if (path !== undefined) found[name] = readFileSync(path, 'utf8').trim()
  }
  return found
}
