import { createHash } from 'node:crypto'
import { isSame } from './proof.ts'

const end = Buffer.from('\r\n')

/** SHA-256 in hex, each byte without a leading zero, so that its length varies: the official client writes nothing else (edxml §8.1.3). */
export const unpadded = (digest: Uint8Array): string => [...digest].map((byte) => byte.toString(16)).join('')

/** The digests by which a file may be told: as it came, and without the line end that the official client adds. */
export interface FileHash {
  take(piece: Uint8Array): void
  /** Whether `text` is one of the spellings of one of the digests, once all has come. */
  isToldBy(text: string): boolean
  /** Hex, of the file without that line end. */
  digest(): string
}

/** Hashes a file as it comes. */
export function createFileHash(): FileHash {
  const bare = createHash('sha256')
  let tail = Buffer.alloc(0)
  const digests = () => {
    const whole = bare.copy().update(tail).digest()
    return tail.equals(end) ? [bare.copy().digest(), whole] : [whole]
  }
  return {
    take(piece) {
      const all = Buffer.concat([tail, piece])
      tail = all.subarray(Math.max(0, all.length - end.length))
      bare.update(all.subarray(0, all.length - tail.length))
    },
    isToldBy(text) {
      const spellings = digests().flatMap((digest) => [digest.toString('hex'), unpadded(digest)])
      return spellings.map((spelling) => isSame(text.toLowerCase(), spelling)).includes(true)
    },
    digest: () => digests()[0]?.toString('hex') ?? '',
  }
}
