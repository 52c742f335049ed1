import { GatewayError } from '../../../schemas/errors.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import type { Node } from '../edxml/tree.ts'
import type { Partner, Waiting } from '../poll.ts'
import type { Transport, TransportAnswer } from '../transport.ts'
import { EdocOptions } from './options.ts'

/** What an answer may measure that is held, and a document with its files, which is read as it comes. */
const heldBytes = 48 * 1024 * 1024
const streamedBytes = 400 * 1024 * 1024

export const unavailable = (reason: string): GatewayError =>
  new GatewayError('unavailable', { reason: reason.slice(0, 200) })

/** By each wire: what waits, one document, and that it was received (edXML §8.4). Each throws `unavailable`. */
export interface Bus {
  /** Documents, and by REST statuses. */
  readonly documents: (partner: Partner) => Promise<readonly Waiting[]>
  readonly fetch: (waiting: Waiting, partner: Partner) => Promise<EdxmlDocument>
  readonly confirm: (waiting: Waiting, partner: Partner) => Promise<unknown>
  /** `Status` blocks since a moment, in the bus's own form; absent where statuses are documents. */
  readonly traces?: (partner: Partner, timestamp: string) => Promise<readonly Node[]>
  /** Rows of its directory, under the names that SOAP gives their fields. */
  readonly organisations: (partner: Partner) => Promise<readonly Payload[]>
}

interface Asking {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Reads the answer as it comes, where it may be large; its `body` is then empty. */
  readonly receive?: Parameters<Transport['post']>[0]['receive'] | undefined
}

/** Throws `unavailable` unless the bus answers with 200. */
export async function call(
  { agency, transport }: Partner,
  { path, body, receive, ...asking }: Asking,
): Promise<TransportAnswer> {
  const { url = '', timeoutMs } = EdocOptions.parse(agency.options)
  const answer = await transport.post({
    ...{ ...asking, url: `${url}${path}`, timeoutMs, body: Buffer.from(body) },
    ...(receive === undefined ? { maxAnswerBytes: heldBytes } : { maxAnswerBytes: streamedBytes, receive }),
  })
  if ('failure' in answer) throw unavailable(answer.code)
  if (answer.status !== 200) throw unavailable(`http_${answer.status}`)
  return answer
}

/** Throws `unavailable` where the body has no token. */
export function credentials({ agency, keys }: Partner): { readonly OrganId: string; readonly Token: string } {
  const [Token] = keys.secrets('token')
  if (Token === undefined) throw unavailable(`${agency.code} has no secret "token"`)
  return { OrganId: EdocOptions.parse(agency.options).organId ?? '', Token }
}
