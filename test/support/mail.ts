import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { createAuthority, issueCertificate } from '../../signing/issue.ts'

/** A mail as a server took it. */
export interface Letter {
  readonly from: string
  readonly to: readonly string[]
  readonly user: string | null
  readonly isSecure: boolean
  readonly raw: string
}

export interface MailServer {
  readonly port: number
  /** Of the authority that its certificate comes from. */
  readonly ca: string
  readonly letters: readonly Letter[]
  /** How it answers an address from now on: a number such as 550, or null to take it. */
  answer(how: (address: string) => number | null): void
}

interface MailOptions {
  /** TLS from the first byte; else STARTTLS is offered. */
  readonly secure?: boolean
  readonly withoutTls?: boolean
  /** Asked of everybody. */
  readonly login?: { readonly user: string; readonly pass: string }
}

const failure = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

/** A real server of mail on this machine, lent to a test. */
export async function withMailServer(
  { secure = false, withoutTls = false, login }: MailOptions,
  use: (server: MailServer) => Promise<void>,
): Promise<void> {
  const letters: Letter[] = []
  let how = (_address: string): number | null => null
  const { ca, cert, key } = certified()
  const server = new SMTPServer({
    ...{ secure, cert, key, ca, disabledCommands: withoutTls ? ['STARTTLS'] : [] },
    ...{ authOptional: login === undefined, allowInsecureAuth: true, closeTimeout: 100 },
    onAuth({ username, password }, _session, done) {
      const isRight = username === login?.user && password === login?.pass
      done(isRight ? null : failure(535, 'wrong password'), { user: username })
    },
    onRcptTo({ address }, _session, done) {
      const code = how(address)
      done(code === null ? null : failure(code, `<${address}> is not here`))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        const to = rcptTo.map(({ address }) => address)
        const raw = Buffer.concat(chunks).toString('latin1')
        letters.push({
          from,
          to,
          user: (session.user as string | undefined) ?? null,
          isSecure: session.secure,
          raw,
        })
        done(null)
      })
    },
  })
  server.on('error', () => undefined) // what clients do wrong is their test's business
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  try {
    await use({ port, ca, letters, answer: (next) => (how = next) })
  } finally {
    await new Promise<void>((resolve) => server.close(resolve))
  }
}

function certified(): { readonly ca: string; readonly cert: string; readonly key: string } {
  const now = Date.now() - 1_000
  const authority = createAuthority({ name: 'CA', organization: 'Sandbox', now, years: 1 })
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const use = 'tls'
  const { pem } = issueCertificate(authority, {
    name: 'localhost',
    organization: 'Sandbox',
    publicKey,
    now,
    days: 1,
    use,
  })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { ca: authority.certificate.pem, cert: pem, key }
}

/** Header lines, unfolded, and the text, decoded. */
export function readLetter({ raw }: Letter): {
  readonly headers: readonly (readonly [string, string])[]
  readonly text: string
} {
  const end = raw.indexOf('\r\n\r\n')
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = lines.map((line) => {
    const at = line.indexOf(':')
    return [line.slice(0, at).toLowerCase(), decodeWords(line.slice(at + 1).trim())] as const
  })
  const encoding = headers.find(([name]) => name === 'content-transfer-encoding')?.[1] ?? '7bit'
  return { headers, text: decodeText(raw.slice(end + 4), encoding).replace(/\r\n/g, '\n') }
}

/** Encoded words (RFC 2047), those that follow each other joined. */
const decodeWords = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, kind: string, text: string) =>
      kind.toLowerCase() === 'b' ? latin(Buffer.from(text, 'base64')) : unquoted(text.replace(/_/g, ' ')),
    )
    .replace(/[\u0080-\u00ff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'))

const latin = (bytes: Buffer): string => bytes.toString('latin1')
const unquoted = (text: string): string =>
  text.replace(/=([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)))

function decodeText(text: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8')
  const bytes = encoding === 'quoted-printable' ? unquoted(text.replace(/=\r\n/g, '')) : text
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
