import type { Json, Payload } from '../../../schemas/message.ts'
import { onceEach } from '../once.ts'

/** A partner's name of a field → its national name. */
export type Names = Readonly<Record<string, string>>

/** Fields as one row. Throws `malformed_request` where one is given twice and differs. */
export function joined(given: Iterable<readonly [name: string, value: Json]>): Payload {
  return Object.fromEntries(onceEach(given))
}

/** A row under other names; fields that the table does not have keep theirs. Throws `malformed_request` where two become one and differ. */
export function renamed(row: Payload, names: Names): Payload {
  const nameOf = (name: string) => (Object.hasOwn(names, name) ? names[name] : undefined) ?? name
  return joined(Object.entries(row).map(([name, value]) => [nameOf(name), value]))
}

/** The table the other way round. */
export const inverse = (names: Names): Names =>
  Object.fromEntries(Object.entries(names).map(([theirs, ours]) => [ours, theirs]))

/** A row in two: the fields of the table, under its names, and the rest. */
export function parted(row: Payload, names: Names): readonly [named: Payload, rest: Payload] {
  const isNamed = ([name]: readonly [string, Json]) => Object.hasOwn(names, name)
  const fields = Object.entries(row)
  return [
    renamed(Object.fromEntries(fields.filter(isNamed)), names),
    Object.fromEntries(fields.filter((field) => !isNamed(field))),
  ]
}
