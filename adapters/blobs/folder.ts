import { createHash, type KeyObject } from 'node:crypto'
import { access, mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MasterKeys } from '../../signing/at-rest.ts'
import { drawBlobKey, sealChunks, wrapBlobKey } from '../../signing/blob-chunks.ts'
import type { Blob, Blobs } from './blobs.ts'
import { bounded, clearIncoming, createIncoming, unless } from './incoming.ts'
import { addressOf, readNameKey } from './name-key.ts'
import { readBlob } from './read-blob.ts'

const isAddress = /^[0-9a-f]{64}$/

interface Folder {
  readonly root: string
  readonly keys: MasterKeys
  readonly nameKey: KeyObject
}

/**
 * Blobs as files of a folder: `<first two digits>/<address>`, each a head (length, wrapped key) and chunks. Written under
 * another name, forced to disk, renamed, and the folder forced to disk too.
 */
export async function connectBlobFolder(root: string, keys: MasterKeys): Promise<Blobs> {
  const folder = { root, keys, nameKey: await readNameKey(root, keys) }
  const pathOf = (address: string) => place(root, address)
  return {
    write: (source, maxBytes) => write(folder, source, maxBytes),
    read: async (address, range) => readBlob({ path: pathOf(address), keys, address }, range),
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

async function write(
  { root, keys, nameKey }: Folder,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): Promise<Blob> {
  const hash = createHash('sha256')
  let size = 0
  const seen = bounded(source, maxBytes, (bytes) => {
    hash.update(bytes)
    size += bytes.byteLength
  })
  const incoming = await createIncoming(root)
  try {
    const key = drawBlobKey()
    await writeChunks(incoming.file, sealChunks(key, seen), headOf(key, keys, '').byteLength)
    const digest = hash.digest('hex')
    const address = addressOf(nameKey, digest)
    await incoming.file.write(headOf(key, keys, address), 0, undefined, 0)
    await incoming.file.sync()
    await settle(incoming.path, place(root, address))
    return { address, digest, size }
  } finally {
    await incoming.file.close()
    await rm(incoming.path, { force: true }) // renamed where all went well
  }
}

/** Length of what follows, then the wrapped key. The address is known when all is read: the head is written last, into the room left for it. */
function headOf(key: KeyObject, keys: MasterKeys, address: string): Buffer {
  const wrapped = wrapBlobKey(key, keys, address)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(wrapped.byteLength)
  return Buffer.concat([length, wrapped])
}

async function writeChunks(file: FileHandle, chunks: AsyncIterable<Buffer>, from: number): Promise<void> {
  let at = from
  for await (const chunk of chunks) {
    await file.write(chunk, 0, undefined, at)
    at += chunk.byteLength
  }
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
