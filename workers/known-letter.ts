import type { LetterWanted } from '../adapters/agencies/known.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import { textOf } from '../schemas/fields.ts'
import type { Message } from '../schemas/message.ts'
import { objectIn } from '../schemas/objects.ts'
import { speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'

const actions = ['document.letter']

/** Letters that are looked through, newest first. */
const mostReceived = 1_000
const mostPages = 5
/** What the store answers at once. */
const pageRows = 200

type Reading = Pick<Store, 'sentBy' | 'receivedMessages'>

const isLetter =
  ({ sender, recipient, code }: LetterWanted) =>
  (message: Message): boolean => {
    const { CodeNumber, CodeNotation } = objectIn(message.payload['Code'])
    const written = [CodeNumber, CodeNotation].map(textOf).filter(Boolean).join('/')
    return message.sender === sender && message.recipients.includes(recipient) && written === code
  }

/**
 * Whether a letter is stored here, asked by one of its two parties. Throws `forbidden` for anybody else, and `unavailable` where more
 * letters stand before it than are looked through: a false no would have it sent twice.
 */
export async function isKnownLetter(
  wanted: LetterWanted,
  caller: Caller,
  { store, directory }: { readonly store: Reading; readonly directory: Directory },
): Promise<boolean> {
  if (speaksFor(caller, wanted.sender, directory)) return amongSent(wanted, store)
  if (!speaksFor(caller, wanted.recipient, directory))
    throw new GatewayError('forbidden', { reason: 'a party of the letter asks for it' })
  const query = { actions, limit: mostReceived }
  const received = await store.receivedMessages([wanted.recipient], query)
  return received.some(isLetter(wanted)) || endOf(received.length < mostReceived)
}

async function amongSent(wanted: LetterWanted, store: Reading): Promise<boolean> {
  let before: number | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const rows = await store.sentBy({ senders: [wanted.sender], actions, before })
    if (rows.some(({ message }) => isLetter(wanted)(message))) return true
    const oldest = rows.at(-1)?.message.receivedAt
    if (oldest === undefined || rows.length < pageRows) return false
    before = oldest + 1 // more may have come in the same millisecond
  }
  return endOf(false)
}

function endOf(isWhole: boolean): false {
  if (isWhole) return false
  throw new GatewayError('unavailable', { reason: 'more letters are stored than are looked through' })
}
