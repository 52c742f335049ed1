import { createSecretKey } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { GatewayError } from '../../schemas/errors.ts'
import {
  chunkBytes,
  drawBlobKey,
  measureChunks,
  openChunk,
  sealChunks,
  sealedChunkBytes,
  unwrapBlobKey,
  wrapBlobKey,
} from '../../signing/blob-chunks.ts'
import type { MasterKeys } from '../../signing/at-rest.ts'

const master: MasterKeys = {
  current: 'k1',
  keys: new Map([['k1', createSecretKey(Buffer.alloc(32, 1))]]),
}

async function sealAll(plain: Uint8Array, pieces: readonly number[], key = drawBlobKey()) {
  const cut: Uint8Array[] = []
  let at = 0
  for (const piece of pieces) {
    cut.push(plain.subarray(at, at + piece))
    at += piece
  }
  cut.push(plain.subarray(at))
  const chunks: Buffer[] = []
  for await (const chunk of sealChunks(key, cut)) chunks.push(chunk)
  return { key, chunks }
}

const openAll = (key: ReturnType<typeof drawBlobKey>, chunks: readonly Buffer[]) =>
  Buffer.concat(chunks.map((chunk, index) => openChunk(key, chunk, index, index === chunks.length - 1)))

/** Lengths around the borders of chunks, where off-by-one faults live. */
const size = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: -2, max: 2 }))
    .map(([chunks, by]) => chunks * chunkBytes + by),
)
const pieces = fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 5 })
const bytesOf = (length: number) => Buffer.from(Array.from({ length }, (_, at) => (at * 31) % 251))

describe('a blob in chunks', () => {
  it('opens as it was, however the stream was cut', () =>
    fc.assert(
      fc.asyncProperty(size, pieces, async (length, cuts) => {
        const plain = bytesOf(length)
        const { key, chunks } = await sealAll(plain, cuts)
        expect(openAll(key, chunks).equals(plain)).to.equal(true)
        const stored = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0)
        expect(measureChunks(stored)).to.deep.equal({ count: chunks.length, size: length })
      }),
      { numRuns: 40 },
    ))

  it('does not open when a byte is changed, wherever', () =>
    fc.assert(
      fc.asyncProperty(size, fc.nat(), async (length, where) => {
        const { key, chunks } = await sealAll(bytesOf(length), [])
        const whole = Buffer.concat(chunks)
        const at = where % whole.byteLength
        whole[at] = (whole[at] ?? 0) ^ 1
        const changed = chunks.map((_, index) =>
          whole.subarray(index * sealedChunkBytes, (index + 1) * sealedChunkBytes),
        )
        expect(() => openAll(key, changed)).to.throw(GatewayError, 'changed, cut or moved')
      }),
      { numRuns: 40 },
    ))

  it('does not open when it is cut, lengthened, reordered or mixed with another', async () => {
    const { key, chunks } = await sealAll(bytesOf(3 * chunkBytes), [])
    const other = await sealAll(bytesOf(3 * chunkBytes), [])
    const [a, b, c] = chunks as [Buffer, Buffer, Buffer]
    const [x] = other.chunks as [Buffer]
    const faults = {
      cut: [a, b],
      lengthened: [a, b, c, c],
      reordered: [b, a, c],
      mixed: [x, b, c],
      short: [a.subarray(1), b, c],
    }
    for (const [name, fault] of Object.entries(faults))
      expect(() => openAll(key, fault), name).to.throw(GatewayError)
    expect(() => openChunk(key, Buffer.alloc(3), 0, true)).to.throw(GatewayError)
  })

  it('has no length between two lengths', () => {
    for (const none of [0, 15, sealedChunkBytes + 1, sealedChunkBytes + 16])
      expect(measureChunks(none), String(none)).to.equal(null)
  })
})

describe('the head of a blob', () => {
  it('opens at its own address only', () => {
    const key = drawBlobKey()
    const head = wrapBlobKey(key, master, 'ab')
    expect(unwrapBlobKey(head, master, 'ab').equals(key)).to.equal(true)
    expect(() => unwrapBlobKey(head, master, 'cd')).to.throw(GatewayError)
  })
})
