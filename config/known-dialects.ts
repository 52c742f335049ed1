import type { Dialect } from '../adapters/agencies/dialect.ts'
import { dialects } from '../adapters/agencies/index.ts'
import type { Agency } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Directory } from '../workers/directory.ts'
import { modeOf } from '../workers/mode.ts'

/** A body and its dialect; undefined for an unknown body, or one that speaks what is no dialect here. */
function speaking(directory: Directory, code: string) {
  const agency = directory.agency(code)
  const dialect = agency === undefined ? undefined : dialects.get(agency.dialect)
  return agency === undefined || dialect === undefined ? undefined : { agency, dialect }
}

/** Whether the gateway calls a body; it does not call one that is unknown. */
export function isPushed(directory: Directory, code: string): boolean {
  const found = speaking(directory, code)
  return found !== undefined && modeOf(found.dialect, found.agency) === 'push'
}

/** Whether a delivery of which nothing more was heard may be made again: the body tells repeats apart, or it pulls, and was sent nothing. */
export function isRepeatable(directory: Directory, code: string): boolean {
  const found = speaking(directory, code)
  return found !== undefined && (found.dialect.repeatable || modeOf(found.dialect, found.agency) === 'pull')
}

/** Seconds until a body that tells no repeats apart is asked whether something arrived; 0 = it cannot tell. */
export function askAfterSeconds(directory: Directory, code: string): number {
  const found = speaking(directory, code)
  return found?.dialect.arrivals?.afterSeconds(found.agency) ?? 0
}

/** The dialect of a body that is known, whose dialect was checked when it was registered. */
export function knownDialect({ code, dialect: name }: Agency): Dialect {
  const dialect = dialects.get(name)
  if (dialect === undefined)
    throw new GatewayError('internal', { cause: `${code} speaks ${name}, which is no dialect here` })
  return dialect
}
