import { readFileSync } from 'node:fs'
import type { RequestListener, ServerOptions } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import type { Env } from './env.ts'
import { describe, type Log } from './log.ts'

/** The door with TLS: one server, and the step that takes new files as they come. */
export interface TlsDoor {
  readonly server: Server
  /** Reads the files again; where they have changed, new connections use them. A pair that does not fit is left, and said. */
  readonly reload: () => Promise<boolean>
}

interface Pair {
  readonly cert: Buffer
  readonly key: Buffer
}

/**
 * Asks every client for a certificate and lets in those without one, and those of any authority: whose certificate counts is asked of the
 * registry at each request, so that what changes there acts at once, and on resumed sessions too.
 */
export function createTlsDoor(
  env: Pick<Env, 'TLS_CERT_FILE' | 'TLS_KEY_FILE'>,
  {
    http,
    answer,
    log,
  }: { readonly http: ServerOptions; readonly answer: RequestListener; readonly log: Log },
): TlsDoor {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = env
  if (certFile === undefined || keyFile === undefined)
    throw new Error('cannot start: TLS_PORT needs TLS_CERT_FILE and TLS_KEY_FILE')
  const read = (): Pair => ({ cert: readFileSync(certFile), key: readFileSync(keyFile) })
  let current = read()
  const server = createServer(
    {
      ...http,
      ...contextOf(current),
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: 10_000,
    },
    answer,
  )
  return {
    server,
    reload() {
      try {
        const next = read()
        if (next.cert.equals(current.cert) && next.key.equals(current.key)) return Promise.resolve(false)
        server.setSecureContext(contextOf(next))
        current = next
        log('info', 'tls.reloaded', {})
      } catch (error) {
        log('warn', 'tls.not_reloaded', describe(error)) // half of a new pair: the other half is on its way
      }
      return Promise.resolve(false)
    },
  }
}

const contextOf = (pair: Pair): SecureContextOptions => ({
  ...pair,
  minVersion: 'TLSv1.2',
  sessionIdContext: 'lien-thong',
})
