import { Agent, fetch, type RequestInit } from 'undici'
import { GatewayError, errors, type ErrorCode } from '../schemas/errors.ts'

/** A client certificate: PEM key and chain, or a PKCS#12 file with its passphrase. */
export interface TlsOptions {
  readonly key?: string | Buffer
  readonly cert?: string | Buffer
  readonly pfx?: Buffer
  readonly passphrase?: string
  /** Authorities that the gateway's own TLS certificate must come from; the machine's unless given. */
  readonly ca?: string | Buffer
  /** The name in the gateway's certificate, where its address is another. */
  readonly serverName?: string
}

/** How a caller proves who it is: an API key, OAuth2 client credentials, a client certificate. None = the public doors only. */
export interface ProofOptions {
  /** Address of the gateway, such as `https://truc.example.vn`. */
  readonly url: string
  readonly apiKey?: string
  /** Exchanged for short-lived tokens at `POST /oauth/token` (RFC 6749 §4.4). */
  readonly clientCredentials?: { readonly id: string; readonly secret: string }
  readonly tls?: TlsOptions
}

export interface Proof {
  /** The headers that say who calls. Asks for a token where there is none that lasts. */
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>
  /** Drops a token that was refused; false where there is none to renew. */
  forget(): boolean
  /** How the line is opened. */
  readonly line: Pick<RequestInit, 'dispatcher'>
}

interface Token {
  readonly text: string
  /** When to ask for the next one, in ms: a tenth of its life before its end, at least 5 s. */
  readonly renewAt: number
}

const earliestRenewalMs = 5_000

/** Proves who calls. One token serves every call until shortly before its end. */
export function createProof({ url, apiKey, clientCredentials, tls }: ProofOptions): Proof {
  const line = tls === undefined ? {} : { dispatcher: new Agent({ connect: connectOf(tls) }) }
  let token: Promise<string> | undefined
  let renewAt = 0

  /** One question at a time; a failure is not remembered. */
  function freshToken(ask: () => Promise<Token>): Promise<string> {
    if (token !== undefined && Date.now() < renewAt) return token
    renewAt = Infinity
    const asked = ask().then((fresh) => {
      renewAt = fresh.renewAt
      return fresh.text
    })
    token = asked
    asked.catch(() => {
      if (token === asked) token = undefined
    })
    return asked
  }

  return {
    line,
    async headers(signal) {
      if (apiKey !== undefined) return { authorization: `Bearer ${apiKey}` }
      if (clientCredentials === undefined) return {}
      const ask = () => askToken({ url, ...clientCredentials }, { signal, ...line })
      return { authorization: `Bearer ${await freshToken(ask)}` }
    },
    forget() {
      const had = token !== undefined
      token = undefined
      return had
    },
  }
}

function connectOf({ serverName, ...keys }: TlsOptions) {
  return serverName === undefined ? { ...keys } : { ...keys, servername: serverName }
}

interface TokenAsk {
  readonly url: string
  readonly id: string
  readonly secret: string
}

async function askToken({ url, id, secret }: TokenAsk, line: RequestInit): Promise<Token> {
  const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`
  const response = await fetch(new URL('/oauth/token', url), {
    ...line,
    method: 'POST',
    redirect: 'error',
    headers: {
      authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  const said = (await response.json().catch(() => null)) as TokenAnswer | null // RFC 6749 §5
  if (!response.ok || said?.access_token === undefined) throw refusalOf(response.status, said)
  const lifeMs = 1000 * (said.expires_in ?? 60)
  return { text: said.access_token, renewAt: Date.now() + lifeMs - Math.max(lifeMs / 10, earliestRenewalMs) }
}

interface TokenAnswer {
  readonly access_token?: string
  readonly expires_in?: number
  readonly error?: string
  readonly code?: string
  readonly reason?: string
}

function refusalOf(status: number, said: TokenAnswer | null): GatewayError {
  const own = said?.code ?? ''
  const ours = Object.hasOwn(errors, own) ? (own as ErrorCode) : null // its codes are only the gateway's
  const code = ours ?? (status === 400 || status === 401 ? 'unauthenticated' : 'unavailable')
  return new GatewayError(code, { reason: said?.reason ?? said?.error ?? `token: HTTP ${status}` })
}
