import { createHash } from 'node:crypto'
import { createSniffer } from '../../adapters/blobs/sniff.ts'
import type { Keeping, KeptFile, Signers } from '../../adapters/agencies/content.ts'

/** A registry without a certificate. */
export const nobodySigns: Signers = { ownerOf: () => undefined, maySignFor: () => false, now: () => 0 }

/** A store of files in memory, whose ids count up. */
export function memoryFiles(
  signers: Signers = nobodySigns,
): Keeping & { readonly files: ReadonlyMap<string, Buffer> } {
  const files = new Map<string, Buffer>()
  async function keep(bytes: AsyncIterable<Uint8Array>): Promise<KeptFile> {
    const sniffer = createSniffer(bytes)
    const parts: Uint8Array[] = []
    for await (const piece of sniffer.bytes) parts.push(piece)
    const content = Buffer.concat(parts)
    const id = `01930000-0000-7000-8000-${String(files.size).padStart(12, '0')}`
    files.set(id, content)
    const digest = createHash('sha256').update(content).digest('hex')
    return { id, digest, size: content.byteLength, mediaType: await sniffer.mediaType() }
  }
  async function* read(id: string): AsyncGenerator<Buffer> {
    const content = files.get(id)
    if (content === undefined) throw new Error(`no file ${id}`)
    yield content
  }
  return { maxBytes: 100_000_000, files, keep, read: async (id) => read(id), signers }
}
