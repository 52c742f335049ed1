import type { Request } from 'express'
import { TLSSocket } from 'node:tls'
import { GatewayError } from '../schemas/errors.ts'
import type { Presented } from '../workers/session.ts'
import { certificateHeaders, readForwarded, type CertificateHeader } from './certificate-header.ts'

/** Which proxies may say who a client is, and how they say it. */
export interface ProxyRules {
  /** Whether an IP address is that of a proxy of ours. */
  readonly isTrusted: (address: string) => boolean
  readonly certificateHeader: CertificateHeader
}

/** Reads from a request what it shows of who sends it. Throws `malformed_request` or `forbidden`. */
export type ReadPresented = (req: Request) => Presented

/**
 * A certificate comes from the connection itself, or from the header that a trusted proxy sets; then the certificate of the
 * connection is the proxy's own. Such a header from anybody else is an attempt to be another: refused, not ignored.
 */
export function createReadPresented({ isTrusted, certificateHeader }: ProxyRules): ReadPresented {
  return (req) => {
    const isProxied = isTrusted(req.socket.remoteAddress ?? '')
    for (const name of certificateHeaders)
      if (!(isProxied && name === certificateHeader) && req.headersDistinct[name] !== undefined)
        throw new GatewayError('forbidden', { field: name, reason: 'only a trusted proxy says this' })
    const forwarded = isProxied ? single(req, certificateHeader) : undefined
    return {
      authorization: single(req, 'authorization'),
      certificate: isProxied ? readForwarded(certificateHeader, forwarded ?? '') : ownCertificate(req),
    }
  }
}

/** Node keeps the first of several Authorization headers and drops the rest: what a proxy read may be another. */
function single(req: Request, name: string): string | undefined {
  const [value, ...more] = req.headersDistinct[name] ?? []
  if (more.length > 0)
    throw new GatewayError('malformed_request', { field: name, reason: 'given more than once' })
  return value
}

/** A session that is resumed brings the certificate of its first handshake. */
function ownCertificate({ socket }: Request): Uint8Array | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined
}
