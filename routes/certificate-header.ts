import { GatewayError } from '../schemas/errors.ts'

/** Headers in which a proxy that ends TLS hands on the client certificate. */
export const certificateHeaders = ['client-cert', 'x-forwarded-client-cert', 'x-ssl-client-cert'] as const
export type CertificateHeader = (typeof certificateHeaders)[number]

/** How each is written. Answers the base64 of the DER bytes, '' for no certificate, undefined for what cannot be read. */
const readers: Readonly<Record<CertificateHeader, (value: string) => string | undefined>> = {
  /** RFC 9440 §2.1: a byte sequence, `:<base64>:`. */
  'client-cert': (value) => /^:(.*):$/.exec(value)?.[1],
  /** Envoy: `Hash=…;Cert="<PEM, percent-encoded>"`, an element for each hop. One hop is what can be trusted. */
  'x-forwarded-client-cert': (value) => {
    if (value.includes(',')) return undefined
    const cert = /(?:^|;)Cert="?([^";]+)"?/i.exec(value)?.[1]
    return cert === undefined ? undefined : base64OfPem(cert)
  },
  /** nginx: PEM, percent-encoded; HAProxy: bare base64. */
  'x-ssl-client-cert': (value) => base64OfPem(value),
}

function base64OfPem(text: string): string | undefined {
  const plain = percentDecoded(text)
  if (plain === undefined || !plain.startsWith('-----')) return plain
  return /^-----BEGIN CERTIFICATE-----\s([^-]*)-----END CERTIFICATE-----\s*$/
    .exec(plain)?.[1]
    ?.replace(/\s/g, '')
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The DER bytes of a forwarded certificate; undefined where the proxy says that there was none. Throws `malformed_request`. */
export function readForwarded(header: CertificateHeader, value: string): Uint8Array | undefined {
  if (value === '') return undefined
  const base64 = readers[header](value)
  if (base64 === '') return undefined
  if (base64 === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    throw new GatewayError('malformed_request', {
      field: header,
      reason: 'no certificate in the form of this header',
    })
  return Buffer.from(base64, 'base64')
}
