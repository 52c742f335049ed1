import { textOf } from '../../../schemas/fields.ts'
import type { Json, Message, Payload } from '../../../schemas/message.ts'
import { isObject, objectIn } from '../../../schemas/objects.ts'
import type { Arrivals, Arrived, Doubted } from '../arrivals.ts'
import { toDirectory } from '../edxml/organ.ts'
import { fieldsIfTold } from './answer.ts'
import { callAxis, organOf } from './axis.ts'
import { messageTypeOf, notationOf, serviceType } from './documents.ts'
import { readFilter, writeFilter } from './moment.ts'
import { VxpOptions } from './options.ts'

const listBytes = 16 * 1024 * 1024

/** How far the axis' clock may be from ours (edxml §8.2). */
const skewMs = 600_000

/** Whether a row of the list of what we sent is the document that is looked for. */
type Likeness = 'same' | 'perhaps' | 'other'

interface Looking {
  readonly message: Message
  readonly options: VxpOptions
}

const folded = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()
const isSame = (one: string, other: string): boolean => one !== '' && folded(one) === folded(other)

/** A code is compared where the axis writes one, whatever its generation. */
function isOther(written: string, code: string, options: VxpOptions): boolean {
  const mapped = (text: string) => folded(toDirectory(text, options))
  return written !== '' && code !== '' && mapped(written) !== mapped(code)
}

/** The list names no status: any to the same body may be it. */
function statusLikeness(row: Payload, { message: { payload }, options }: Looking): Likeness {
  const { OrganId } = objectIn(payload['ResponseFor'])
  return isOther(textOf(row['toCode']), textOf(OrganId), options) ? 'other' : 'perhaps'
}

/**
 * Number and subject together name a letter, as does its id. A letter about an earlier one bears the same, and what is from another body
 * behind the same system may.
 */
function letterLikeness(row: Payload, { message, options }: Looking): Likeness {
  const { payload } = message
  const isNew = ['', '0'].includes(textOf(objectIn(payload['Bussiness'])['BussinessDocType']))
  const named = [textOf(row['notation']), textOf(row['title'])]
  const pairs = [
    isSame(textOf(row['senderDocId']), textOf(payload['DocumentId'])),
    isSame(named[0] ?? '', notationOf(payload)),
    isSame(named[1] ?? '', textOf(payload['Subject'])),
  ] as const
  const [id, notation, title] = pairs
  if (!id && !(notation && title)) return pairs.includes(true) || named.includes('') ? 'perhaps' : 'other'
  const isCertain = isNew && !isOther(textOf(row['fromCode']), organOf(message), options)
  return isCertain && textOf(row['sendStatus']) !== 'fail' ? 'same' : 'perhaps'
}

const likenesses: Readonly<Record<string, (row: Payload, looking: Looking) => Likeness>> = {
  'document.letter': letterLikeness,
  'document.status': statusLikeness,
}

const timeOf = (row: Payload): number | undefined => readFilter(textOf(row['sentTime']))

function isWithin(row: Payload, { since, until }: Doubted): boolean {
  const at = timeOf(row)
  return at === undefined || (at >= since - skewMs && at <= until + skewMs)
}

/** Whether nothing of the time that counts can be missing: the list is short, or runs from the newest back to before it. */
function isWhole(rows: readonly Payload[], { since }: Doubted, { sentListRows }: VxpOptions): boolean {
  if (rows.length < sentListRows) return true
  const times = rows.map((row) => timeOf(row) ?? Infinity)
  const isDescending = times.every((at, index) => index === 0 || at <= (times[index - 1] ?? 0))
  return isDescending && (times.at(-1) ?? Infinity) < since - skewMs
}

/** What a list of what we sent says of a document. The same at another time decides nothing: it may be an earlier one, or a clock. */
export function arrivedIn(rows: readonly Payload[], doubted: Doubted, options: VxpOptions): Arrived {
  const { message } = doubted
  const found = rows.map((row) => {
    const likeness = likenesses[message.action]?.(row, { message, options }) ?? 'perhaps'
    if (isWithin(row, doubted)) return likeness
    return likeness === 'same' ? 'perhaps' : 'other'
  })
  if (found.includes('same')) return 'arrived'
  return found.includes('perhaps') || !isWhole(rows, doubted, options) ? 'unknown' : 'absent'
}

/** Rows of what we sent; null where the axis will not tell. */
async function sentRows(
  { action }: Message,
  dates: Readonly<Record<string, string>>,
  partner: Parameters<Arrivals['ask']>[1],
): Promise<readonly Payload[] | null> {
  const args = { servicetype: serviceType, messagetype: messageTypeOf(action), ...dates }
  const asked = { verb: 'getSentEdocList', args, rest: { maxAnswerBytes: listBytes } }
  const data = fieldsIfTold(await callAxis(partner, asked))?.['data']
  return Array.isArray(data) ? (data as readonly Json[]).filter(isObject) : null
}

/** An axis tells no repeats apart, and lists what it was sent (edxml §11.15). The REST profile of a province has no such list. */
export const arrivals: Arrivals = {
  afterSeconds({ options }) {
    const { url, wire, askSentAfterSeconds } = VxpOptions.parse(options)
    return url === undefined || wire === 'rest' ? 0 : askSentAfterSeconds
  },
  /** Asks for the time that counts; where nothing of it is listed, for everything: how an axis reads dates is not known (edxml §5). */
  async ask(doubted, partner) {
    const { message, since, until } = doubted
    const options = VxpOptions.parse(partner.agency.options)
    const dates = { fromDate: writeFilter(since - skewMs), toDate: writeFilter(until + skewMs) }
    const listed = await sentRows(message, dates, partner)
    if (listed === null) return 'unknown'
    if (listed.some((row) => isWithin(row, doubted))) return arrivedIn(listed, doubted, options)
    const all = await sentRows(message, {}, partner)
    return all === null ? 'unknown' : arrivedIn(all, doubted, options)
  },
}
