import { z } from 'zod'
import type { Agency } from '../../../schemas/agency.ts'
import { writeDate } from '../../../schemas/dates.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { markOf } from '../../../signing/joined-mark.ts'
import type { Dialect, Transport } from '../dialect.ts'
import { answerJson } from '../json-answer.ts'
import { paymentAsked } from '../payments/asked.ts'
import { fieldsIn, noSecret, outcomeFrom, post, readSaid } from '../payments/call.ts'
import { styledDate } from '../payments/dates.ts'
import { confirmContent, initContent } from './contents.ts'
import { door } from './door.ts'
import { encode } from './encode.ts'
import { PlatformOptions, rulesOf } from './options.ts'
import { isPlatformKind, markedText } from './texts.ts'

const secretName = 'payment'

/**
 * Messages of the national payment platform, PhienBan 1.0.6 (dvcqg §9.1). The gateway is the platform to agencies, and stands in an
 * agency's place towards the platform: INIT goes out to it, CONFIRM comes in.
 */
export const paymentPlatform: Dialect = {
  name: 'payment-platform',
  mode: 'push',
  repeatable: true,
  options: PlatformOptions,
  secrets: { [secretName]: z.string().min(8).max(200) },
  address({ options }) {
    const { platformUrl, confirmUrl } = PlatformOptions.parse(options)
    return platformUrl ?? confirmUrl ?? ''
  },
  verbs: [],
  door,
  decode(request, agency) {
    const asked = paymentAsked(request)
    const origin = {
      guest: { agency, options: PlatformOptions.parse(agency.options) },
      original: request.body,
    }
    return [(asked.text('LoaiBanTin') === 'CONFIRM' ? confirmContent : initContent)(asked, origin)]
  },
  answer: answerJson,
  encode,
  async send({ encoded }, agency, transport, keys) {
    const [secret] = keys.secrets(secretName)
    if (secret === undefined) return noSecret(agency, secretName)
    const body = fieldsIn(encoded)
    return tell(body, { agency, secret, transport })
  },
}

interface Line {
  readonly agency: Agency
  readonly secret: string
  readonly transport: Transport
}

function call(body: Payload, { agency, secret, transport }: Line) {
  const options = PlatformOptions.parse(agency.options)
  const kind = textOf(body['LoaiBanTin'])
  const [rule] = rulesOf(options)
  const text = isPlatformKind(kind) ? markedText(kind, (name) => textOf(body[name])) : ''
  const url = (kind === 'CONFIRM' ? options.confirmUrl : options.platformUrl) ?? ''
  const marked = { ...body, MaXacThuc: markOf(rule, text, secret) }
  return post(transport, { url, body: marked, timeoutMs: options.timeoutMs })
}

/** A platform that refuses an INIT may have it from a try before, whose answer was lost: it is asked before that counts as a refusal. */
async function tell(body: Payload, line: Line): Promise<Outcome> {
  const { acceptedCodes } = PlatformOptions.parse(line.agency.options)
  const outcome = outcomeFrom(await call(body, line), acceptedCodes)
  if (body['LoaiBanTin'] !== 'INIT' || outcome.kind !== 'refused' || !outcome.code.startsWith('code_'))
    return outcome
  return (await isKnown(body, line)) ? { kind: 'delivered' } : outcome
}

async function isKnown(
  { PhienBan = '', MaDoiTac = '', MaThamChieu = '' }: Payload,
  line: Line,
): Promise<boolean> {
  const { acceptedCodes, dateStyle } = PlatformOptions.parse(line.agency.options)
  const ThoiGianGD = styledDate(writeDate(Date.now()), dateStyle) // of this question
  const query = { LoaiBanTin: 'QUERY', PhienBan, MaDoiTac, MaThamChieu, ThoiGianGD }
  const answer = await call(query, line)
  return 'body' in answer && answer.status === 200 && acceptedCodes.includes(readSaid(answer.body).code)
}
