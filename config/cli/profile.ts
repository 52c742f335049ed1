import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { createCaller, successOf, type Call, type Caller } from '../../client/http.ts'
import { readCertificate, type Certificate } from '../../signing/certificate.ts'
import { usage } from './faults.ts'
import type { Io } from './io.ts'

/** Options that say which gateway, and as whom. A secret never stands on the command line, where every user of the machine sees it. */
export interface ProfileOptions {
  readonly url?: string
  readonly keyFile?: string
  readonly as?: string
  readonly credentials?: string
  readonly roots?: string
}

const KeyFile = z.object({ file: z.string(), passphrase: z.string() })
const CredentialRow = z.object({
  code: z.string(),
  url: z.string(),
  apiKey: z.string(),
  signing: KeyFile.optional(),
  encryption: KeyFile.optional(),
})
/** A row of a `credentials.json`, such as the sandbox writes. */
export type CredentialRow = z.infer<typeof CredentialRow>

const KnownFile = z.object({
  gateway: z.string(),
  trustRoots: z.array(z.object({ partyClass: z.enum(['state', 'company']), pem: z.string() })),
  certificates: z.array(
    z.object({
      agency: z.string(),
      use: z.enum(['sign', 'encrypt']),
      fingerprint: z.string(),
      pem: z.string(),
      partyClass: z.enum(['state', 'company']),
    }),
  ),
})
export type KnownFile = z.infer<typeof KnownFile>

/** Which gateway, as whom, and what is known besides. */
export interface Profile {
  readonly url: string
  readonly apiKey: string
  /** The row of `--as`; its key files are found from the folder of `credentials.json` too. */
  readonly row: CredentialRow | null
  /** `certificates.json` beside the credentials, where there is one. */
  readonly known: KnownFile | null
  /** Authorities that the gateway's certificates must come from; empty = receipts are not verified. */
  readonly roots: readonly Certificate[]
}

const defaultUrl = 'http://127.0.0.1:8080'
const defaultCredentials = 'var/sandbox/credentials.json'
const retry = { attempts: 3, firstDelayMs: 200 }

/** Reads the profile from options and environment. Throws where it says too little. */
export function readProfile(options: ProfileOptions, { env }: Io): Profile {
  const file = options.credentials ?? env['LIENTHONG_CREDENTIALS'] ?? defaultCredentials
  const row = options.as === undefined ? null : rowOf(file, options.as)
  const known = row === null ? null : readKnown(join(dirname(file), 'certificates.json'))
  const keyFile = options.keyFile ?? env['LIENTHONG_KEY_FILE']
  const apiKey =
    row?.apiKey ?? (keyFile === undefined ? env['LIENTHONG_KEY'] : readFileSync(keyFile, 'utf8').trim())
  if (apiKey === undefined || apiKey === '')
    throw usage(
      'Chưa có khóa API: dùng --key-file <tệp>, LIENTHONG_KEY, hoặc --as <mã> --credentials <tệp>.',
      'No API key: give --key-file <file>, LIENTHONG_KEY, or --as <code> --credentials <file>.',
    )
  return {
    url: checkedUrl(options.url ?? env['LIENTHONG_URL'] ?? row?.url ?? defaultUrl),
    apiKey,
    row,
    known,
    roots: rootsOf(options.roots ?? env['LIENTHONG_ROOTS'], known),
  }
}

/** Calls the gateway as the profile says. */
function callerOf({ url, apiKey }: Profile): Caller {
  return createCaller({ url, apiKey, retry })
}

/** What the gateway answers, as JSON. Throws GatewayError with its own answer as the cause. */
export async function ask(
  profile: Profile,
  call: Omit<Call, 'body'> & { readonly json?: unknown },
): Promise<unknown> {
  const { json, ...rest } = call
  const body = json === undefined ? {} : { body: JSON.stringify(json), contentType: 'application/json' }
  return successOf(await callerOf(profile)({ ...rest, ...body }))
}

function checkedUrl(url: string): string {
  if (/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) return url
  throw usage(`Địa chỉ của trục không đúng: ${url}`, `Not the address of a gateway: ${url}`)
}

function rowOf(file: string, code: string): CredentialRow {
  if (!existsSync(file))
    throw usage(
      `Không có tệp ${file}; chỉ ra bằng --credentials.`,
      `There is no ${file}; name it by --credentials.`,
    )
  const rows = z.array(z.looseObject({ code: z.string() })).parse(JSON.parse(readFileSync(file, 'utf8')))
  const row = rows.find((each) => each.code === code)
  const codes = rows.map((each) => each.code).join(', ')
  if (row === undefined)
    throw usage(`${file} không có ${code}; có: ${codes}.`, `${file} has ${codes}, not ${code}.`)
  return CredentialRow.parse(row)
}

function readKnown(file: string): KnownFile | null {
  return existsSync(file) ? KnownFile.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
}

function rootsOf(file: string | undefined, known: KnownFile | null): readonly Certificate[] {
  if (file === undefined) return known?.trustRoots.map(({ pem }) => readCertificate(pem)) ?? []
  const pems = readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
  return (pems ?? []).map((pem) => readCertificate(pem))
}

/** A file that a row names, from the working folder as the sandbox writes it, or absolute. */
export function rowFile(file: string): string {
  return isAbsolute(file) ? file : join(process.cwd(), file)
}
