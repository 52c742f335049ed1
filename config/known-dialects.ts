import type { Dialect } from '../adapters/agencies/dialect.ts'
import { dialects } from '../adapters/agencies/index.ts'
import type { Agency } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Directory } from '../workers/directory.ts'
import { modeOf } from '../workers/mode.ts'

/** The dialect of a body; undefined for an unknown body, or one that speaks what is no dialect here. */
function dialectNamed(directory: Directory, code: string): Dialect | undefined {
  const agency = directory.agency(code)
  return agency === undefined ? undefined : dialects.get(agency.dialect)
}

/** Whether the gateway calls a body; it does not call one that is unknown. */
export function isPushed(directory: Directory, code: string): boolean {
  const [agency, dialect] = [directory.agency(code), dialectNamed(directory, code)]
  return agency !== undefined && dialect !== undefined && modeOf(dialect, agency) === 'push'
}

/** Whether a delivery of which nothing more was heard may be made again: the body tells repeats apart, or it pulls, and was sent nothing. */
export function isRepeatable(directory: Directory, code: string): boolean {
  const [agency, dialect] = [directory.agency(code), dialectNamed(directory, code)]
  if (agency === undefined || dialect === undefined) return false
  return dialect.repeatable || modeOf(dialect, agency) === 'pull'
}

/** The dialect of a body that is known, whose dialect was checked when it was registered. */
export function knownDialect({ code, dialect: name }: Agency): Dialect {
  const dialect = dialects.get(name)
  if (dialect === undefined)
    throw new GatewayError('internal', { cause: `${code} speaks ${name}, which is no dialect here` })
  return dialect
}
