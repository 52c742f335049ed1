import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MasterKeys } from '../../signing/at-rest.ts'
import type { Blobs } from './blobs.ts'
import { clearIncoming, unless } from './incoming.ts'
import { readNameKey } from './name-key.ts'
import { openFile, readBlob } from './read-blob.ts'
import { stage } from './stage.ts'

const isAddress = /^[0-9a-f]{64}$/

/**
 * Blobs as files of a folder: `<first two digits>/<address>`, each a head (length, wrapped key) and chunks. Written under
 * another name, forced to disk, renamed, and the folder forced to disk too.
 */
export async function connectBlobFolder(root: string, keys: MasterKeys): Promise<Blobs> {
  const folder = { root, keys, nameKey: await readNameKey(root, keys) }
  const pathOf = (address: string) => place(root, address)
  return {
    write: (source, maxBytes) =>
      stage(folder, { source, maxBytes }, (path, { address }) => settle(path, pathOf(address))),
    read: async (address, range) => readBlob({ open: () => openFile(pathOf(address)), keys, address }, range),
    has: (address) =>
      access(pathOf(address)).then(
        () => true,
        () => false,
      ),
    remove: (address, before) => remove(root, address, before),
    addresses: (before) => list(root, before),
  }
}

function place(root: string, address: string): string {
  if (!isAddress.test(address)) throw new TypeError('not the address of a blob')
  return join(root, address.slice(0, 2), address)
}

/** Takes the place of an equal blob too: its age starts anew, so that the sweep of orphans leaves it alone. */
async function settle(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await rename(from, to)
  const folder = await open(dirname(to))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/**
 * Moved aside first: a blob written again between the look and the removal would go with the old one. What proves young
 * goes back.
 */
async function remove(root: string, address: string, before: number): Promise<boolean> {
  const path = place(root, address)
  if (!(await isOlder(path, before))) return false
  const aside = join(root, 'incoming', `${address}.old`)
  await mkdir(dirname(aside), { recursive: true, mode: 0o700 })
  await rename(path, aside).catch(unless('ENOENT')) // another process may sweep too
  if (await isOlder(aside, before)) {
    await rm(aside, { force: true })
    return true
  }
  await rename(aside, path).catch(unless('ENOENT'))
  return false
}

const isOlder = (path: string, before: number): Promise<boolean> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs < before,
    () => false,
  )

async function* list(root: string, before: number): AsyncGenerator<string> {
  await clearIncoming(root, before)
  for (const part of (await readdir(root)).filter((name) => name.length === 2))
    for (const name of await readdir(join(root, part))) if (isAddress.test(name)) yield name
}
