import type { Knex } from 'knex'
import { GatewayError } from '../../schemas/errors.ts'
import { insertRows, readParts } from './database.ts'
import type { Database } from './database.ts'
import { asBuffer, toBytes, toBytesOrNull, toHex, toUuid } from './ids.ts'
import type { FileStore, SharedFile, StoredFile } from './ports/files.ts'
import { retryTransaction } from './retry-transaction.ts'
import type { Acceptance } from './store.ts'

interface FileRow {
  readonly id: Uint8Array
  readonly owner: string
  readonly digest: Uint8Array
  readonly size: number
  readonly address: Uint8Array
  readonly media_type: string
  readonly at: number
}

const fileOf = ({ id, owner, digest, size, address, media_type: mediaType, at }: FileRow): StoredFile => ({
  ...{ owner, size, mediaType, at },
  id: toUuid(id),
  digest: toHex(digest),
  address: toHex(address),
})

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')

/**
 * Notes which messages refer to which files. The update holds each row until the commit: a file cannot be forgotten between the
 * look and the use. Ids are taken in one order, so that two batches do not wait for each other.
 */
export async function writeUses(trx: Knex, fresh: readonly Acceptance[]): Promise<void> {
  const uses = fresh.flatMap(({ message, files }) => files.map((id) => ({ id, message })))
  for (const { id, message } of uses.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const used_at = trx.raw('coalesce(used_at, ?)', [message.receivedAt])
    await trx('file').where('id', toBytes(id)).update({ used_at })
    const found: unknown = await trx('file').where('id', toBytes(id)).first('id')
    if (found === undefined)
      throw new GatewayError('invalid_field', { field: 'payload', reason: `no file ${id}` })
  }
  const rows = uses.map(({ id, message }) => ({ file_id: toBytes(id), message_id: toBytes(message.id) }))
  if (rows.length > 0) await insertRows(trx, 'message_file', rows)
}

async function find(knex: Knex, id: string): Promise<SharedFile | null> {
  const fileId = toBytesOrNull(id)
  const row = fileId === null ? undefined : await knex<FileRow>('file').where('id', fileId).first()
  if (fileId === null || row === undefined) return null
  const uses = () => knex('message_file').where('file_id', fileId)
  const senders = (await uses()
    .join('message', 'message.id', 'message_file.message_id')
    .distinct()
    .pluck('message.sender')) as string[]
  const recipients = (await uses()
    .join('delivery', 'delivery.message_id', 'message_file.message_id')
    .distinct()
    .pluck('delivery.recipient')) as string[]
  return { ...fileOf(row), parties: [...new Set([row.owner, ...senders, ...recipients])] }
}

function dropUnused(knex: Knex, before: number, limit: number): Promise<number> {
  return retryTransaction(knex, async (trx) => {
    const unused = () => trx('file').whereNull('used_at').andWhere('at', '<', before)
    const ids = (await unused().orderBy('at').limit(limit).pluck('id')) as Uint8Array[]
    if (ids.length === 0) return 0
    return unused().whereIn('id', ids.map(asBuffer)).delete()
  })
}

async function unusedOf(knex: Knex, addresses: readonly string[]): Promise<readonly string[]> {
  const named = async (table: string) =>
    readParts(
      addresses,
      (part) => knex(table).whereIn('address', part.map(bytes)).pluck('address') as Promise<Uint8Array[]>,
    )
  const used = new Set([...(await named('file')), ...(await named('original_blob'))].map(toHex))
  return addresses.filter((address) => !used.has(address))
}

export const createFiles = ({ knex }: Database): FileStore => ({
  insertFile: ({ id, owner, digest, size, address, mediaType, at }) =>
    insertRows(knex, 'file', [
      {
        ...{ owner, size, at },
        id: toBytes(id),
        digest: bytes(digest),
        address: bytes(address),
        media_type: mediaType,
        used_at: null,
      },
    ]),
  findFile: (id) => find(knex, id),
  async findFileAt(owner, address) {
    const row = await knex<FileRow>('file')
      .where({ address: bytes(address), owner })
      .orderBy('at')
      .first()
    return row === undefined ? null : fileOf(row)
  },
  dropUnusedFiles: (before, limit) => dropUnused(knex, before, limit),
  unusedAddresses: (addresses) => unusedOf(knex, addresses),
})
