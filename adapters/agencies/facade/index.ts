import { z } from 'zod'
import type { Agency } from '../../../schemas/agency.ts'
import type { Json, Message, Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { Dialect, Encoded, TransportAnswer, TransportFailure, Unsupported } from '../dialect.ts'
import { chunksOf } from '../dossiers/chunks.ts'
import { encodedJson, writtenIn, unsupported } from '../encoded.ts'
import { outcomeOf } from '../http-answers.ts'
import { answerJson } from '../json-answer.ts'
import { callOf, judge, type CallRow, type Said } from './calls.ts'
import { decodeFacade, door } from './door.ts'
import { FacadeOptions } from './options.ts'
import { encodeTax, isTax, sendTax, taxKey } from './tax.ts'

const answerBytes = 64 * 1024
const tokenName = 'bearer'

/**
 * A province's façade (dvcqg §3.4, §6.4): bare lists, an address for each operation, answers whose words count. Its clients send
 * whole lists again and again, so as a recipient it tells repeats apart: dossiers by MaHoSo, steps by their five fields.
 */
export const facade: Dialect = {
  name: 'facade',
  mode: 'push',
  repeatable: true,
  options: FacadeOptions,
  secrets: { [tokenName]: z.string().min(1).max(4000), [taxKey]: z.string().min(1).max(500) },
  address({ options }) {
    const { url, tax } = FacadeOptions.parse(options)
    return url ?? tax?.url ?? ''
  },
  verbs: [],
  door,
  decode: (request, agency) =>
    decodeFacade(request, { agency, options: FacadeOptions.parse(agency.options) }),
  answer: answerJson,
  encode,
  async send(parcel, agency, transport, keys) {
    const { message, encoded } = parcel
    if (isTax(message.action)) return sendTax(parcel, agency, { transport, keys })
    const options = FacadeOptions.parse(agency.options)
    const [token] = keys.secrets(tokenName)
    const headers = {
      ...{ accept: 'application/json', 'content-type': encoded.contentType },
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    const post: Post = (path, body) =>
      transport.post({
        ...{ url: `${options.url ?? ''}${path}`, headers, body: Buffer.from(JSON.stringify(body)) },
        ...{ timeoutMs: options.timeoutMs, maxAnswerBytes: answerBytes },
      })
    const rows = writtenIn(encoded) as readonly Payload[] // as `encode` wrote them
    return deliver(rows, { message, options, post })
  },
}

type Post = (path: string, body: Json) => Promise<TransportAnswer | TransportFailure>

interface Delivery {
  readonly message: Message
  readonly options: FacadeOptions
  readonly post: Post
}

function encode(message: Message, { options }: Agency): Encoded | Unsupported {
  const { action, payload } = message
  if (isTax(action)) return encodeTax(message, FacadeOptions.parse(options))
  if (callOf(action, rowsOf(payload)) === undefined)
    return unsupported(`facade carries dossiers, their progress and taxes, not ${action}`)
  if (FacadeOptions.parse(options).url === undefined) return unsupported('the body has no url of its façade')
  return encodedJson(rowsOf(payload))
}

const rowsOf = (payload: Payload): readonly Payload[] =>
  (payload['data'] as readonly Payload[] | undefined) ?? [] // a list, as its schema has it

/** Call after call, until one is not taken; what was taken before it is told again with the next attempt. */
async function deliver(rows: readonly Payload[], { message, options, post }: Delivery): Promise<Outcome> {
  const row = callOf(message.action, rows)
  if (row === undefined) return { kind: 'unsendable', code: 'unsupported', reason: message.action }
  for (const chunk of chunksOf(rows, row.rowsPerCall(options))) {
    const outcome = await tell(chunk, row, { options, post })
    if (outcome.kind !== 'delivered') return outcome
  }
  return { kind: 'delivered' }
}

async function tell(
  rows: readonly Payload[],
  row: CallRow,
  { options, post }: Pick<Delivery, 'options' | 'post'>,
): Promise<Outcome> {
  const body = row.body?.(rows) ?? rows
  const said = saidOf(await post(row.path(options), body), row)
  if (said.kind !== 'exists') return said
  const again = row.retryPath === undefined ? said : saidOf(await post(row.retryPath(options), body), row)
  return again.kind === 'exists' ? { kind: 'refused', code: 'exists', reason: 'đã tồn tại' } : again
}

function saidOf(answer: TransportAnswer | TransportFailure, row: CallRow): Said {
  const outcome = outcomeOf(answer, { repeatable: true })
  return outcome.kind === 'delivered' && 'body' in answer && answer.status < 300
    ? judge(answer, row)
    : outcome
}
