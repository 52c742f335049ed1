import type { GatewayError } from '../../../schemas/errors.ts'
import { isOneOf, secretHash } from '../../../signing/secret.ts'
import type { DoorAnswer, DoorRequest, Incoming, TakenRequest } from '../content.ts'
import type { Claim, Deed, DialectDoor, Done, DoorRow, Guest } from '../door.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import { writeFault } from './answers.ts'
import { submission } from './deeds.ts'
import type { Operation } from './names.ts'
import { answerOf, deedOf } from './operations.ts'
import { defaults, type EdocOptions } from './options.ts'
import { credentialsOf, operationIn, operationOf, readEnvelope, type Envelope } from './read-envelope.ts'
import { readDocument } from './read-document.ts'
import { envelopeIn, openMessage } from './message.ts'
import { restDoor } from './rest.ts'
import { wsdlAt } from './wsdl.ts'

/** What was asked, with the document where one came. */
interface Taken {
  readonly operation: Operation
  readonly envelope: Envelope
  readonly document: EdxmlDocument | null
}

type Asked = TakenRequest<Taken>
type Caller = Guest<EdocOptions>

const paths = ['/edoc-soap', '/services/*rest']
const description = {
  vi: 'Bus e-doc (SOAP): mô tả WSDL của dịch vụ',
  en: 'The e-doc bus (SOAP): the description of the service, as WSDL',
}
const called = {
  vi: 'Bus e-doc (SOAP): SOAPAction cho biết việc; tệp đính kèm là các phần MIME',
  en: 'The e-doc bus (SOAP): the SOAPAction names what is asked; attachments are MIME parts',
}

const rows: readonly DoorRow[] = paths.flatMap((path): readonly DoorRow[] => [
  { method: 'GET', path, summary: description },
  { method: 'POST', path, streams: true, headBytes: 256 * 1024, summary: called },
])

/** Who calls stands in the envelope, which comes first. */
function claim(request: DoorRequest): Claim {
  if (request.method === 'GET') return { kind: 'nobody' }
  const { organId, token } = credentialsOf(readEnvelope(envelopeIn(request)))
  const given = secretHash(token)
  return {
    ...{ kind: 'account', account: organId },
    isProvedBy: (secrets) => token !== '' && isOneOf(given, secrets.map(secretHash)),
  }
}

const carriesDocument: readonly Operation[] = ['SendDocument', 'UpdateTraces']

async function take(
  { bytes, keeping }: Incoming,
  request: DoorRequest,
  guest: Caller | null,
): Promise<Taken> {
  const { original, attachments } = await openMessage(bytes, request.headers['content-type'] ?? '')
  const envelope = readEnvelope(original)
  const operation = operationOf(envelope, request.headers['soapaction'] ?? '')
  const reading = { envelope, original, attachments }
  const document = carriesDocument.includes(operation)
    ? await readDocument(reading, guest?.options ?? defaults, keeping)
    : null
  return { operation, envelope, document }
}

function read({ taken }: Asked, guest: Caller | null): Deed {
  if (taken === undefined || guest === null) return { kind: 'nothing' }
  const { operation, envelope, document } = taken
  if (document !== null) return submission(document, guest)
  return deedOf(operation, { envelope, options: guest.options })
}

function write(done: Done, request: Asked, guest: Caller | null): DoorAnswer {
  const { taken } = request
  if (taken === undefined || guest === null) return describe(request)
  return answerOf(taken.operation, done, { envelope: taken.envelope, options: guest.options })
}

/** The only thing that is fetched, with or without `?wsdl`. */
function describe({ headers, path }: DoorRequest): DoorAnswer {
  const host = (headers['host'] ?? '').replace(/[^\w.:[\]-]/g, '')
  const body = wsdlAt(`https://${host}${path.replace(/[^\w./~-]/g, '')}`)
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body }
}

/** In the answer to what was asked, where its header tells. */
const fail = (error: GatewayError, { headers }: DoorRequest): DoorAnswer =>
  writeFault(operationIn(headers['soapaction'] ?? '') ?? 'SendDocument', error)

const soapDoor: DialectDoor<EdocOptions, Taken> = { rows, claim, take, read, write, fail }

const doorOf = ({ path }: DoorRequest): DialectDoor<EdocOptions> =>
  path.startsWith('/EdocService/') ? restDoor : soapDoor

/** The e-doc bus of a province as its clients call it, by SOAP or by REST (edXML §8.4). */
export const door: DialectDoor<EdocOptions> = {
  rows: [...soapDoor.rows, ...restDoor.rows],
  claim: (request) => doorOf(request).claim(request),
  take: (incoming, request, guest) => doorOf(request).take?.(incoming, request, guest) ?? Promise.resolve(),
  read: (request, guest) => doorOf(request).read(request, guest),
  write: (done, request, guest) => doorOf(request).write(done, request, guest),
  fail: (error, request, guest) => doorOf(request).fail(error, request, guest),
}
