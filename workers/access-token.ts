import type { Store } from '../adapters/store/store.ts'
import { isOneOf, secretHash } from '../signing/secret.ts'
import { signToken, type TokenKeys } from '../signing/token.ts'
import { newId } from '../signing/new-id.ts'
import type { ReadClientCertificate } from './client-certificate.ts'
import { admitted, unauthenticated, type CredentialLookup } from './credential-lookup.ts'
import type { Directory } from './directory.ts'
import { thumbprint } from './session.ts'

/** What a client shows for a token. */
export interface ClientProof {
  readonly clientId: string
  readonly clientSecret: string
  readonly certificate: Uint8Array | undefined
}

export interface AccessToken {
  readonly token: string
  readonly expiresInSeconds: number
  readonly roles: readonly string[]
}

export type IssueToken = (proof: ClientProof) => Promise<AccessToken>

interface TokenDeps {
  readonly store: Pick<Store, 'findCredential'>
  readonly lookup: Pick<CredentialLookup, 'used'>
  readonly readClientCertificate: ReadClientCertificate
  readonly directory: () => Directory
  readonly tokenKeys: TokenKeys
  readonly code: string
  readonly tokenSeconds: number
  readonly now: () => number
}

/**
 * Gives a short-lived token for a client's id and secret, bound to its client certificate where it shows one. An unknown client
 * costs what a wrong secret costs. Throws `unauthenticated`, or `untrusted_certificate`.
 */
export function createIssueToken(deps: TokenDeps): IssueToken {
  const { store, lookup, directory, code, tokenKeys, tokenSeconds, now } = deps
  return async ({ clientId, clientSecret, certificate }) => {
    const found = await store.findCredential(clientId, now())
    const isProved = isOneOf(secretHash(clientSecret), found?.proofs ?? [])
    if (!isProved || found?.kind !== 'oauth') throw unauthenticated('unknown client or wrong secret')
    const credential = admitted(found, directory(), now())
    const own = certificate === undefined ? undefined : await deps.readClientCertificate(certificate)
    if (own !== undefined && own.agency !== credential.agency)
      throw unauthenticated('the client certificate is that of another body')
    lookup.used(credential)
    const at = now() / 1000
    const expiresInSeconds = Math.floor(Math.min(tokenSeconds, credential.validTo / 1000 - at))
    const bound = thumbprint(own)
    const claims = {
      ...{ iss: code, aud: code, sub: clientId, client_id: clientId, jti: newId() },
      ...{ iat: at, exp: Math.floor(at) + expiresInSeconds },
      ...(bound === undefined ? {} : { cnf: { 'x5t#S256': bound } }),
    }
    return { token: signToken(claims, tokenKeys), expiresInSeconds, roles: credential.roles }
  }
}
