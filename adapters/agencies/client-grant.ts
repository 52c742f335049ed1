import { GatewayError } from '../../schemas/errors.ts'
import { textOf } from '../../schemas/fields.ts'
import { readJson } from '../../schemas/read-json.ts'
import type { DoorRequest } from './content.ts'
import type { Claim, Deed, Done } from './door.ts'
import { parametersOf, utf8Of } from './dossiers/asked.ts'

/** Parameters of a token request by their names in lower case: a form, or JSON where it is an object. */
function shownIn(request: DoorRequest): ReadonlyMap<string, unknown> {
  const bytes = utf8Of(request)
  const text = Buffer.from(bytes).toString('utf8').trim()
  if (text.startsWith('{')) return parametersOf(readJson(bytes))
  return parametersOf(Object.fromEntries(new URLSearchParams(text)))
}

/** Id and secret of `Authorization: Basic` (RFC 7617); percent escapes as RFC 6749 asks for are read where they can be. */
function basicOf({ headers }: DoorRequest): readonly [id: string, secret: string] | null {
  const [, base64] = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(headers['authorization'] ?? '') ?? []
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(base64 ?? '', 'base64').toString('utf8')) ?? []
  return id === undefined || secret === undefined ? null : [unescaped(id), unescaped(secret)]
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A login with client credentials (dvcqg §12.1, §14.1): in the form, in JSON or as Basic. Throws GatewayError. */
export function grantOf(request: DoorRequest): Extract<Deed, { kind: 'login' }> {
  const shown = shownIn(request)
  const text = (name: string) => textOf(shown.get(name))
  if (!['', 'client_credentials'].includes(text('grant_type')))
    throw new GatewayError('unsupported_grant', {
      field: 'grant_type',
      reason: 'expected: client_credentials',
    })
  const [account, secret] = basicOf(request) ?? [text('client_id'), text('client_secret')]
  return { kind: 'login', account, secret }
}

/** The session that a request carries as `Authorization: Bearer`. Throws `unauthenticated`. */
export function bearerOf({ headers }: DoorRequest): Extract<Claim, { kind: 'session' }> {
  const [, token] = /^Bearer ([\x21-\x7e]{1,2048})$/i.exec(headers['authorization'] ?? '') ?? []
  if (token === undefined) throw new GatewayError('unauthenticated', { reason: 'expected: Bearer <token>' })
  return { kind: 'session', token }
}

/** What a token endpoint answers (RFC 6749 §5.1). */
export const tokenOf = ({ session, expiresInSeconds }: Extract<Done, { kind: 'login' }>) => ({
  access_token: session,
  token_type: 'Bearer',
  expires_in: expiresInSeconds,
  scope: 'default',
})
