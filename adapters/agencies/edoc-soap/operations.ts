import { GatewayError } from '../../../schemas/errors.ts'
import type { DoorAnswer } from '../content.ts'
import type { Deed, Done } from '../door.ts'
import { childOf } from '../edxml/tree.ts'
import {
  writeIds,
  writeOrganisations,
  writeRefusal,
  writeSent,
  writeSuccess,
  writeTraces,
} from './answers.ts'
import { confirmation, listedBy } from './deeds.ts'
import { organisationRows } from './directory.ts'
import type { Operation } from './names.ts'
import type { EdocOptions } from './options.ts'
import type { Envelope } from './read-envelope.ts'
import { traceRows, tracesAsked, traceXml } from './traces.ts'

/** What is asked by an envelope, and by whom. */
interface Asked {
  readonly envelope: Envelope
  readonly options: EdocOptions
}

type Reading = (asked: Asked) => Deed

const textIn = ({ content }: Envelope, ...names: readonly string[]): string =>
  (childOf(content, ...names)?.text ?? '').trim()

const idIn = (envelope: Envelope): string => textIn(envelope, 'DocumentId', 'documentId')

const tracesIn = (envelope: Envelope) =>
  tracesAsked({ timestamp: textIn(envelope, 'Timestamp'), documentId: idIn(envelope) })

/** The deeds of the operations that bring no document. */
const readings: Readonly<Record<Exclude<Operation, 'SendDocument' | 'UpdateTraces'>, Reading>> = {
  CheckPermission: () => ({ kind: 'nothing' }),
  GetPendingDocumentIds: ({ options }) => listedBy(options),
  GetDocument: ({ envelope }) => ({ kind: 'get', deliveryId: idIn(envelope) }),
  ConfirmReceived: ({ envelope, options }) => confirmation(idIn(envelope), options),
  GetTraces: ({ envelope }) => tracesIn(envelope),
  GetOrganizations: () => ({ kind: 'lookup', wanted: { of: 'bodies' } }),
}

/** The deed of an operation. Throws GatewayError where a document is missing that it brings, or what it names cannot be read. */
export function deedOf(operation: Operation, asked: Asked): Deed {
  if (operation === 'SendDocument' || operation === 'UpdateTraces')
    throw new GatewayError('malformed_request', { field: operation, reason: 'brings no document' })
  return readings[operation](asked)
}

/** What became of it, in the bus's own words (edXML §8.4). */
export function answerOf(operation: Operation, done: Done, { envelope, options }: Asked): DoorAnswer {
  if (done.kind === 'list')
    return writeIds(
      operation,
      done.waiting.map(({ deliveryId, number }) => String(number ?? deliveryId)),
    )
  if (done.kind === 'get') {
    const { contentType, body, parts } = done.encoded
    return { status: 200, headers: { 'content-type': contentType }, body, ...(parts && { parts }) }
  }
  if (done.kind === 'traces')
    return writeTraces(operation, traceXml(traceRows(done, tracesIn(envelope)), options))
  if (done.kind === 'lookup' && done.found.of === 'bodies')
    return writeOrganisations(operation, organisationRows(done.found.bodies, options))
  const [result] = done.kind === 'submit' ? done.results : []
  if (result?.kind === 'refused') return writeRefusal(operation, result.error)
  return result !== undefined && operation === 'SendDocument'
    ? writeSent(operation, String(result.number ?? result.id))
    : writeSuccess(operation)
}
