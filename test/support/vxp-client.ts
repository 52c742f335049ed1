import { createHash, createHmac } from 'node:crypto'
import { request } from 'node:http'
import type { Json, Payload } from '../../schemas/message.ts'

export interface VxpAnswer {
  readonly status: number
  readonly text: string
  /** Empty where the answer is no JSON. */
  readonly json: Readonly<Record<string, Json>>
  readonly rows: readonly Payload[]
}

export interface VxpCall {
  readonly args?: Readonly<Record<string, string>>
  readonly method?: 'GET' | 'POST'
  readonly body?: string | Buffer
  readonly contentType?: string
  /** Headers put over those that were signed. */
  readonly tampered?: Readonly<Record<string, string>>
}

export interface VxpClient {
  call(verb: string, call?: VxpCall): Promise<VxpAnswer>
  /** Posts a file as the official client does: its hash without leading zeros, a line end after it. */
  sendEdoc(
    file: string,
    args: Readonly<Record<string, string>>,
    tampered?: VxpCall['tampered'],
  ): Promise<VxpAnswer>
  /** The headers that it would send. */
  headers(args: Readonly<Record<string, string>>, contentType?: string): Record<string, string>
}

export interface VxpAccount {
  readonly url: string
  readonly systemId: string
  readonly secret: string
  /** Written once, when the client is made. */
  readonly timestamp?: string
}

export const unpaddedHash = (file: string): string =>
  [...createHash('sha256').update(file).digest()].map((byte) => byte.toString(16)).join('')

/** Habits of the official client (X §8.1): one map of arguments that is never cleared, one timestamp for its life, any order of headers. */
export function vxpClient({
  url,
  systemId,
  secret,
  timestamp = '21112026T201248+0564',
}: VxpAccount): VxpClient {
  const kept = new Map<string, string>()

  function headers(args: Readonly<Record<string, string>>, contentType = 'application/json') {
    kept.set('systemid', systemId).set('timestamp', timestamp).set('Content-Type', contentType)
    for (const [name, value] of Object.entries(args)) kept.set(name, value)
    const names = [...kept.keys()].sort((a, b) => (unpaddedHash(a) < unpaddedHash(b) ? -1 : 1))
    const pairs = Object.fromEntries(names.map((name) => [`XroadVnpt-${name}`, kept.get(name) ?? '']))
    const signed = JSON.stringify(pairs)
    const one = Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name.toLowerCase(), value]))
    return {
      ...one,
      'content-type': contentType,
      'xroadvnpt-sign-header-key': names.join(';'),
      'xroadvnpt-sign-header': signed,
      'xroadvnpt-hash-header': createHmac('sha256', secret).update(signed).digest('hex'),
      'xroadvnpt-version': '3.0.201608',
      'user-agent': 'JAVASDKAgent/1.0.0 XRoad/VPCP',
    }
  }

  async function call(verb: string, { args = {}, method = 'POST', ...rest }: VxpCall = {}) {
    const { body = '', contentType, tampered = {} } = rest
    const sent = { ...headers(args, contentType), ...tampered }
    const answer = await exchange(`${url}/${verb}`, method, sent, Buffer.from(body))
    const json = answer.text.startsWith('{') ? (JSON.parse(answer.text) as VxpAnswer['json']) : {}
    return { ...answer, json, rows: (json['data'] ?? []) as readonly Payload[] }
  }

  return {
    headers,
    call,
    sendEdoc: (file, args, tampered = {}) =>
      call('sendEdoc', {
        args: { servicetype: 'eDoc', messagetype: 'edoc', 'hash-file': unpaddedHash(file), ...args },
        ...{ body: `${file}\r\n`, contentType: 'application/octet-stream', tampered },
      }),
  }
}

function exchange(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method, headers: { ...headers, 'content-length': body.length } },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('latin1') }),
        )
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}
