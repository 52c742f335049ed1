import { z } from 'zod'
import type { Agency, AgencyStatus, PartyClass } from '../../schemas/agency.ts'
import type { NewRow } from './database.ts'

export interface AgencyRow {
  readonly code: string
  readonly name: string
  readonly party_class: PartyClass
  readonly status: AgencyStatus
  readonly parent: string | null
  readonly successor: string | null
  readonly retired_at: number | null
  readonly dialect: string
  readonly options: string
  readonly networks: string | null
  readonly file_hosts: string | null
  readonly test_recipient: number | null
  readonly live_since: number | null
}

export interface CertificateRow {
  readonly agency: string
  readonly fingerprint: Uint8Array
  readonly purpose: 'sign' | 'encrypt'
  readonly pem: string
}

export interface RootRow {
  readonly position: number
  readonly party_class: PartyClass
  readonly pem: string
}

const Options = z.record(z.string(), z.unknown())
const Names = z.array(z.string())

export const agencyOf = (row: AgencyRow): Agency => ({
  code: row.code,
  name: row.name,
  partyClass: row.party_class,
  status: row.status,
  ...(row.live_since === null ? {} : { liveSince: row.live_since }),
  ...(row.test_recipient === 1 ? { testRecipient: true } : {}),
  ...(row.parent === null ? {} : { parent: row.parent }),
  ...(row.successor === null ? {} : { successor: row.successor }),
  ...(row.retired_at === null ? {} : { retiredAt: row.retired_at }),
  dialect: row.dialect,
  options: Options.parse(JSON.parse(row.options)),
  ...(row.networks === null ? {} : { networks: Names.parse(JSON.parse(row.networks)) }),
  ...(row.file_hosts === null ? {} : { fileHosts: Names.parse(JSON.parse(row.file_hosts)) }),
})

export const agencyRow = (agency: Agency): NewRow => ({
  code: agency.code,
  name: agency.name,
  party_class: agency.partyClass,
  status: agency.status,
  parent: agency.parent ?? null,
  successor: agency.successor ?? null,
  retired_at: agency.retiredAt ?? null,
  dialect: agency.dialect,
  options: JSON.stringify(agency.options),
  networks: agency.networks === undefined ? null : JSON.stringify(agency.networks),
  file_hosts: agency.fileHosts === undefined ? null : JSON.stringify(agency.fileHosts),
  test_recipient: agency.testRecipient === true ? 1 : null,
  live_since: agency.liveSince ?? null,
})

/** A table that holds lists by key: alias → agencies, agency → actions, topic → agencies. */
export interface ListNames {
  readonly table: string
  readonly key: string
  readonly value: string
}

/** An empty list keeps a row without a value: a name that stands for nobody is not an unknown name. */
export const listRows = (
  lists: Readonly<Record<string, readonly string[]>>,
  { key, value }: ListNames,
): NewRow[] =>
  Object.entries(lists).flatMap(([name, values]) =>
    (values.length === 0 ? [null] : values).map((one, position) => ({ [key]: name, position, [value]: one })),
  )

export function listsOf(
  rows: readonly Readonly<Record<string, unknown>>[],
  { key, value }: ListNames,
): Record<string, readonly string[]> {
  const lists: Record<string, string[]> = {}
  for (const row of rows) {
    const list = (lists[String(row[key])] ??= [])
    if (typeof row[value] === 'string') list.push(row[value])
  }
  return lists
}
