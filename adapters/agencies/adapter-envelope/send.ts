import type { Payload } from '../../../schemas/message.ts'
import { objectIn } from '../../../schemas/objects.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { Dialect, Parcel, TransportAnswer, TransportFailure } from '../dialect.ts'
import { readSaid, saysExists, type ServerSaid } from '../dossiers/said.ts'
import { writtenIn } from '../encoded.ts'
import { outcomeOf } from '../http-answers.ts'
import { pathOf } from './encode.ts'
import { EnvelopeOptions } from './options.ts'
import { saysExpired, type CallPortal, type PortalPartner } from './portal.ts'

const answerBytes = 64 * 1024

/** Sends to the portal's services, or to the agency's own path. */
export function createSend(callPortal: CallPortal): Dialect['send'] {
  return async (parcel, agency, transport, keys) => {
    const options = EnvelopeOptions.parse(agency.options)
    const { portal, acceptedCodes, timeoutMs } = options
    if (portal !== undefined)
      return push(parcel, { portal, agency, transport, keys }, { callPortal, ...options })
    const { contentType, body } = parcel.encoded
    const headers = { accept: 'application/json', 'content-type': contentType, charset: 'utf-8' }
    const url = pathOf(parcel.message, options) ?? ''
    const answer = await transport.post({ url, headers, body, timeoutMs, maxAnswerBytes: answerBytes })
    return judge(answer, (said) =>
      acceptedCodes.includes(said.code) || saysExists(said.message) ? { kind: 'delivered' } : refusalOf(said),
    )
  }
}

interface Pushing extends Pick<EnvelopeOptions, 'acceptedCodes' | 'timeoutMs'> {
  readonly callPortal: CallPortal
}

/** A create of what the portal has is pushed again as an update (dvcqg §3.4): an earlier answer may have been lost. */
async function push({ encoded }: Parcel, partner: PortalPartner, how: Pushing): Promise<Outcome> {
  const { callPortal, timeoutMs, acceptedCodes } = how
  const body = objectIn(writtenIn(encoded))
  const call = (asked: Payload) => callPortal({ path: 'servicePath', body: asked, timeoutMs }, partner)
  const answer = await call(body)
  const isKnown =
    body['isUpdating'] === 'False' && 'body' in answer && saysExists(readSaid(answer.body).message)
  const last = isKnown ? await call({ ...body, isUpdating: 'True' }) : answer
  if (saysExpired(last, partner.portal))
    return { kind: 'fault', code: 'session_refused', reason: 'the portal takes no session of ours' }
  return judge(last, (said) => {
    if (acceptedCodes.includes(said.code)) return { kind: 'delivered' }
    const { kind, code, reason } = refusalOf(said)
    return partner.portal.retryCodes.includes(said.code)
      ? { kind: 'retry', code, reason }
      : { kind, code, reason }
  })
}

/** A text without a code, such as a proxy's page, does not say what became of it; no text at all is the status alone. */
function judge(answer: TransportAnswer | TransportFailure, judged: (said: ServerSaid) => Outcome): Outcome {
  const outcome = outcomeOf(answer, { repeatable: false })
  if (outcome.kind !== 'delivered' || !('body' in answer) || answer.body.byteLength === 0) return outcome
  const said = saidIn(answer)
  if (said.code === '')
    return { kind: 'in_doubt', code: 'unreadable_answer', reason: 'the answer has no error_code' }
  return judged(said)
}

/** The promotion service says `status` in one generation (dvcqg §10). */
function saidIn({ body }: TransportAnswer): ServerSaid {
  const said = readSaid(body)
  return said.code === '' ? readSaid(body, { code: 'status', message: 'message' }) : said
}

const refusalOf = ({ code, message }: ServerSaid): Extract<Outcome, { readonly kind: 'refused' }> => ({
  kind: 'refused',
  code: `error_code_${code.slice(0, 32)}`,
  reason: message.slice(0, 500),
})
