import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { link, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openAtRest, sealAtRest, type MasterKeys } from '../../signing/at-rest.ts'
import { createIncoming, unless } from './incoming.ts'

const label = 'blob names'

/** A new key, as it is kept. */
export const drawNameKey = (keys: MasterKeys): Buffer => sealAtRest(randomBytes(32), keys, label)

/** Throws `undecryptable` where it belongs to other master keys. */
export const openNameKey = (kept: Uint8Array, keys: MasterKeys): KeyObject =>
  createSecretKey(openAtRest(kept, keys, label))

/**
 * The key by which a folder names its blobs, kept in the folder under the master key: names must not tell whether the folder holds a
 * document that somebody has a copy of. Of processes that start together on a new folder, one makes it.
 */
export async function readNameKey(root: string, keys: MasterKeys): Promise<KeyObject> {
  const path = join(root, 'names.key')
  await mkdir(root, { recursive: true, mode: 0o700 })
  const known = await readFile(path).catch(noneYet)
  if (known !== null) return openNameKey(known, keys)
  await makeKey(root, path, keys)
  return openNameKey(await readFile(path), keys)
}

export const addressOf = (key: KeyObject, digest: string): string =>
  createHmac('sha256', key).update(digest, 'hex').digest('hex')

/** Written whole under another name, then linked: the link fails where another was first, and his key holds. */
async function makeKey(root: string, path: string, keys: MasterKeys): Promise<void> {
  const draft = await createIncoming(root)
  try {
    await draft.file.writeFile(drawNameKey(keys))
    await draft.file.sync()
    await link(draft.path, path).catch(unless('EEXIST'))
  } finally {
    await draft.file.close()
    await rm(draft.path, { force: true })
  }
}

function noneYet(error: unknown): null {
  unless('ENOENT')(error)
  return null
}
