import type { Knex } from 'knex'
import type { RegistryPatch } from '../../schemas/agency.ts'
import { insertAudit } from './audit.ts'
import { importedRow } from './credential-row.ts'
import { insertRows } from './database.ts'
import type { Database } from './database.ts'
import { isContention, isDuplicate } from './failures.ts'
import type { RegistryStore } from './ports/registry.ts'
import { logChanges, readChanges, type Touched } from './registry-log.ts'
import { partNames, patchPart, readPart, writePart, type Parties } from './registry-parts.ts'
import { retryTransaction } from './retry-transaction.ts'

interface Head {
  readonly id: number
  readonly version: number
}

const readVersion = async (knex: Knex): Promise<number> =>
  (await knex<Head>('registry_head').where('id', 1).first('version'))?.version ?? 0

async function readParties(knex: Knex): Promise<Parties> {
  const parties: Record<string, unknown> = {}
  for (const name of partNames) parties[name] = await readPart(knex, name)
  return parties as unknown as Parties // one entry for each name
}

/** Locks the head first, so that two changes follow each other. */
async function lockVersion(trx: Knex): Promise<number> {
  return (await trx<Head>('registry_head').where('id', 1).forUpdate().first())?.version ?? 0
}

async function writeVersion(trx: Knex, version: number): Promise<void> {
  if (version === 1) await insertRows(trx, 'registry_head', [{ id: 1, version }])
  else await trx('registry_head').where('id', 1).update({ version })
}

async function applyPatch(trx: Knex, patch: RegistryPatch): Promise<readonly Touched[]> {
  const touched: Touched[] = []
  for (const part of partNames) touched.push({ part, names: await patchPart(trx, part, patch) })
  return touched
}

/** Also where two were the first to write the head. */
const again = (error: unknown): boolean => isContention(error) || isDuplicate(error)

/** The parties, and the credentials they are known by. */
export const createRegistry = ({ knex }: Database, clock: () => number): RegistryStore => ({
  registryVersion: () => readVersion(knex),
  loadRegistry: () =>
    knex.transaction(async (trx) => {
      // The version before the rows: a change in between makes the caller load once more, never too seldom.
      const version = await readVersion(trx)
      return { version, ...(await readParties(trx)) }
    }),
  registryChanges: (since) =>
    knex.transaction(async (trx) => {
      const version = await readVersion(trx)
      const patch = await readChanges(trx, since, version)
      return patch === null ? null : { version, patch }
    }),
  changeRegistry: ({ version, patch, audit }) =>
    retryTransaction(
      knex,
      async (trx) => {
        if ((await lockVersion(trx)) !== version) return false
        await writeVersion(trx, version + 1)
        await logChanges(trx, version + 1, await applyPatch(trx, patch))
        await insertAudit(trx, audit)
        return true
      },
      again,
    ),
  importRegistry: (parties, credentials) =>
    retryTransaction(
      knex,
      async (trx) => {
        await writeVersion(trx, (await lockVersion(trx)) + 1)
        for (const name of partNames) await writePart(trx, name, parties[name])
        for (const table of ['credential', 'credential_former']) await trx(table).delete()
        await insertRows(
          trx,
          'credential',
          credentials.map((row) => importedRow(row, clock())),
        )
      },
      again,
    ),
})
