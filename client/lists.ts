import type { ActionName, Family } from '../schemas/actions.ts'
import type { Message } from '../schemas/message.ts'
import type { SignedReceipt } from '../schemas/receipt.ts'
import type { messageStates } from '../schemas/state.ts'
import { successOf, type Caller } from './http.ts'

/** One page of a list; it may hold fewer than asked for and still be followed by more. */
export interface Page<T> {
  readonly items: readonly T[]
  /** To go on with at once, as `since`; null at the end. */
  readonly next: string | null
  /** To go on with later, as `since`: what has come meanwhile, nothing missed. */
  readonly cursor: string
}

/** Every state of a message; `accepted` while a delivery is still to be made. */
type State = (typeof messageStates)[number]

/** What a list of messages is narrowed to. */
export interface MessageFilter {
  /** Such as a MaHoSo. */
  readonly subjectKey?: string
  readonly family?: Family
  readonly action?: ActionName
  readonly state?: State
  readonly direction?: 'sent' | 'received'
  /** The `next` or `cursor` of a page before. */
  readonly since?: string
  /** At most so many, up to 200; 50 unless given. */
  readonly max?: number
}

/** A message without its payload. */
export type MessageRow = Omit<Message, 'payload'> & { readonly state: State }

export interface Lists {
  /** The messages that this caller sent or received. */
  readonly messages: (filter?: MessageFilter) => Promise<Page<MessageRow>>
  /** What of this body was turned away, at the door and by recipients. */
  readonly refusals: (filter?: Pick<MessageFilter, 'since' | 'max'>) => Promise<Page<SignedReceipt>>
}

/** The lists that a caller may page through. */
export function createLists(call: Caller): Lists {
  const page = async (path: string, filter: object) =>
    successOf(await call({ method: 'GET', path: `${path}${queryText(filter)}` }))
  return {
    messages: async (filter = {}) => (await page('/v1/messages', filter)) as Page<MessageRow>,
    refusals: async (filter = {}) => (await page('/v1/refusals', filter)) as Page<SignedReceipt>,
  }
}

/** `?a=1&b=2` of what is given; empty text of nothing. */
export function queryText(filter: object): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  const text = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
  return text === '' ? '' : `?${text}`
}
