import { v7 } from 'uuid'
import { drawBytes } from './random.ts'

const idBytes = 16
const idSeqAt = 6
const latest = { at: 0, seq: 0 }

/** A new UUIDv7 (RFC 9562 §5.7), above all that this process drew before. The library's own draws each from the system: 2 µs instead of 0.6. */
export function newId(): string {
  const random = drawBytes(idBytes)
  const now = Date.now()
  latest.seq = now > latest.at ? random.readUInt32BE(idSeqAt) >>> 1 : latest.seq + 1
  latest.at = Math.max(now, latest.at)
  return v7({ random, msecs: latest.at, seq: latest.seq })
}
