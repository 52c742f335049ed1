import { request, type RequestOptions } from 'node:https'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import type { GatewayOptions } from './gateway.ts'
import { createTlsKey, type TlsKey } from './parties.ts'
import { withTempDir } from './processes.ts'

export interface TlsAnswer {
  readonly status: number
  readonly json: Readonly<Record<string, unknown>>
  readonly reused: boolean
  /** Fingerprint that the server showed, as node writes it. */
  readonly server: string
  readonly session: Buffer | undefined
}

export interface TlsAsk extends Pick<RequestOptions, 'maxVersion' | 'method'> {
  readonly port: number | null
  readonly path: string
  readonly session?: Buffer | undefined
  readonly as?: TlsKey | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Writes a server's certificate and key where the gateway reads them. */
export function writeServerKey(dir: string, { certificate, key }: TlsKey): void {
  writeFileSync(join(dir, 'tls.crt'), certificate.pem)
  writeFileSync(join(dir, 'tls.key'), key)
}

/** The environment of a gateway with a TLS door; its key files are in `dir`. */
export async function withTlsEnv(
  use: (env: NonNullable<GatewayOptions['env']>, dir: string) => Promise<void>,
): Promise<void> {
  await withTempDir(async (dir) => {
    writeServerKey(dir, createTlsKey('gateway', 'state'))
    await use({ TLS_PORT: '0', TLS_CERT_FILE: join(dir, 'tls.crt'), TLS_KEY_FILE: join(dir, 'tls.key') }, dir)
  })
}

/** Asks over TLS, on a connection of its own. */
export function askTls({ port, as, body, ...options }: TlsAsk): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    let session: Buffer | undefined
    const req = request(
      {
        ...{ host: '127.0.0.1', port, rejectUnauthorized: false, agent: false },
        ...(as === undefined ? {} : { cert: as.certificate.pem, key: as.key }),
        ...options,
      },
      (res) => {
        const chunks: Buffer[] = []
        const { socket } = res
        if (!(socket instanceof TLSSocket)) throw new Error('https without TLS')
        const facts = { reused: socket.isSessionReused(), server: socket.getPeerCertificate().fingerprint256 }
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const json = JSON.parse(text === '' ? '{}' : text) as TlsAnswer['json']
          resolve({ status: res.statusCode ?? 0, json, session, ...facts })
        })
      },
    )
    req.on('socket', (socket) => socket.on('session', (ticket: Buffer) => (session = ticket)))
    req.on('error', reject)
    req.end(body)
  })
}
