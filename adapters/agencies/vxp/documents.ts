import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import { objectIn } from '../../../schemas/objects.ts'

/** The two kinds of messages of the axis, by their `messagetype` (edxml §8.1). */
export const messageTypes: Readonly<Record<string, string>> = {
  edoc: 'document.letter',
  status: 'document.status',
}

/** All that the dialect expresses. */
export const expressed = Object.values(messageTypes)

export const serviceType = 'eDoc'

export const messageTypeOf = (action: string): string =>
  Object.keys(messageTypes).find((type) => messageTypes[type] === action) ?? ''

/** Actions of a `messagetype`, whatever its case; all of them where none is given, none for an unknown one. */
export function actionsOf(type: string): readonly string[] {
  if (type === '') return expressed
  const name = type.toLowerCase()
  return Object.hasOwn(messageTypes, name) ? [messageTypes[name] ?? ''] : []
}

/** Number and notation of a letter, or of the letter that a status answers. */
export function notationOf(payload: Payload): string {
  const { CodeNumber, CodeNotation } = objectIn(payload['Code'])
  const own = [CodeNumber, CodeNotation].map(textOf).filter((part) => part !== '')
  return own.join('/') || textOf(objectIn(payload['ResponseFor'])['Code'])
}

/** Recipients of one message: a letter to more becomes several. */
const mostRecipients = 32

/** Recipients by message, in their order; one message where there are none. */
export function inGroups(recipients: readonly string[]): readonly (readonly string[])[] {
  const count = Math.max(1, Math.ceil(recipients.length / mostRecipients))
  return Array.from({ length: count }, (_, at) =>
    recipients.slice(at * mostRecipients, (at + 1) * mostRecipients),
  )
}
