import { textOf } from '../../../schemas/fields.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
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

/** What the list of what we sent says of a document. What is missing from a list that may be cut off is not known to be absent. */
export function arrivedIn(rows: readonly Payload[], doubted: Doubted, options: VxpOptions): Arrived {
  const { message } = doubted
  const found = rows
    .filter((row) => isWithin(readFilter(textOf(row['sentTime'])), doubted))
    .map((row) => likenesses[message.action]?.(row, { message, options }) ?? 'perhaps')
  if (found.includes('same')) return 'arrived'
  return found.includes('perhaps') || rows.length >= options.sentListRows ? 'unknown' : 'absent'
}

const isWithin = (at: number | undefined, { since, until }: Doubted): boolean =>
  at === undefined || (at >= since - skewMs && at <= until + skewMs)

/** An axis tells no repeats apart, and lists what it was sent (edxml §11.15). The REST profile of a province has no such list. */
export const arrivals: Arrivals = {
  afterSeconds({ options }) {
    const { url, wire, askSentAfterSeconds } = VxpOptions.parse(options)
    return url === undefined || wire === 'rest' ? 0 : askSentAfterSeconds
  },
  async ask(doubted, partner) {
    const args = {
      ...{ servicetype: serviceType, messagetype: messageTypeOf(doubted.message.action) },
      fromDate: writeFilter(doubted.since - skewMs),
      toDate: writeFilter(doubted.until + skewMs),
    }
    const asked = { verb: 'getSentEdocList', args, rest: { maxAnswerBytes: listBytes } }
    const data = fieldsIfTold(await callAxis(partner, asked))?.['data']
    if (!Array.isArray(data)) return 'unknown'
    return arrivedIn(data.filter(isObject), doubted, VxpOptions.parse(partner.agency.options))
  },
}
