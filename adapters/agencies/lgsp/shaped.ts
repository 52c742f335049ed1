import type { Json, Payload } from '../../../schemas/message.ts'
import { bare, eachRow, formed, isoDate, sqlDate, truth } from '../dossiers/forms.ts'
import { inverse, joined, renamed } from '../dossiers/renamed.ts'
import type { LgspOptions } from './options.ts'
import type { Shape } from './shapes.ts'

/** An object of LGSP under national names, whatever their case. Throws `malformed_request` where a field comes twice and differs. */
export function nationalOf(row: Payload, shape: Shape): Payload {
  const written = new Map(Object.keys(shape.names).map((name) => [name.toLowerCase(), name]))
  return joined(
    Object.entries(row).map(([given, value]) => {
      const name = written.get(given.toLowerCase()) ?? given
      const list = Object.hasOwn(shape.lists ?? {}, name) ? shape.lists?.[name] : undefined
      const read = list === undefined ? value : eachRow(value, (each) => nationalOf(each, list))
      return [Object.hasOwn(shape.names, name) ? (shape.names[name] ?? name) : name, read]
    }),
  )
}

const dateForms: Record<LgspOptions['dates'], (value: Json) => Json> = {
  yyyyMMddHHmmss: (value) => value,
  'yyyy-MM-dd HH:mm:ss': sqlDate,
  iso: isoDate,
}

/** A national object, in the form that all dialects share, as LGSP writes it. */
export function theirsOf(row: Payload, shape: Shape, dates: LgspOptions['dates']): Payload {
  const forms: Record<string, (value: Json) => Json> = {}
  for (const name of shape.numbers ?? []) forms[name] = bare
  for (const name of shape.truths ?? []) forms[name] = truth
  for (const name of shape.dates ?? []) forms[name] = dateForms[dates]
  for (const [name, list] of Object.entries(shape.lists ?? {}))
    forms[name] = (value) => eachRow(value, (each) => theirsOf(each, list, dates))
  return formed(renamed(row, inverse(shape.names)), forms)
}
