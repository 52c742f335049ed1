import { fileTypeFromBuffer } from 'file-type'

/** Bytes that tell what most files are. */
const headBytes = 16 * 1024
const unknown = 'application/octet-stream'

/** Passes a stream on and tells afterwards what it was, by its first bytes: what its owner says of it is not believed. */
export function createSniffer(source: AsyncIterable<Uint8Array>): {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly mediaType: () => Promise<string>
} {
  let head = Buffer.alloc(0)
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const bytes of source) {
      if (head.byteLength < headBytes) head = Buffer.concat([head, bytes]).subarray(0, headBytes)
      yield bytes
    }
  }
  return { bytes: pass(), mediaType: async () => (await fileTypeFromBuffer(head))?.mime ?? unknown }
}
