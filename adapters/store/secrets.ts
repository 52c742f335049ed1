import type { Knex } from 'knex'
import { GatewayError } from '../../schemas/errors.ts'
import type { AgencySecret, SecretDates } from '../../schemas/secret.ts'
import { insertAudit } from './audit.ts'
import { insertRows } from './database.ts'
import { isContention, isDuplicate } from './failures.ts'
import { asBuffer, toBytes, toUuid } from './ids.ts'
import type { SecretStore } from './ports/secrets.ts'
import { retryTransaction } from './retry-transaction.ts'

interface SecretRow {
  readonly id: Uint8Array
  readonly agency: string
  readonly name: string
  readonly value: Uint8Array
  readonly valid_from: number
  readonly valid_to: number | null
}

export interface SecretBox {
  readonly knex: Knex
  /** Both bind a value to its place: it opens nowhere else. */
  readonly seal: (value: Uint8Array, place: string) => Buffer
  readonly open: (sealed: Uint8Array, place: string) => Buffer
}

const placeOf = ({ agency, name }: { readonly agency: string; readonly name: string }): string =>
  JSON.stringify(['agency_secret', agency, name])

const datesOf = ({ id, name, valid_from, valid_to }: SecretRow): SecretDates => ({
  id: toUuid(id),
  name,
  validFrom: valid_from,
  validTo: valid_to,
})

/** Values that are not over, newest first. */
const living = (knex: Knex, now: number): Knex.QueryBuilder<SecretRow, SecretRow[]> =>
  knex<SecretRow>('agency_secret')
    .where((either) => void either.whereNull('valid_to').orWhere('valid_to', '>', now))
    .orderBy([
      { column: 'agency' },
      { column: 'name' },
      { column: 'valid_from', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])

const readName = async (
  knex: Knex,
  { agency, name }: { readonly agency: string; readonly name: string },
  now: number,
): Promise<readonly SecretRow[]> => living(knex, now).andWhere({ agency, name }).select()

/** One that cannot be opened must not keep the others from their bodies: its body's calls fail and say why. */
function openRow(row: SecretRow, { open }: SecretBox): readonly AgencySecret[] {
  try {
    return [{ ...datesOf(row), agency: row.agency, value: open(row.value, placeOf(row)).toString('utf8') }]
  } catch (error) {
    if (error instanceof GatewayError) return []
    throw error
  }
}

interface Head {
  readonly id: number
  readonly version: number
}

/** Row of `registry_head`; the first is the registry's. */
const headId = 2

const readVersion = async (knex: Knex): Promise<number> =>
  (await knex<Head>('registry_head').where('id', headId).first('version'))?.version ?? 0

/** Makes every process load the secrets again. Locks the head, so that two changes follow each other. */
async function raiseVersion(trx: Knex): Promise<void> {
  const head = await trx<Head>('registry_head').where('id', headId).forUpdate().first()
  if (head === undefined) await insertRows(trx, 'registry_head', [{ id: headId, version: 1 }])
  else
    await trx('registry_head')
      .where('id', headId)
      .update({ version: head.version + 1 })
}

type Put = Parameters<SecretStore['putSecret']>

/** Ends what was valid before, and forgets what is over or too many. */
async function makeRoom(
  trx: Knex,
  rows: readonly SecretRow[],
  [{ agency, name }, { now, formerUntil, most }]: Put,
): Promise<void> {
  for (const { id, valid_to } of rows.slice(0, most - 1))
    await trx('agency_secret')
      .where('id', asBuffer(id))
      .update({ valid_to: Math.min(valid_to ?? formerUntil, formerUntil) })
  for (const { id } of rows.slice(most - 1)) await trx('agency_secret').where('id', asBuffer(id)).delete()
  await trx('agency_secret').where({ agency, name }).andWhere('valid_to', '<=', now).delete()
}

async function put(trx: Knex, given: Put, box: SecretBox): Promise<readonly SecretDates[]> {
  const [secret, { now, audit }] = given
  const { id, agency, name, value, validFrom, validTo } = secret
  await raiseVersion(trx) // locks the head: two changes follow each other
  const before = await readName(trx, secret, now)
  const [newest] = before.flatMap((row) => openRow(row, box))
  if (newest?.value === value) return before.map(datesOf)
  await makeRoom(trx, before, given)
  const sealed = box.seal(Buffer.from(value), placeOf(secret))
  await insertRows(trx, 'agency_secret', [
    { id: toBytes(id), agency, name, value: sealed, valid_from: validFrom, valid_to: validTo },
  ])
  const after = (await readName(trx, secret, now)).map(datesOf)
  await insertAudit(trx, [audit(before.map(datesOf), after)])
  return after
}

/** Also where two were the first to write the head. */
const again = (error: unknown): boolean => isContention(error) || isDuplicate(error)

/** Secrets of bodies, each sealed to its place. */
export const createSecrets = (box: SecretBox): SecretStore => ({
  secretsVersion: () => readVersion(box.knex),
  loadSecrets: async () => {
    // The version before the rows: a change in between makes the caller load once more, never too seldom.
    const version = await readVersion(box.knex)
    const rows = await living(box.knex, 0).select()
    return { version, secrets: rows.flatMap((row) => openRow(row, box)) }
  },
  listSecrets: async (agency, now) =>
    (await living(box.knex, now).andWhere({ agency }).select()).map(datesOf),
  putSecret: (secret, how) => retryTransaction(box.knex, (trx) => put(trx, [secret, how], box), again),
  dropSecret: (agency, name, { now, audit }) =>
    retryTransaction(
      box.knex,
      async (trx) => {
        await raiseVersion(trx)
        const before = await readName(trx, { agency, name }, now)
        if (before.length === 0) return false
        await trx('agency_secret').where({ agency, name }).delete()
        await insertAudit(trx, [audit(before.map(datesOf), [])])
        return true
      },
      again,
    ),
})
