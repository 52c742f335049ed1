import type { Ask, AskedPartner, Question, Reply } from '../ask.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { TransportAnswer, TransportFailure } from '../dialect.ts'
import { readRows, readSaid } from '../dossiers/said.ts'
import { madonviOf, serviceName } from './encode.ts'
import { EnvelopeOptions } from './options.ts'
import type { CallPortal, PortalPartner, ServiceCall } from './portal.ts'

const answerBytes = 4 * 1024 * 1024

type PortalQuestion = Exclude<Question, { readonly of: 'payment' }>
type Asked<K> = Extract<PortalQuestion, { readonly of: K }>
type Asking = Pick<ServiceCall, 'path'> & { readonly body: Payload & { readonly service: string } }

/** How the portal is asked (dvcqg §5, §6). */
const services: {
  readonly [K in PortalQuestion['of']]: (asked: Asked<K>) => Asking
} = {
  dossier: ({ maHoSo: mahoso }) => ({ path: 'servicePath', body: { service: 'TraCuuHoSo', mahoso } }),
  procedure: ({ maTTHC }) => ({ path: 'servicePath', body: { service: 'LayThuTuc', maTTHC } }),
  'tech-id': ({ provider, number: mstorcmnd }) => ({
    path: 'sharePath',
    body: { service: 'TraCuuTechID', provider, mstorcmnd },
  }),
}

/** Asks the portal by its services, an agency by its `search/call` (dvcqg §10; its form is a proposal). */
export function createAsk(callPortal: CallPortal): Ask {
  return (question, partner) => {
    const options = EnvelopeOptions.parse(partner.agency.options)
    const { portal, searchUrl } = options
    if (question.of === 'payment') return null
    if (portal !== undefined) return askPortal(question, { ...partner, portal }, callPortal)
    if (searchUrl === undefined || question.of !== 'dossier') return null
    return search(question.maHoSo, searchUrl, partner)
  }
}

async function askPortal(
  question: PortalQuestion,
  partner: AskedPartner & PortalPartner,
  callPortal: CallPortal,
): Promise<Reply> {
  const { timeoutMs, acceptedCodes, units, services: names } = EnvelopeOptions.parse(partner.agency.options)
  const { path, body } = (services[question.of] as (asked: PortalQuestion) => Asking)(question) // the row of its own kind
  const service = serviceName(body.service, names)
  const asked = { madonvi: madonviOf(partner.asker, units), ...body, service }
  return replyOf(await callPortal({ path, body: asked, timeoutMs }, partner), acceptedCodes)
}

async function search(MaHoSo: string, url: string, { agency, transport }: AskedPartner): Promise<Reply> {
  const { timeoutMs, acceptedCodes } = EnvelopeOptions.parse(agency.options)
  const headers = { accept: 'application/json', 'content-type': 'application/json', charset: 'utf-8' }
  const body = Buffer.from(JSON.stringify({ MaHoSo }))
  const answer = await transport.post({ url, headers, body, timeoutMs, maxAnswerBytes: answerBytes })
  return replyOf(answer, acceptedCodes)
}

function replyOf(answer: TransportAnswer | TransportFailure, acceptedCodes: readonly string[]): Reply {
  if ('failure' in answer) return { kind: 'none', code: answer.code, reason: answer.reason }
  const { code, message } = readSaid(answer.body)
  if (answer.status < 300 && acceptedCodes.includes(code))
    return { kind: 'rows', rows: readRows(answer.body) }
  return { kind: 'none', code: `error_code_${code.slice(0, 32)}`, reason: message.slice(0, 200) }
}
