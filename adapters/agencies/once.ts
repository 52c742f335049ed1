import { GatewayError } from '../../schemas/errors.ts'
import type { Json } from '../../schemas/message.ts'

type Field = readonly [name: string, value: Json]

/** Fields by their names. Throws `malformed_request` where one is given twice and differs; `placeOf` says which to the sender. */
export function onceEach(
  given: Iterable<Field>,
  placeOf: (name: string) => string = (name) => name,
): ReadonlyMap<string, Json> {
  const fields = new Map<string, Json>()
  for (const [name, value] of given) {
    if (fields.has(name) && JSON.stringify(fields.get(name)) !== JSON.stringify(value))
      throw new GatewayError('malformed_request', { field: placeOf(name), reason: 'is given twice' })
    fields.set(name, value)
  }
  return fields
}
