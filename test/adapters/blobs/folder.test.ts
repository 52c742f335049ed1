import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Blobs } from '../../../adapters/blobs/blobs.ts'
import { connectBlobFolder } from '../../../adapters/blobs/folder.ts'
import { createSpool } from '../../../adapters/blobs/spool.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { chunkBytes } from '../../../signing/blob-chunks.ts'
import { masterKeys } from '../../support/database.ts'
import { withTempDir } from '../../support/processes.ts'

const most = 10 * 1024 * 1024
const later = Date.now() + 60_000
const bytesOf = (length: number, seed = 0) =>
  Buffer.from(Array.from({ length }, (_, at) => (at * 31 + seed) % 251))

function withFolder(use: (blobs: Blobs, dir: string) => Promise<void>): Promise<void> {
  return withTempDir(async (dir) => use(await connectBlobFolder(dir, masterKeys), dir))
}

const pathOf = (dir: string, address: string) => join(dir, address.slice(0, 2), address)
const readAll = async (blobs: Blobs, address: string) => buffer(await blobs.read(address))

async function refusal(act: Promise<unknown>): Promise<string> {
  const error: unknown = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof GatewayError ? error.code : `no refusal: ${String(error)}`
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytesOf(100_000))
  throw new Error('the client has gone')
}

describe('blobs in a folder', () => {
  it('gives back what was written, whole and in any part', () =>
    withFolder(async (blobs) => {
      const plain = bytesOf(3 * chunkBytes + 77)
      const { address, digest, size } = await blobs.write([plain], most)
      expect({ digest, size }).to.deep.equal({
        digest: createHash('sha256').update(plain).digest('hex'),
        size: plain.byteLength,
      })
      expect((await readAll(blobs, address)).equals(plain)).to.equal(true)
      const place = fc.nat({ max: plain.byteLength - 1 })
      await fc.assert(
        fc.asyncProperty(place, place, async (one, two) => {
          const [from, to] = [Math.min(one, two), Math.max(one, two)]
          const part = await buffer(await blobs.read(address, { from, to }))
          expect(part.equals(plain.subarray(from, to + 1)), `${from}-${to}`).to.equal(true)
        }),
        { numRuns: 40 },
      )
    }))

  it('keeps an empty blob', () =>
    withFolder(async (blobs) => {
      const { address, size } = await blobs.write([], most)
      expect(size).to.equal(0)
      expect((await readAll(blobs, address)).byteLength).to.equal(0)
    }))

  it('gives equal content one address, which is not its digest, and holds no plain text', () =>
    withFolder(async (blobs, dir) => {
      const plain = Buffer.from('Nguyễn Văn Thử, số định danh 000000000000')
      const first = await blobs.write([plain], most)
      const second = await blobs.write([plain], most)
      expect(second).to.deep.equal(first)
      expect(first.address).to.not.equal(first.digest)
      const stored = await readFile(pathOf(dir, first.address))
      expect(stored.includes('Nguyễn')).to.equal(false)
      expect(await readdir(join(dir, 'incoming'))).to.deep.equal([])
    }))

  it('finds its blobs again after a restart, and one folder shared by several processes has one key', () =>
    withTempDir(async (dir) => {
      const several = await Promise.all([1, 2, 3].map(() => connectBlobFolder(dir, masterKeys)))
      const written = await Promise.all(several.map((blobs) => blobs.write([bytesOf(10)], most)))
      expect(new Set(written.map(({ address }) => address)).size).to.equal(1)
      const again = await connectBlobFolder(dir, masterKeys)
      expect(await again.has(written[0]?.address ?? '')).to.equal(true)
    }))

  it('refuses a blob that was cut, changed, or put in the place of another, whatever part is asked for', () =>
    withFolder(async (blobs, dir) => {
      const long = await blobs.write([bytesOf(2 * chunkBytes)], most)
      const short = await blobs.write([bytesOf(2 * chunkBytes, 1)], most)
      const { byteLength } = await readFile(pathOf(dir, long.address))
      await truncate(pathOf(dir, long.address), byteLength - chunkBytes - 16)
      expect(await refusal(blobs.read(long.address, { from: 0, to: 5 }))).to.equal('undecryptable')
      await rename(pathOf(dir, short.address), pathOf(dir, long.address))
      expect(await refusal(blobs.read(long.address))).to.equal('undecryptable')
      expect(await refusal(blobs.read(short.address))).to.equal('not_found')
      await mkdir(join(dir, short.address.slice(0, 2)), { recursive: true })
      await writeFile(pathOf(dir, short.address), 'x')
      expect(await refusal(blobs.read(short.address))).to.equal('undecryptable')
    }))

  it('leaves nothing behind when the stream fails or is too long', () =>
    withFolder(async (blobs, dir) => {
      expect(await refusal(blobs.write(failing(), most))).to.include('the client has gone')
      expect(await refusal(blobs.write([bytesOf(11), bytesOf(1)], 11))).to.equal('too_large')
      expect((await readdir(dir)).sort()).to.deep.equal(['incoming', 'names.key'])
      expect(await readdir(join(dir, 'incoming'))).to.deep.equal([])
    }))

  it('takes nothing but an address for an address', () =>
    withFolder(async (blobs) => {
      const error: unknown = await blobs.read('../names.key').catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(TypeError)
    }))

  it('removes what is old, not what was written again since', () =>
    withFolder(async (blobs, dir) => {
      const { address } = await blobs.write([bytesOf(5)], most)
      expect(await blobs.remove(address, Date.now() - 60_000)).to.equal(false)
      await utimes(pathOf(dir, address), 1, 1)
      await blobs.write([bytesOf(5)], most)
      expect(await blobs.remove(address, Date.now() - 60_000)).to.equal(false)
      expect(await blobs.remove(address, later)).to.equal(true)
      expect(await blobs.has(address)).to.equal(false)
    }))

  it('lists its addresses and clears away what dead uploads have left', () =>
    withFolder(async (blobs, dir) => {
      const written = await Promise.all([1, 2, 3].map((seed) => blobs.write([bytesOf(9, seed)], most)))
      await writeFile(join(dir, 'incoming', 'left'), 'x')
      const found: string[] = []
      for await (const address of blobs.addresses(later)) found.push(address)
      expect(found.sort()).to.deep.equal(written.map(({ address }) => address).sort())
      expect(await readdir(join(dir, 'incoming'))).to.deep.equal([])
    }))
})

describe('the spool', () => {
  it('gives back what it took, and has no file by name meanwhile', () =>
    withTempDir(async (dir) => {
      const spool = createSpool(dir)
      for (const length of [0, 1, chunkBytes, 2 * chunkBytes + 1]) {
        const plain = bytesOf(length)
        const spooled = await spool(iterate(plain), most)
        expect(await readdir(join(dir, 'incoming'))).to.deep.equal([])
        expect(spooled.size).to.equal(length)
        expect((await spooled.read()).equals(plain)).to.equal(true)
        await spooled.close()
      }
      expect(await refusal(spool(iterate(bytesOf(5)), 4))).to.equal('too_large')
    }))
})

async function* iterate(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}
