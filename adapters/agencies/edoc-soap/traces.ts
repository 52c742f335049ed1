import { readDate } from '../../../schemas/dates.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { DeliveryState, Payload } from '../../../schemas/message.ts'
import { objectIn } from '../../../schemas/objects.ts'
import { statusXml } from '../edxml/encode.ts'
import { statusOf, type StatusCode } from '../edxml/statuses.ts'
import type { SentMessage } from '../known.ts'
import type { TracesDeed, TracesDone } from '../traces.ts'
import { named } from './envelope.ts'
import type { EdocOptions } from './options.ts'

/** What a client asks of the traces: from when on, and of which letter; a bus shows each once where neither is said. */
export function tracesAsked({
  timestamp,
  documentId,
}: {
  timestamp: string
  documentId: string
}): TracesDeed {
  const since = timestamp === '' ? undefined : readDate(timestamp)
  if (since === null) throw new GatewayError('invalid_field', { field: 'Timestamp', reason: 'not a date' })
  return {
    kind: 'traces',
    ...(since === undefined ? {} : { since }),
    ...(documentId === '' ? {} : { subjectKey: documentId }),
  }
}

/** What a delivery says of its letter, as the bus itself reports it when a document is confirmed (edXML §4.2). */
const told: Partial<Record<DeliveryState, StatusCode>> = {
  delivered: '01',
  processed: '01',
  refused: '02',
}

const senderIn = (status: Payload): string => textOf(objectIn(status['From'])['OrganId'])

interface Reporting {
  readonly recipient: string
  readonly sender: string
  readonly code: StatusCode
  readonly reason: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** What a recipient of a letter says of it to its sender. */
export function statusOn(
  letter: Payload,
  { recipient, sender, code, reason, at: moment }: Reporting,
): Payload {
  const organs = (letter['To'] ?? []) as readonly Payload[] // judged at intake
  const from = organs.find(({ OrganId }) => OrganId === recipient) ?? { OrganId: recipient }
  const to = textOf(objectIn(letter['From'])['OrganId']) || sender
  return statusOf(letter, { code, from, to, at: moment, reason })
}

/** Reports on one letter, for those of its recipients that have said nothing themselves. */
function reportsOn(letter: SentMessage, known: readonly Payload[], since: number): readonly Payload[] {
  const { payload, deliveries, refusals, sender } = letter
  const heard = known.filter(({ DocumentId }) => DocumentId === payload['DocumentId']).map(senderIn)
  return deliveries.flatMap(({ recipient, state, settledAt }) => {
    const code = told[state]
    if (code === undefined || settledAt === null || settledAt < since || heard.includes(recipient)) return []
    const reason = refusals.findLast((each) => each.recipient === recipient)?.reason ?? ''
    const said = { recipient, sender, at: settledAt, code, reason: reason || (code === '02' ? '-' : '') }
    return [statusOn(payload, said)]
  })
}

const at = (status: Payload): string => textOf(status['Timestamp'])

/** The reports as the bus lists them, oldest first: those that came, those that were sent, and what deliveries say. */
export function traceRows({ received, sent }: TracesDone, { since = 0 }: TracesDeed): readonly Payload[] {
  const own = sent
    .filter(({ action, receivedAt }) => action === 'document.status' && receivedAt >= since)
    .map(({ payload }) => payload)
  const known = [...received.map(({ payload }) => payload), ...own]
  const letters = sent.filter(({ action }) => action === 'document.letter')
  const derived = letters.flatMap((letter) => reportsOn(letter, known, since))
  return [...known, ...derived].sort((one, other) => Number(at(one)) - Number(at(other)))
}

/** `Status` blocks. What XML cannot carry is left out: its delivery says so to those who look after it. */
export const traceXml = (rows: readonly Payload[], options: EdocOptions): string =>
  rows.map((row) => named(writable(row, options), 'Status')).join('')

function writable(row: Payload, options: EdocOptions): string {
  try {
    return statusXml(row, options)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'invalid_field') return ''
    throw error
  }
}
