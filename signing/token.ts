import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { GatewayError } from '../schemas/errors.ts'
import type { MasterKeys } from './at-rest.ts'

/** Keys of the access tokens, by the id of the master key that each comes from. */
export type TokenKeys = MasterKeys

const type = 'at+jwt'

const Header = z.strictObject({ alg: z.literal('HS256'), typ: z.literal(type), kid: z.string() })

const Claims = z.strictObject({
  iss: z.string(),
  aud: z.string(),
  /** Id of the credential. */
  sub: z.string(),
  client_id: z.string(),
  jti: z.string(),
  /** Seconds since 1970, with a fraction: what is withdrawn is withdrawn to the millisecond. */
  iat: z.number(),
  exp: z.int(),
  /** Binds it to a client certificate (RFC 8705 §3.1). */
  cnf: z.strictObject({ 'x5t#S256': z.string() }).exactOptional(),
})

export type TokenClaims = Readonly<z.infer<typeof Claims>>

/** Derives the keys of the tokens (RFC 5869), so that a token's key opens nothing that is stored, and the other way round. */
export function tokenKeys({ current, keys }: MasterKeys): TokenKeys {
  const derive = (master: KeyObject) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', master, '', 'lien-thong access token', 32)))
  return { current, keys: new Map([...keys].map(([id, master]) => [id, derive(master)])) }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const mac = (text: string, key: KeyObject): Buffer => createHmac('sha256', key).update(text).digest()

/** Writes a token (RFC 9068 but for its algorithm: who issues it is the only one who reads it). */
export function signToken(claims: TokenClaims, { current, keys }: TokenKeys): string {
  const key = keys.get(current)
  if (key === undefined) throw new GatewayError('internal', { reason: 'no key for tokens' })
  const signed = `${encode({ alg: 'HS256', typ: type, kid: current })}.${encode(claims)}`
  return `${signed}.${mac(signed, key).toString('base64url')}`
}

const refuse = (cause?: unknown): GatewayError =>
  new GatewayError('unauthenticated', { field: 'Authorization', reason: 'the token is not valid', cause })

function parse<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch (cause) {
    throw refuse(cause)
  }
}

/** Reads a token that `signToken` wrote, as `issuer`, and that is not over at `now` (ms); else `unauthenticated`. */
export function verifyToken(
  token: string,
  { keys, issuer, now }: { readonly keys: TokenKeys; readonly issuer: string; readonly now: number },
): TokenClaims {
  const [head = '', body = '', signature = '', ...rest] = token.split('.')
  const key = keys.keys.get(parse(Header, head).kid)
  if (key === undefined || rest.length > 0) throw refuse()
  const expected = mac(`${head}.${body}`, key)
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refuse()
  const claims = parse(Claims, body)
  if (claims.iss !== issuer || claims.aud !== issuer) throw refuse()
  if (claims.exp * 1000 <= now)
    throw new GatewayError('unauthenticated', { field: 'Authorization', reason: 'the token is over' })
  return claims
}
