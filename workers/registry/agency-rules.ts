import type { Dialect } from '../../adapters/agencies/dialect.ts'
import type { Agency } from '../../schemas/agency.ts'
import { GatewayError } from '../../schemas/errors.ts'
import { pathText } from '../../schemas/limits.ts'

/** How deep bodies stand below each other, and how often a code may be taken over in a row: what the directory follows. */
const most = { parent: 16, successor: 8 } as const

type Link = keyof typeof most
/** Bodies as they will be after the change. */
export type Find = (code: string) => Agency | undefined

/**
 * Checks a body as it will be: the options by the schema of its dialect, parents and successors known, without rings and not deeper than
 * the directory follows. Throws `invalid_field` with the path of the field.
 */
export function checkAgency(
  agency: Agency,
  find: Find,
  dialects: ReadonlyMap<string, Pick<Dialect, 'options'>>,
): void {
  checkOptions(agency, dialects)
  checkLink(agency, 'parent', find)
  checkLink(agency, 'successor', find)
  if (agency.successor !== undefined && agency.retiredAt === undefined)
    refuse('retiredAt', 'a successor takes over from a moment on: say which')
}

function checkOptions(
  { dialect: name, options }: Agency,
  dialects: ReadonlyMap<string, Pick<Dialect, 'options'>>,
): void {
  const dialect = dialects.get(name)
  if (dialect === undefined) refuse('dialect', `not one of ${[...dialects.keys()].join(', ')}`)
  const [fault] = dialect.options.safeParse(options).error?.issues ?? []
  if (fault !== undefined) refuse(pathText(['options', ...fault.path]), fault.message)
}

function checkLink(agency: Agency, link: Link, find: Find): void {
  const passed = [agency.code]
  for (let code = agency[link]; code !== undefined; code = find(code)?.[link]) {
    if (find(code) === undefined) refuse(link, `unknown body ${code}`)
    if (passed.includes(code)) refuse(link, `leads in a ring: ${[...passed, code].join(' → ')}`)
    if (passed.length > most[link]) refuse(link, `more than ${most[link]} bodies in a row`)
    passed.push(code)
  }
}

function refuse(field: string, reason: string): never {
  throw new GatewayError('invalid_field', { field, reason })
}
