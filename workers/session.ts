import type { StoredCredential } from '../adapters/store/ports/credentials.ts'
import type { Caller } from '../schemas/agency.ts'
import { mayBeSecret, secretHash } from '../signing/secret.ts'
import { verifyToken, type TokenKeys } from '../signing/token.ts'
import type { ReadClientCertificate } from './client-certificate.ts'
import { unauthenticated, type CredentialLookup } from './credential-lookup.ts'

/** What a request shows of who sends it. */
export interface Presented {
  readonly authorization: string | undefined
  /** DER bytes of the TLS client certificate, whose key the client has shown to hold. */
  readonly certificate: Uint8Array | undefined
}

export type Authenticate = (presented: Presented) => Promise<Caller>

/** One way in which a caller has shown who it is. */
interface Shown {
  readonly credential: StoredCredential
  readonly method: Caller['method']
  /** Fingerprint of the certificate that a token is bound to. */
  readonly boundTo: string | undefined
}

interface SessionDeps {
  readonly lookup: CredentialLookup
  readonly readClientCertificate: ReadClientCertificate
  /** Who issues the tokens, and with what. */
  readonly tokenKeys: TokenKeys
  readonly code: string
  readonly now: () => number
}

/**
 * Tells who calls: by `Authorization: Bearer <key or token>`, by a client certificate, or by both, which must then be of one body.
 * Throws `unauthenticated`, or `untrusted_certificate`.
 */
export function createAuthenticate(deps: SessionDeps): Authenticate {
  const { lookup, readClientCertificate } = deps
  const byCertificate = async (der: Uint8Array): Promise<Shown> => ({
    credential: await readClientCertificate(der),
    method: 'certificate',
    boundTo: undefined,
  })
  return async ({ authorization, certificate }) => {
    const own = certificate === undefined ? undefined : await byCertificate(certificate)
    const bearer = authorization === undefined ? undefined : await byBearer(deps, authorization)
    const shown = bearer ?? own
    if (shown === undefined) throw unauthenticated('expected: Bearer <key>')
    if (bearer !== undefined) agree(bearer, own)
    for (const one of [bearer, own]) if (one !== undefined) lookup.used(one.credential)
    const { id, person, agency, roles } = shown.credential
    return { credentialId: id, person, agency, roles, method: shown.method }
  }
}

/** Three parts between dots are a token; a key has no dot. */
async function byBearer({ lookup, ...deps }: SessionDeps, authorization: string): Promise<Shown> {
  const text = /^Bearer ([\x21-\x7e]{16,2048})$/i.exec(authorization)?.[1]
  if (text === undefined) throw unauthenticated('expected: Bearer <key>')
  if (text.includes('.')) return byToken({ lookup, ...deps }, text)
  if (!mayBeSecret(text)) throw unauthenticated('the key is mistyped')
  const credential = await lookup.byProof(secretHash(text))
  if (credential.kind !== 'key') throw unauthenticated('this is no key')
  return { credential, method: 'key', boundTo: undefined }
}

async function byToken(
  { lookup, tokenKeys: keys, code: issuer, now }: Omit<SessionDeps, 'readClientCertificate'>,
  text: string,
): Promise<Shown> {
  const { sub, iat, cnf } = verifyToken(text, { keys, issuer, now: now() })
  const credential = await lookup.byId(sub)
  if (Math.round(iat * 1000) < credential.tokensFrom) throw unauthenticated('the token was withdrawn')
  return { credential, method: 'token', boundTo: cnf?.['x5t#S256'] }
}

/** A key or token beside a certificate must be of the same body and person; a bound token asks for its certificate (RFC 8705 §3). */
function agree({ credential, boundTo }: Shown, own: Shown | undefined): void {
  if (boundTo !== undefined && thumbprint(own?.credential) !== boundTo)
    throw unauthenticated('the token is bound to another client certificate')
  if (own === undefined) return
  if (own.credential.agency !== credential.agency)
    throw unauthenticated('the client certificate is that of another body')
  if (own.credential.person !== null && own.credential.person !== credential.person)
    throw unauthenticated('the client certificate is that of another person')
}

/** `x5t#S256` of a certificate's credential. */
export function thumbprint(credential: StoredCredential | undefined): string | undefined {
  const fingerprint = credential?.fingerprint
  return fingerprint == null ? undefined : Buffer.from(fingerprint, 'hex').toString('base64url')
}
