import type { Knex } from 'knex'
import type { Organisation } from '../agencies/partner-directory.ts'
import { inParts, insertRows, readParts, type Database } from './database.ts'
import type { OrganisationStore } from './ports/organisations.ts'
import { retryTransaction } from './retry-transaction.ts'

interface OrganisationRow extends Organisation {
  readonly agency: string
  readonly code_key: string
  readonly other_key: string
}

const keyOf = (code: string): string => code.toUpperCase()

const rowOf = (agency: string, { code, other, name, parent }: Organisation): OrganisationRow => ({
  ...{ agency, code_key: keyOf(code), other_key: keyOf(other) },
  ...{ code, other, name, parent },
})

const organisationOf = ({ code, other, name, parent }: OrganisationRow): Organisation => ({
  ...{ code, other, name, parent },
})

const said = (row: OrganisationRow): string => JSON.stringify(organisationOf(row))

async function removeRows(trx: Knex, agency: string, keys: readonly string[]): Promise<void> {
  for (const part of inParts(keys))
    await trx('organisation')
      .where({ agency })
      .whereIn('code_key', [...part])
      .delete()
}

async function noteReading(
  trx: Knex,
  agency: string,
  read: { readAt: number; count: number },
): Promise<void> {
  await trx('organisation_copy').where({ agency }).delete()
  await insertRows(trx, 'organisation_copy', [{ agency, read_at: read.readAt, count: read.count }])
}

export const createOrganisations = ({ knex }: Database): OrganisationStore => ({
  organisationCopy: async (agency) => {
    const row = await knex<{ agency: string; read_at: number; count: number }>('organisation_copy')
      .where({ agency })
      .first()
    return row === undefined ? null : { readAt: row.read_at, count: row.count }
  },
  findOrganisations: async (agency, codes) => {
    const keys = [...new Set(codes.map(keyOf))].filter((key) => key !== '')
    const by = (column: string) =>
      readParts(keys, (part) =>
        knex<OrganisationRow>('organisation')
          .where({ agency })
          .whereIn(column, [...part])
          .select(),
      )
    const found = [...(await by('code_key')), ...(await by('other_key'))]
    return [...new Map(found.map((row) => [row.code_key, organisationOf(row)])).values()]
  },
  keepOrganisations: (agency, organisations, at) =>
    retryTransaction(knex, async (trx) => {
      const wanted = new Map(organisations.map((each) => [keyOf(each.code), rowOf(agency, each)]))
      const present = await trx<OrganisationRow>('organisation').where({ agency }).select()
      const known = new Map(present.map((row) => [row.code_key, said(row)]))
      const changed = [...wanted.values()].filter((row) => known.get(row.code_key) !== said(row))
      const gone = [...known.keys()].filter((key) => !wanted.has(key))
      await removeRows(trx, agency, [...gone, ...changed.map((row) => row.code_key)])
      await insertRows(
        trx,
        'organisation',
        changed.map((row) => ({ ...row })),
      )
      await noteReading(trx, agency, { readAt: at, count: wanted.size })
      return { changed: changed.length, removed: gone.length }
    }),
})
