import type { Agency } from '../schemas/agency.ts'
import { hostOf, linksOf, withLinks } from '../schemas/links.ts'
import type { Message } from '../schemas/message.ts'
import { sha256 } from '../signing/digest.ts'
import type { Directory } from './directory.ts'

export interface LinkDeps {
  readonly directory: () => Directory
  /** Where recipients reach this gateway, without a slash at its end; null: links travel as they are. */
  readonly publicUrl: string | null
}

const path = '/v1/files/'
const form = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[0-9a-f]{32}$/

/** The id of a link of a message. It tells where the link stands, so nothing is kept of it beside the message. */
const idOf = (messageId: string, link: string): string =>
  `${messageId}.${sha256(link).toString('hex').slice(0, 32)}`

/** The message that an id leads to; null where it is no id of a link. */
export const messageOfLink = (id: string): string | null => form.exec(id)?.[1] ?? null

/** The link of a message that has this id. */
export const linkIn = (message: Message, id: string): string | undefined =>
  linksOf(message.payload).find((link) => idOf(message.id, link) === id)

/** The id in a link that this gateway gave for another body's, as one that passes it on has it; null in any other. */
export function idIn(link: string, publicUrl: string | null): string | null {
  const start = `${publicUrl ?? ''}${path}`
  const id = link.startsWith(start) ? link.slice(start.length) : ''
  return messageOfLink(id) === null ? null : id
}

/** Whether its owner has named the host of a link as one of its files'. */
export function isNamed(link: string, owner: Agency | undefined): boolean {
  const host = hostOf(link)
  return host !== null && (owner?.fileHosts?.includes(host) ?? false)
}

/**
 * A message as its recipients get it in their own forms: links into the sender's network lead through this gateway. The sender's
 * signed envelope keeps the links as they are. The payload is read only where it is asked for.
 */
export function withReachableLinks(message: Message, { directory, publicUrl }: LinkDeps): Message {
  if (publicUrl === null) return message
  const owner = directory().agency(message.sender)
  const change = (link: string): string =>
    isNamed(link, owner) || idIn(link, publicUrl) !== null
      ? `${publicUrl}${path}${idOf(message.id, link)}`
      : link
  return lazily(message, () => withLinks(message.payload, change))
}

function lazily(message: Message, read: () => Message['payload']): Message {
  const header = Object.entries(Object.getOwnPropertyDescriptors(message)).filter(
    ([name]) => name !== 'payload',
  )
  let payload: Message['payload'] | undefined
  // every field of a message is copied but its payload, which stays unread
  return Object.defineProperties({} as Message, {
    ...Object.fromEntries(header),
    payload: { enumerable: true, get: () => (payload ??= read()) },
  })
}
