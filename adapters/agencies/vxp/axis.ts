import type { AgencyKeys, Parcel, Transport, TransportAnswer, TransportFailure } from '../dialect.ts'
import type { Agency } from '../../../schemas/agency.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { toPartner } from '../edxml/organ.ts'
import { noSecret } from '../no-secret.ts'
import { below } from '../paths.ts'
import { outcomeOfSend, unavailable } from './answer.ts'
import { signedHeaders } from './call.ts'
import { messageTypeOf, serviceType } from './documents.ts'
import { createFileHash, unpadded } from './file-hash.ts'
import { VxpOptions } from './options.ts'

/** Name of the secret that we share with an axis. */
export const secretName = 'vxp'

const answerBytes = 1024 * 1024

/** An axis as it is called. */
export interface Axis {
  readonly agency: Agency
  readonly transport: Transport
  readonly keys: AgencyKeys
  readonly now: () => number
}

type Call = Parameters<Transport['post']>[0]

export interface Asked {
  readonly verb: string
  readonly args: Readonly<Record<string, string>>
  readonly contentType?: string
  readonly rest?: Partial<Pick<Call, 'method' | 'body' | 'streamed' | 'maxAnswerBytes' | 'receive'>>
}

/** Calls one verb, freshly signed. Throws `unavailable` without a secret. */
export function callAxis(
  { agency, transport, keys, now }: Axis,
  { verb, args, contentType = 'application/json', rest = {} }: Asked,
): Promise<TransportAnswer | TransportFailure> {
  const { url = '', systemId, timeoutMs } = VxpOptions.parse(agency.options)
  const [secret] = keys.secrets(secretName)
  if (secret === undefined) throw unavailable(`${agency.code} has no secret "${secretName}"`)
  const headers = signedHeaders(args, contentType, { systemId, secret, now: now() })
  return transport.post({
    ...{ url: below(url, verb), headers: { accept: 'application/json', ...headers } },
    ...{ body: new Uint8Array(0), timeoutMs, maxAnswerBytes: answerBytes },
    ...rest,
  })
}

/** Sends a message to the axis, which tells no repeats apart: an ambiguous send is in doubt (edxml §11.15). */
export async function sendEdoc({ message, encoded, streamed }: Parcel, axis: Axis): Promise<Outcome> {
  const options = VxpOptions.parse(axis.agency.options)
  if (axis.keys.secrets(secretName).length === 0) return noSecret(axis.agency, secretName)
  const hash = createFileHash()
  for await (const piece of streamed?.open() ?? [encoded.body]) hash.take(piece)
  const digest = hash.digest()
  const args = {
    ...{ from: toPartner(organOf(message), options), servicetype: serviceType },
    messagetype: messageTypeOf(message.action),
    'hash-file': options.paddedHash ? digest : unpadded(Buffer.from(digest, 'hex')),
  }
  const rest = { body: encoded.body, streamed }
  return outcomeOfSend(
    await callAxis(axis, { verb: 'sendEdoc', args, contentType: encoded.contentType, rest }),
  )
}

/** The organisation that the document itself names, else the body that handed it in. */
export function organOf({ payload, sender }: Message): string {
  const from = (payload['From'] ?? {}) as Payload // judged at intake
  return textOf(from['OrganId']) || sender
}
