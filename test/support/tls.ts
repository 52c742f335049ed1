import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAuthority, issueCertificate } from '../../signing/issue.ts'

const dayMs = 86_400_000

/** What is to be wrong with a server's certificate; nothing, but for its authority, unless said. */
export interface Flaw {
  readonly name?: string
  readonly issuedAt?: number
}

/** An HTTPS server with a certificate of an authority of its own; `ca` is that authority's certificate. */
export async function withTlsServer(
  { name = 'localhost', issuedAt = Date.now() - 1_000 }: Flaw,
  use: (server: { readonly port: number; readonly ca: string }) => Promise<void>,
): Promise<void> {
  const authority = createAuthority({ name: 'CA', organization: 'Sandbox', now: issuedAt, years: 1 })
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { pem } = issueCertificate(authority, {
    name,
    organization: 'Sandbox',
    publicKey,
    now: issuedAt,
    days: 1,
    use: 'tls',
  })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const server = createServer({ cert: pem, key }, (req, res) => {
    req.resume().on('end', () => res.end('OK'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await use({ port: (server.address() as AddressInfo).port, ca: authority.certificate.pem })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** A time at which a certificate of a day was issued that is over now. */
export const longAgo = (): number => Date.now() - 3 * dayMs
