import type { Claim } from '../adapters/agencies/door.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import { isOneOf, secretHash } from '../signing/secret.ts'
import { signToken, verifyToken, type TokenKeys } from '../signing/token.ts'
import { newId } from '../signing/new-id.ts'
import type { Directory } from './directory.ts'
import type { SecretBook } from './secret-book.ts'

/**
 * Accounts of a dialect's own door. An account is a secret of the body that is named `account:<dialect>:<name>`: putting it opens the
 * account, dropping it closes it, and two values overlap while it is changed.
 */
export interface Accounts {
  /** The caller whose account it is, if the proof over its secrets holds. Throws `unauthenticated`. */
  prove(dialect: string, account: string, isProvedBy: Proof): Caller
  /** The values of an account that hold now, newest first. */
  secrets(dialect: string, account: string): readonly string[]
  /** A session for an account and its secret. Throws `unauthenticated`. */
  login(
    dialect: string,
    account: string,
    secret: string,
  ): { readonly agency: string; readonly session: string; readonly expiresInSeconds: number }
  /** The caller of a session. It ends with its account. Throws `unauthenticated`. */
  resume(dialect: string, session: string): Caller
}

type Proof = Extract<Claim, { kind: 'account' }>['isProvedBy']

interface AccountDeps {
  readonly secrets: SecretBook
  readonly directory: () => Directory
  readonly tokenKeys: TokenKeys
  /** Code of this gateway. */
  readonly code: string
  readonly now: () => number
}

/** Clients log in again every 10 minutes at best; some keep a session for a day (dvcqg §2.3). */
const sessionSeconds = 24 * 3_600

/** Name of the secret that an account is. */
export const accountSecret = (dialect: string, account: string): string => `account:${dialect}:${account}`

export function createAccounts({ secrets, directory, tokenKeys, code, now }: AccountDeps): Accounts {
  const secretsOf: Accounts['secrets'] = (dialect, account) => {
    const name = accountSecret(dialect, account)
    const agency = secrets.holder(name, now())
    return agency === undefined ? [] : secrets.values(agency, name, now())
  }
  /** An unknown account costs what a wrong secret costs, and says the same. */
  const prove = (...[dialect, account, isProvedBy]: Parameters<Accounts['prove']>) => {
    const name = accountSecret(dialect, account)
    const agency = secrets.holder(name, now())
    const values = secretsOf(dialect, account)
    const body = agency === undefined ? undefined : directory().agency(agency)
    const options = body?.dialect === dialect ? body.options : {}
    const isProved = isProvedBy(values.length === 0 ? [nobodysSecret] : values, options)
    if (!isProved || agency === undefined || body === undefined)
      throw unauthenticated('unknown account or wrong secret')
    return { credentialId: name, person: null, agency, roles: ['agency'], method: 'key' } as const
  }
  const issuer = (dialect: string) => `${code}/${dialect}`
  return {
    prove,
    secrets: secretsOf,
    login(dialect, account, secret) {
      const given = secretHash(secret)
      const { agency } = prove(dialect, account, (values) => isOneOf(given, values.map(secretHash)))
      const at = now() / 1000
      const claims = {
        ...{ iss: issuer(dialect), aud: issuer(dialect), sub: account, client_id: account, jti: newId() },
        ...{ iat: at, exp: Math.floor(at) + sessionSeconds },
      }
      return { agency, session: signToken(claims, tokenKeys), expiresInSeconds: sessionSeconds }
    },
    resume(dialect, session) {
      const { sub } = verifyToken(session, { keys: tokenKeys, issuer: issuer(dialect), now: now() })
      const caller = prove(dialect, sub, (values) => !values.includes(nobodysSecret))
      return { ...caller, method: 'token' }
    },
  }
}

/** Stands in for the secret of an account that does not exist; drawn anew by every process. */
const nobodysSecret = newId()

function unauthenticated(reason: string): GatewayError {
  return new GatewayError('unauthenticated', { reason })
}
