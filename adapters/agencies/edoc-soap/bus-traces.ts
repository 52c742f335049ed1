import { readDate } from '../../../schemas/dates.ts'
import { documentOf } from '../edxml/decode.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import { childOf, childrenOf, type Node } from '../edxml/tree.ts'
import type { Partner, Waiting } from '../poll.ts'
import { EdocOptions } from './options.ts'
import type { Envelope } from './read-envelope.ts'

const dayMs = 86_400_000

/** How far the first look goes back. */
const firstMs = 30 * dayMs
/** A report that its author sends late stands before the last one that was taken; each look goes back so far for those. */
const overlapMs = dayMs
/** Of those that may be late so many are taken in again a look, in turn. */
const mostLate = 50

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

/** A report has no id: it is known by its author, its letter, what it says, and when. */
function waitingOf(status: Node): Waiting {
  const [author, letter] = [childOf(status, 'From'), childOf(status, 'ResponseFor')]
  const id = [textIn(letter, 'DocumentId'), textIn(author, 'OrganId'), textIn(status, 'StatusCode')]
  return {
    id: [...id, textIn(status, 'Timestamp')].join(' '),
    about: { type: 'TRACE', trace: JSON.stringify(coded(status)) },
  }
}

/**
 * What the bus reports since the last look. It would show each report once where no time is given, whether it is stored here or not: so a
 * time is given, and what comes again is known by its key. Those up to the mark come without one.
 */
export async function tracesFrom(
  look: (timestamp: string) => Promise<Envelope>,
  { agency, now }: Partner,
  after: string | null,
): Promise<readonly Waiting[]> {
  const mark = after === null ? now() - firstMs : Number(after)
  const { content } = await look(timestampOf(after === null ? mark : mark - overlapMs))
  const { organId } = EdocOptions.parse(agency.options)
  const theirs = childrenOf(childOf(content, 'Traces') ?? content, 'Status')
    .filter((status) => textIn(childOf(status, 'From'), 'OrganId') !== organId)
    .sort((one, other) => momentOf(one) - momentOf(other))
  const late = theirs.filter((status) => momentOf(status) <= mark)
  const turn = Math.floor(now() / 60_000) % Math.max(1, Math.ceil(late.length / mostLate))
  return [
    ...late.slice(turn * mostLate, (turn + 1) * mostLate).map(waitingOf),
    ...theirs
      .filter((status) => momentOf(status) > mark)
      .map((status) => ({ ...waitingOf(status), mark: String(momentOf(status)) })),
  ]
}

/** There is nothing to confirm of a report. */
export const isTrace = ({ about }: Waiting): boolean => about['trace'] !== undefined

/** The report that `tracesFrom` has listed; null for what is none. Throws GatewayError as any document does. */
export function traceIn({ about }: Waiting, options: EdocOptions): EdxmlDocument | null {
  const { trace } = about
  if (trace === undefined) return null
  const message = JSON.parse(trace) as Node // as it was listed
  const none = { traces: undefined, errors: undefined, references: [], attached: [] }
  return documentOf({ ...none, message, signature: 'none', original: Buffer.from(trace) }, options)
}
