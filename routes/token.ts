import { z } from 'zod'
import { GatewayError, type ErrorCode } from '../schemas/errors.ts'
import type { AccessToken, IssueToken } from '../workers/access-token.ts'
import type { Presented } from '../workers/session.ts'
import { endpoint, type Asked, type Endpoint, type Refusal } from './endpoint.ts'
import { isUnknown } from './identify.ts'
import type { FailureLimit } from './failures.ts'

export interface TokenDeps {
  readonly issueToken: IssueToken
}

const Form = z.object({
  grant_type: z.string().max(100),
  client_id: z.string().min(1).max(100).optional(),
  client_secret: z.string().min(1).max(512).optional(),
  scope: z.string().max(1000).optional(),
})
type Form = z.infer<typeof Form>

const Answer = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
  /** The roles of the credential, whatever was asked for. */
  scope: z.string(),
})

/** RFC 6749 §5.2. */
const OauthError = z.object({ error: z.string(), error_description: z.string() })

/** Tokens for clients: OAuth 2, client credentials (RFC 6749 §4.4). */
export function tokenEndpoints({
  issueToken,
  failures,
}: TokenDeps & { readonly failures: FailureLimit }): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/oauth/token',
      tag: 'identity',
      summary: {
        vi: 'Đổi mã và khóa bí mật của máy khách lấy thẻ truy cập ngắn hạn (OAuth 2)',
        en: 'Change a client id and secret for a short-lived access token (OAuth 2 client credentials)',
      },
      access: 'public',
      media: 'application/x-www-form-urlencoded',
      refusal: { shape: OauthError, write: oauthRefusal },
      errors: ['unsupported_grant', 'unauthenticated'],
      body: Form,
      answer: Answer,
      handle: (asked) => answer(asked, issueToken, failures),
    }),
  ]
}

async function answer(
  { body, presented, address }: Asked<undefined, undefined, Form, undefined>,
  issueToken: IssueToken,
  failures: FailureLimit,
): Promise<z.infer<typeof Answer>> {
  if (body.grant_type !== 'client_credentials')
    throw new GatewayError('unsupported_grant', {
      field: 'grant_type',
      reason: 'expected: client_credentials',
    })
  const shown = presented()
  const client = clientOf(shown, body)
  const key = `${address} ${client.clientId}`
  failures.check(key)
  const { token, expiresInSeconds, roles } = await guarded(
    issueToken({ ...client, certificate: shown.certificate }),
    () => {
      failures.count(key)
      failures.count(address)
    },
  )
  return { access_token: token, token_type: 'Bearer', expires_in: expiresInSeconds, scope: roles.join(' ') }
}

async function guarded(issued: Promise<AccessToken>, onFailure: () => void): Promise<AccessToken> {
  try {
    return await issued
  } catch (error) {
    if (isUnknown(error)) onFailure()
    throw error
  }
}

interface Client {
  readonly clientId: string
  readonly clientSecret: string
}

/** The client's id and secret, by one way only (RFC 6749 §2.3). */
function clientOf({ authorization }: Presented, { client_id, client_secret }: Form): Client {
  const basic = authorization === undefined ? undefined : basicOf(authorization)
  if (basic === undefined) {
    if (client_id === undefined || client_secret === undefined)
      throw new GatewayError('unauthenticated', { reason: 'expected: client id and secret' })
    return { clientId: client_id, clientSecret: client_secret }
  }
  if (client_secret !== undefined || (client_id !== undefined && client_id !== basic.clientId))
    throw new GatewayError('malformed_request', { reason: 'the client authenticates in more than one way' })
  return basic
}

/** client_secret_basic: both parts are form-encoded before they are joined (RFC 6749 §2.3.1). */
function basicOf(authorization: string): Client {
  const base64 = /^Basic ([A-Za-z0-9+/]{1,2048}={0,2})$/i.exec(authorization)?.[1] ?? ''
  const [, id, secret] = /^([^:]+):(.+)$/.exec(Buffer.from(base64, 'base64').toString()) ?? []
  const [clientId, clientSecret] = [id, secret].map(formDecoded)
  if (clientId === undefined || clientSecret === undefined || clientId.length > 100)
    throw new GatewayError('unauthenticated', {
      field: 'Authorization',
      reason: 'expected: Basic <id:secret>',
    })
  return { clientId, clientSecret }
}

function formDecoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** Our codes in the words of RFC 6749 §5.2; whatever is not here is the gateway's own trouble. */
const words: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'invalid_client',
  untrusted_certificate: 'invalid_client',
  forbidden: 'invalid_request',
  invalid_field: 'invalid_request',
  malformed_request: 'invalid_request',
  too_large: 'invalid_request',
  unsupported_media: 'invalid_request',
  unsupported_grant: 'unsupported_grant_type',
  too_many_requests: 'slow_down',
}

/** A refusal as OAuth clients read it. */
function oauthRefusal({ code, row, reason, field }: GatewayError): Refusal {
  const isClient = words[code] === 'invalid_client'
  const said = [row.en, field, reason].filter((part) => part !== undefined).join(' ')
  return {
    status: isClient ? 401 : row.status === 413 || row.status === 415 ? 400 : row.status,
    headers: isClient ? { 'www-authenticate': 'Basic realm="lien-thong", charset="UTF-8"' } : {},
    body: {
      error: words[code] ?? 'temporarily_unavailable',
      error_description: said.replace(/[^\x20-\x7e]|["\\]/g, "'"),
    },
  }
}
