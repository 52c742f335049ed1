import { dirname, join } from 'node:path'
import type { Blobs } from '../adapters/blobs/blobs.ts'
import { connectBlobFolder } from '../adapters/blobs/folder.ts'
import { connectBlobBucket } from '../adapters/blobs/s3.ts'
import type { MasterKeys } from '../signing/at-rest.ts'
import { readBucketUrl } from './bucket-url.ts'
import type { Env } from './env.ts'

type Place = Pick<Env, 'BLOB_DIR' | 'DATABASE_URL'>
type Remote = Pick<Env, 'BLOB_URL' | 'BLOB_ACCESS_KEY_ID' | 'BLOB_SECRET_ACCESS_KEY'>

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

/** Opens what keeps large content: a bucket where the environment names one, else the folder. Throws as the folder does. */
export async function openBlobs(env: Place & Remote, keys: MasterKeys): Promise<Blobs> {
  const place = readBucketUrl(env.BLOB_URL ?? '')
  if (place === null) return openBlobFolder(env, keys)
  const account = { accessKeyId: env.BLOB_ACCESS_KEY_ID, secretAccessKey: env.BLOB_SECRET_ACCESS_KEY }
  try {
    const address = { ...place, ...account }
    return await connectBlobBucket({ address, keys, stagingFolder: blobDirOf(env) })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`cannot start: the bucket ${place.bucket} of BLOB_URL cannot be used: ${reason}`, {
      cause,
    })
  }
}
