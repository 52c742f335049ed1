import type { TransportFailure } from '../agencies/dialect.ts'

/** Errors after which nothing can have reached the other side. */
const unsentCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Errors that say that the other side's TLS or address is at fault: retrying will not mend them, a person will. */
const configurationCode =
  /^(ADDRESS_REFUSED$|CERT_|CRL_|EPROTO$|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_|SELF_SIGNED_|UNABLE_TO_)/

/** Message of an ECONNRESET before the handshake was over: no byte of the request had gone. */
const beforeHandshake = /before secure TLS connection/

/** What went wrong with a call that threw. */
export function failureOf(error: unknown): TransportFailure {
  const code = codeOf(error)
  const text = error instanceof Error ? error.message : ''
  const failure = configurationCode.test(code)
    ? 'configuration'
    : unsentCodes.has(code) || beforeHandshake.test(text)
      ? 'unsent'
      : 'ambiguous'
  return { failure, code: code.toLowerCase(), reason: text.slice(0, 300) || code }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name === 'TimeoutError' ? 'TIMEOUT' : 'UNKNOWN'
}
