import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { GatewayError } from '../../schemas/errors.ts'

const folderOf = (root: string) => join(root, 'incoming')

/** A file under a name that nothing refers to yet. */
export async function createIncoming(
  root: string,
): Promise<{ readonly path: string; readonly file: FileHandle }> {
  const path = join(folderOf(root), randomUUID())
  await mkdir(folderOf(root), { recursive: true, mode: 0o700 })
  return { path, file: await open(path, 'wx+', 0o600) }
}

/** Removes what processes that were killed have left. */
export async function clearIncoming(root: string, before: number): Promise<void> {
  for (const name of await readdir(folderOf(root)).catch(() => [])) {
    const path = join(folderOf(root), name)
    const found = await stat(path).catch(() => null) // another process may clear the same
    if (found !== null && found.mtimeMs < before) await rm(path, { force: true })
  }
}

/** Passes a stream on as long as it holds at most `maxBytes`, telling `see` of each piece. */
export async function* bounded(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
  see: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const bytes of source) {
    size += bytes.byteLength
    if (size > maxBytes) throw new GatewayError('too_large', { reason: `more than ${maxBytes} bytes` })
    see(bytes)
    yield bytes
  }
}

/** For a catch: one code of the file system is expected, anything else is thrown on. */
export function unless(code: string): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof Error && 'code' in error && error.code === code)) throw error
  }
}
