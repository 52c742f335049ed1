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
