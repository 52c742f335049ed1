import { readDate } from '../../../schemas/dates.ts'
import { documentOf } from '../edxml/decode.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import { childOf, type Node } from '../edxml/tree.ts'
import type { Partner, Waiting } from '../poll.ts'
import type { Bus } from './bus.ts'
import { EdocOptions } from './options.ts'

const list = 'traces'
const dayMs = 86_400_000

/** How far the first look goes back. */
const firstMs = 30 * dayMs
/** A report that its author sends late stands before others that were taken: each look goes back so far, and leaves out what was taken. */
const overlapMs = 7 * dayMs

const zoneMs = 7 * 3_600_000

/** `yyyy/MM/dd HH:mm:ss` in Vietnam's time (edXML §5). */
const timestampOf = (ms: number): string =>
  new Date(ms + zoneMs).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')

const textIn = (node: Node | undefined, name: string): string => (childOf(node, name)?.text ?? '').trim()

const momentOf = (status: Node): number => readDate(textIn(status, 'Timestamp')) ?? 0

/** The bus writes the code as a number, and so without its zero (edXML §4). */
const coded = (status: Node): Node => ({
  ...status,
  children: status.children.map((child) =>
    child.name === 'StatusCode' ? { ...child, text: child.text.trim().padStart(2, '0') } : child,
  ),
})

/** A report has no id: it is known by its letter, its author, what it says, and when. */
function waitingOf(status: Node): Waiting {
  const [author, letter] = [childOf(status, 'From'), childOf(status, 'ResponseFor')]
  const parts = [textIn(letter, 'DocumentId'), textIn(author, 'OrganId'), textIn(status, 'StatusCode')]
  const id = [...parts, textIn(status, 'Timestamp')].join(' ')
  return {
    ...{ id, about: { type: 'TRACE', trace: JSON.stringify(coded(status)) } },
    settles: { list, name: id, version: String(momentOf(status)) },
  }
}

/**
 * What the bus reports that was not taken yet. Without a time the bus would show each report once, whether it is stored here or not: so
 * a time is given, and what was taken is remembered as long as it comes again.
 */
export async function tracesOf(
  look: NonNullable<Bus['traces']>,
  partner: Partner,
): Promise<readonly Waiting[]> {
  const settled = await partner.settled(list)
  const moments = [...settled.values()].map(Number).filter((at) => at <= partner.now())
  const newest = moments.reduce((one, other) => Math.max(one, other), 0)
  const since = newest === 0 ? partner.now() - firstMs : newest - overlapMs
  const { organId } = EdocOptions.parse(partner.agency.options)
  const reports = [...(await look(partner, timestampOf(since)))]
    .filter((status) => textIn(childOf(status, 'From'), 'OrganId') !== organId)
    .sort((one, other) => momentOf(one) - momentOf(other))
    .map(waitingOf)
    .filter(({ id }) => !settled.has(id))
  const forgotten = [...settled].filter(([, at]) => Number(at) < since)
  return [
    ...new Map(reports.map((report) => [report.id, report])).values(),
    ...forgotten.map(([name]) => ({
      id: name,
      about: { type: 'END' },
      settles: { list, name, version: null },
    })),
  ]
}

/** The report that was listed. Throws GatewayError as any document does. */
export function traceIn({ about }: Waiting, options: EdocOptions): EdxmlDocument {
  const { trace = '' } = about
  const message = JSON.parse(trace) as Node // as it was listed
  const none = { traces: undefined, errors: undefined, references: [], attached: [] }
  return documentOf({ ...none, message, signature: 'none', flags: [], original: Buffer.from(trace) }, options)
}
