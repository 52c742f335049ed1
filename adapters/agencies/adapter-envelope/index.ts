import type { Agency } from '../../../schemas/agency.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { Dialect, Encoded, TransportAnswer, Unsupported } from '../dialect.ts'
import { readSaid, saysExists } from '../dossiers/said.ts'
import { outcomeOf } from '../http-answers.ts'
import { answerJson } from '../json-answer.ts'
import { decodeEnvelope, door } from './door.ts'
import { EnvelopeOptions } from './options.ts'

const answerBytes = 64 * 1024

/**
 * The envelope of the national adapter (dvcqg §2 to §7): clients log in and call services by name; dossiers for an agency are posted
 * to its `nhanhsdvcqg`. The recipient tells repeats apart by MaHoSo only if it says so, so an ambiguous send is in doubt.
 */
export const adapterEnvelope: Dialect = {
  name: 'adapter-envelope',
  mode: 'push',
  repeatable: false,
  options: EnvelopeOptions,
  address: ({ options }) => EnvelopeOptions.parse(options).url ?? '',
  verbs: [],
  door,
  decode: (request, agency) =>
    decodeEnvelope(request, { agency, options: EnvelopeOptions.parse(agency.options) }),
  answer: answerJson,
  encode,
  async send({ encoded }, { options }, transport) {
    const { url = '', timeoutMs, acceptedCodes } = EnvelopeOptions.parse(options)
    const headers = { accept: 'application/json', 'content-type': encoded.contentType, charset: 'utf-8' }
    const answer = await transport.post({
      ...{ url, headers, body: encoded.body, timeoutMs },
      maxAnswerBytes: answerBytes,
    })
    const outcome = outcomeOf(answer, { repeatable: false })
    return outcome.kind === 'delivered' && 'body' in answer ? said(answer, acceptedCodes) : outcome
  },
}

function encode({ action, payload }: Message, { options }: Agency): Encoded | Unsupported {
  const [row, ...others] = (payload['data'] ?? []) as readonly Payload[]
  if (action !== 'dossier.submitted' || row === undefined || others.length > 0)
    return { kind: 'unsupported', reason: `adapter-envelope carries one new dossier, not ${action}` }
  if (EnvelopeOptions.parse(options).url === undefined)
    return { kind: 'unsupported', reason: 'the body has no url for nhanhsdvcqg' }
  const body = Buffer.from(JSON.stringify(row))
  return { kind: 'encoded', seal: 'none', contentType: 'application/json; charset=utf-8', body, headers: {} }
}

/** The answer to `nhanhsdvcqg`: a code and a message. A text without a code, such as a proxy's page, does not say what became of it. */
function said({ body }: TransportAnswer, acceptedCodes: readonly string[]): Outcome {
  const { code, message } = readSaid(body)
  if (code === '' && body.byteLength > 0)
    return { kind: 'in_doubt', code: 'unreadable_answer', reason: 'the answer has no error_code' }
  if (code === '' || acceptedCodes.includes(code)) return { kind: 'delivered' }
  if (saysExists(message)) return { kind: 'delivered' }
  return { kind: 'refused', code: `error_code_${code.slice(0, 32)}`, reason: message.slice(0, 500) }
}
