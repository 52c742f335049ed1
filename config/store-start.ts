import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError } from '../schemas/errors.ts'
import type { Log } from './log.ts'

const pauseMs = 2_000

/** Where a database is, without its password. */
interface Place {
  readonly host: string
  readonly database: string
  readonly user: string
}

const refused = ({ user }: Place) => `the server refuses user '${user}' or its password`
const unanswered = () => 'the server does not answer; check the address and the firewall'
const unknownHost = ({ host }: Place) => `no such host: ${host}`

/** What the driver's codes mean to whom has to mend it. */
const reasons: Readonly<Record<string, (place: Place) => string>> = {
  ECONNREFUSED: ({ host }) => `nothing listens at ${host}`,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  ETIMEDOUT: unanswered,
  EHOSTUNREACH: unanswered,
  ENETUNREACH: unanswered,
  ER_ACCESS_DENIED_ERROR: refused,
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: refused,
  ER_DBACCESS_DENIED_ERROR: ({ user, database }) => `user '${user}' may not use database '${database}'`,
  ER_BAD_DB_ERROR: ({ database }) => `there is no database '${database}' on this server`,
  ER_HOST_NOT_PRIVILEGED: () => 'the server lets nobody in from this machine',
  ER_CON_COUNT_ERROR: () => 'the server has no connection left',
}

/**
 * Connects to the store, and where it cannot be reached tries again for `waitSeconds`, with a log line each time: processes
 * and database may be started together. Then throws an Error that says what is wrong, never the password.
 */
export async function connectWhenUp<T>(
  { url, waitSeconds, log }: { readonly url: string; readonly waitSeconds: number; readonly log: Log },
  connect: () => Promise<T>,
): Promise<T> {
  if (url.startsWith('sqlite:')) return connect()
  const place = placeOf(url)
  const endsAt = Date.now() + waitSeconds * 1000
  for (;;) {
    try {
      return await connect()
    } catch (error) {
      const reason = reasonOf(error, place)
      if (reason === undefined) throw error
      const leftMs = endsAt - Date.now()
      if (leftMs <= 0) throw new Error(sentence(place, reason, waitSeconds), { cause: error })
      log('warn', 'store.waits', { ...place, reason, leftSeconds: Math.ceil(leftMs / 1000) })
      await sleep(Math.min(pauseMs, leftMs))
    }
  }
}

/** Why a database cannot be used, in a sentence without its password. */
export function reasonAway(url: string, error: unknown): string {
  const place = url.startsWith('sqlite:') ? null : placeOf(url)
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'fault'
  return (place === null ? undefined : reasonOf(error, place)) ?? `SQLite: ${code}`
}

/** Throws where the address is none, without repeating it. */
function placeOf(address: string): Place {
  try {
    const { host, pathname, username } = new URL(address)
    const place = {
      host,
      database: decodeURIComponent(pathname.slice(1)),
      user: decodeURIComponent(username),
    }
    if (host !== '' && place.database !== '') return place
  } catch {
    // as below
  }
  throw new Error(
    'cannot start: DATABASE_URL is not mysql://user:password@host:port/database with special characters percent-encoded',
  )
}

/** Undefined for what is no matter of reaching the database: our own fault. */
function reasonOf(error: unknown, place: Place): string | undefined {
  const isAway = error instanceof GatewayError && error.code === 'unavailable'
  const fault = isAway ? error.cause : error
  const code = fault instanceof Error && 'code' in fault ? String(fault.code) : ''
  const known = reasons[code]?.(place)
  return known ?? (isAway ? `${unanswered()} (${code || 'time-out'})` : undefined)
}

function sentence({ host, database }: Place, reason: string, waitSeconds: number): string {
  return `cannot start: database '${database}' at ${host} was not reached within ${waitSeconds} s: ${reason}`
}
