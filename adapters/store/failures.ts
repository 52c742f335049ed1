import knex from 'knex'
import { GatewayError } from '../../schemas/errors.ts'

const staleCode = 'STALE_ROWS'

/** 1213 deadlock, 1205 lock wait, 1020 row changed since read. */
const mysqlContention = new Set([1213, 1205, 1020])
/** SQLITE_BUSY and SQLITE_LOCKED, in the low byte of the extended code. */
const sqliteContention = new Set([5, 6])

const mysqlDuplicate = 1062
/** SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE. */
const sqliteDuplicates = new Set([1555, 2067])

/** Too many connections, wrong login or database, Galera node not ready, shutting down, killed, read only after a fail-over. */
const mysqlUnreachable = new Set([
  1040, 1044, 1045, 1047, 1049, 1053, 1077, 1080, 1152, 1158, 1159, 1160, 1161, 1203, 1290, 1836, 1927,
])
/** SQLITE_READONLY, IOERR, CORRUPT, FULL, CANTOPEN. */
const sqliteUnreachable = new Set([8, 10, 11, 13, 14])
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
])

interface Facts {
  readonly code: string
  readonly errno: number
  /** SQLite's extended result code, or -1. */
  readonly sqlite: number
  readonly fatal: boolean
}

function factsOf(error: unknown): Facts {
  const { code, errno, errcode, fatal } = Object(error) as Record<
    'code' | 'errno' | 'errcode' | 'fatal',
    unknown
  >
  return {
    code: typeof code === 'string' ? code : '',
    errno: typeof errno === 'number' ? errno : -1,
    sqlite: typeof errcode === 'number' ? errcode : -1,
    fatal: fatal === true,
  }
}

/** Rows changed between the read and the conditional update: roll back and read again. */
export const staleRows = (): Error =>
  Object.assign(new Error('rows changed after they were read'), { code: staleCode })

/** Another transaction was in the way; the same act may succeed when it is repeated. */
export function isContention(error: unknown): boolean {
  const { code, errno, sqlite } = factsOf(error)
  return code === staleCode || mysqlContention.has(errno) || sqliteContention.has(sqlite & 0xff)
}

/** A unique key is taken. */
export function isDuplicate(error: unknown): boolean {
  const { errno, sqlite } = factsOf(error)
  return errno === mysqlDuplicate || sqliteDuplicates.has(sqlite)
}

const isUnreachable = (error: unknown): boolean => {
  const { code, errno, sqlite, fatal } = factsOf(error)
  return (
    fatal ||
    networkCodes.has(code) ||
    mysqlUnreachable.has(errno) ||
    sqliteUnreachable.has(sqlite & 0xff) ||
    error instanceof knex.KnexTimeoutError
  )
}

/** What the port promises: `unavailable` when the database cannot be reached or is contended for too long. */
export const toPortError = (error: unknown): unknown =>
  isUnreachable(error) || isContention(error) ? new GatewayError('unavailable', { cause: error }) : error
