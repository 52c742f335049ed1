import { dirname, join } from 'node:path'
import type { Blobs } from '../adapters/blobs/blobs.ts'
import { connectBlobFolder } from '../adapters/blobs/folder.ts'
import type { MasterKeys } from '../signing/at-rest.ts'
import type { Env } from './env.ts'

type Place = Pick<Env, 'BLOB_DIR' | 'DATABASE_URL'>

/** Where large content lies. */
export function blobDirOf({ BLOB_DIR, DATABASE_URL }: Place): string {
  const database = /^sqlite:(.*)$/.exec(DATABASE_URL)?.[1] ?? 'var/data/gateway.db'
  return BLOB_DIR ?? join(dirname(database), 'blobs')
}

/** Opens the folder of large content. Throws an Error that names it where it cannot be written, or belongs to other master keys. */
export async function openBlobFolder(env: Place, keys: MasterKeys): Promise<Blobs> {
  const dir = blobDirOf(env)
  try {
    return await connectBlobFolder(dir, keys)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`cannot start: BLOB_DIR ${dir} cannot be used: ${reason}`, { cause })
  }
}
