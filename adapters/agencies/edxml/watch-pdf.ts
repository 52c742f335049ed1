const pdf = Buffer.from('%PDF')
/** Two marks of the replacement character in a row: no binary content has them by chance. */
const replaced = Buffer.from([0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd])

/** Passes a file on and tells afterwards whether it is a PDF that a conversion of text has destroyed (edXML §3.3): to be reported, never repaired. */
export function watchPdf(source: AsyncIterable<Buffer>): {
  readonly bytes: AsyncIterable<Buffer>
  readonly isCorrupt: () => boolean
} {
  let head: Buffer = Buffer.alloc(0)
  let tail: Buffer = Buffer.alloc(0)
  let isReplaced = false
  async function* pass(): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      if (head.byteLength < pdf.byteLength) head = Buffer.concat([head, piece.subarray(0, pdf.byteLength)])
      const seam = Buffer.concat([tail, piece.subarray(0, replaced.byteLength)])
      isReplaced ||= piece.includes(replaced) || seam.includes(replaced)
      tail = Buffer.concat([tail, piece.subarray(-replaced.byteLength)]).subarray(-replaced.byteLength)
      yield piece
    }
  }
  return { bytes: pass(), isCorrupt: () => isReplaced && head.subarray(0, pdf.byteLength).equals(pdf) }
}
