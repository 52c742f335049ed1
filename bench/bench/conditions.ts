import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, totalmem, release } from 'node:os'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Place } from './place.ts'
import type { Plan } from './options.ts'

const settings = [
  'version',
  'innodb_flush_log_at_trx_commit',
  'sync_binlog',
  'log_bin',
  'innodb_buffer_pool_size',
] as const

/** Under what a run was made: the machine, the versions, and the settings that the servers themselves answer. */
export async function conditionsOf(
  { mariadb, rabbit }: Place,
  { stored, steady, relay }: Plan,
): Promise<Readonly<Record<string, string | number>>> {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model ?? '',
    cores: cpus().length,
    rsaInstructions: rsaInstructions(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    linux: release(),
    node: process.version,
    openssl: process.versions.openssl,
    rabbitmq: (await rabbit.ctl('version')).trim(),
    ...(await mariadbSettings(mariadb.url)),
    commit: commit(),
    senders: 'RSA-2048, signed before the run',
    seals: 'P-256',
    receipts: 'P-256, signed and stored, two a message',
    storedFew: stored.few,
    storedMany: stored.many,
    relayRuns: relay.runs,
    latencyAtShareOfMaximum: steady.share,
  }
}

async function mariadbSettings(url: string): Promise<Readonly<Record<string, string>>> {
  const connection = await createConnection(url)
  try {
    const [rows] = await connection.query<(RowDataPacket & { Variable_name: string; Value: string })[]>(
      'SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)',
      [settings],
    )
    return Object.fromEntries(rows.map(({ Variable_name, Value }) => [`mariadb.${Variable_name}`, Value]))
  } finally {
    await connection.end()
  }
}

/** OpenSSL signs with RSA more than twice as fast where the processor has these: a ratio to it is to be read beside this. */
function rsaInstructions(): string {
  try {
    return /\bavx512ifma\b/.test(readFileSync('/proc/cpuinfo', 'utf8')) ? 'AVX-512 IFMA' : 'no AVX-512 IFMA'
  } catch {
    return ''
  }
}

/** Empty where git does not know. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return ''
  }
}
