import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { generateKeyPairSync } from 'node:crypto'
import type { ClientOptions } from '../../client/index.ts'
import { createAuthority, issueCertificate, type Authority } from '../../signing/issue.ts'
import { signingKey, type DecryptionKey, type SigningKey } from '../../signing/keys.ts'
import type { KnownCertificate } from '../../signing/open.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly authorization: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Told {
  readonly status: number
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Lends an HTTP server that answers as the test says, and what it was asked. */
export async function withServer(
  answer: (asked: Asked, round: number) => Told,
  use: (url: string, asked: readonly Asked[]) => Promise<void>,
  tls?: ServerOptions,
): Promise<void> {
  const seen: Asked[] = []
  const listener: RequestListener = (request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { method = '', url: path = '', headers } = request
      const { authorization = '' } = headers
      const asked = { method, path, authorization, headers, body: Buffer.concat(chunks) }
      seen.push(asked)
      const { status, json, headers: more = {} } = answer(asked, seen.length)
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...more })
      response.end(json === undefined ? '' : JSON.stringify(json))
    })()
  }
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await use(
      `http${tls === undefined ? '' : 's'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
      seen,
    )
  } finally {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
}

const now = Date.now()
export const authority: Authority = createAuthority({ name: 'CA thu', organization: 'Thu', now, years: 1 })
export const strangers: Authority = createAuthority({ name: 'CA la', organization: 'La', now, years: 1 })

export function newSigningKey(name: string, by = authority): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const request = { name, organization: 'Thu', publicKey, now, days: 10, use: 'sign' } as const
  return signingKey(privateKey, issueCertificate(by, request))
}

export function newDecryptionKey(name: string): DecryptionKey {
  const { publicKey, privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const request = { name, organization: 'Thu', publicKey, now, days: 10, use: 'encrypt' } as const
  return { key, certificate: issueCertificate(authority, request) }
}

export const gateway = { signing: newSigningKey('TRUC'), decryption: newDecryptionKey('TRUC') }
export const body = { signing: newSigningKey('H49'), decryption: newDecryptionKey('H49') }
export const partner = { signing: newSigningKey('G22') }

const roots = [authority.certificate]
const owners = new Map(
  [
    { agency: 'TRUC', key: gateway.signing },
    { agency: 'H49', key: body.signing },
    { agency: 'G22', key: partner.signing },
  ].map(({ agency, key: { certificate } }): readonly [string, KnownCertificate] => [
    certificate.fingerprint,
    { agency, partyClass: 'state', certificate, roots },
  ]),
)

export const ownerOf = (fingerprint: string) => owners.get(fingerprint)

/** `GET /v1/certificates`. */
export const certificates = {
  code: 'TRUC',
  receipts: gateway.signing.certificate.pem,
  seals: gateway.signing.certificate.pem,
  encryption: gateway.decryption.certificate.pem,
}

/** Options of a client of `H49` that retries without a noticeable pause; who it is, it has yet to show. */
export function strangerOptions(url: string): Omit<ClientOptions, 'apiKey'> {
  return {
    url,
    code: 'H49',
    gateway: 'TRUC',
    trustRoots: roots,
    signingKey: body.signing,
    decryptionKeys: [body.decryption],
    ownerOf,
    retry: { attempts: 3, firstDelayMs: 1 },
  }
}

/** The same with an API key. */
export function optionsFor(url: string): ClientOptions {
  return { ...strangerOptions(url), apiKey: 'khoa-thu-nghiem-0001' }
}
