import { z } from 'zod'
import type { Agency } from '../../../schemas/agency.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import type { Dialect, Encoded, Unsupported } from '../dialect.ts'
import { encodedJson, unsupported, writtenIn } from '../encoded.ts'
import { answerJson } from '../json-answer.ts'
import { callPost, outcomeOfOrder, secretName, withQuery } from './calls.ts'
import { decodeParcels, door } from './door.ts'
import { VnpostOptions } from './options.ts'
import { collectionOf, isCollection, orderOf } from './parcels.ts'
import { tracking } from './tracking.ts'

/**
 * The public postal service (dvcqg §14.4): parcels of dossiers are ordered and cancelled with a token, and followed through its list.
 * Nothing says that it tells repeats apart, so a lost answer is in doubt.
 */
export const vnpost: Dialect = {
  name: 'vnpost',
  mode: 'push',
  repeatable: false,
  options: VnpostOptions,
  secrets: { [secretName]: z.string().min(1).max(500) },
  address: ({ options }) => VnpostOptions.parse(options).orderUrl ?? '',
  verbs: [],
  door,
  poll: tracking,
  decode: (request, agency) =>
    decodeParcels(request, { agency, options: VnpostOptions.parse(agency.options) }),
  answer: answerJson,
  encode,
  async send({ message, encoded }, agency, transport, keys) {
    const options = VnpostOptions.parse(agency.options)
    const called = await callPost(callFor(message, encoded.body, options), { options, transport, keys })
    return called.kind === 'called' ? outcomeOfOrder(called.answer, options) : called.outcome
  },
}

function encode(message: Message, agency: Agency): Encoded | Unsupported {
  const options = VnpostOptions.parse(agency.options)
  const write = writers[message.action]
  if (write === undefined)
    return unsupported(`vnpost carries orders of parcels and their end, not ${message.action}`)
  if (options.tokenUrl === undefined || addressFor(message, options) === undefined)
    return unsupported('the body has no address for this')
  const customer = textOf(message.payload['CustomerCode']) || options.customers[message.sender]
  if (customer === undefined) return unsupported(`${message.sender} has no CustomerCode`)
  return encodedJson(write(message, customer, options))
}

type Writer = (message: Message, customer: string, options: VnpostOptions) => Payload

const writers: Readonly<Record<string, Writer>> = {
  'dossier.post-ordered': (message, customer, { variant }) =>
    isCollection(message)
      ? collectionOf(message, customer)
      : orderOf(
          message,
          customer,
          variant === 'td' ? { ItemCode: textOf(message.payload['ItemCode']), FlagConfig: 2 } : {},
        ),
  'dossier.post-cancelled': ({ payload }, customer) => ({
    CustomerCode: customer,
    OrderNumber: textOf(payload['MaHoSo']),
  }),
}

const isEnd = ({ action }: Message): boolean => action === 'dossier.post-cancelled'

function addressFor(message: Message, options: VnpostOptions): string | undefined {
  if (isEnd(message)) return options.cancelUrl
  return isCollection(message) ? options.collectUrl : options.orderUrl
}

/** An order is posted; its end is asked for by its two names. */
function callFor(message: Message, body: Uint8Array, options: VnpostOptions): Parameters<typeof callPost>[0] {
  const url = addressFor(message, options) ?? ''
  if (!isEnd(message)) return { method: 'POST', url, body }
  const names = writtenIn({ body }) as Readonly<Record<string, string>> // as `encode` wrote them
  return { method: 'GET', url: withQuery(url, names), body: new Uint8Array(0) }
}
