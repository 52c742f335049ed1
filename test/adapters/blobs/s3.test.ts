import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { expect } from 'chai'
import type { Blobs } from '../../../adapters/blobs/blobs.ts'
import { connectBlobBucket } from '../../../adapters/blobs/s3.ts'
import { partBytes } from '../../../adapters/blobs/upload.ts'
import { readBucketUrl } from '../../../config/bucket-url.ts'
import { codeOf } from '../agencies/edxml/support.ts'
import { withBucket, type LentBucket } from '../../support/bucket.ts'
import { masterKeys } from '../../support/database.ts'
import { withTempDir } from '../../support/processes.ts'

const most = 40 * 1024 * 1024
const later = Date.now() + 60_000

interface Scene {
  readonly lent: LentBucket
  readonly blobs: Blobs
  readonly dir: string
  readonly connect: () => Promise<Blobs>
}

function scene(use: (scene: Scene) => Promise<void>): Promise<void> {
  return withTempDir((dir) =>
    withBucket(async (lent) => {
      const connect = () => connectBlobBucket({ address: lent.address, keys: masterKeys, stagingFolder: dir })
      await use({ lent, dir, connect, blobs: await connect() })
    }),
  )
}

describe('blobs in a bucket', () => {
  it('give back what was written, whole and in part, and lie there encrypted under names that tell nothing', () =>
    scene(async ({ blobs, lent, dir }) => {
      const plain = Buffer.concat([Buffer.from('Nguyễn Văn Thử'), randomBytes(200_000)])
      const { address, digest, size } = await blobs.write([plain], most)
      expect({ digest, size }).to.deep.equal({
        digest: createHash('sha256').update(plain).digest('hex'),
        size: plain.byteLength,
      })
      expect((await buffer(await blobs.read(address))).equals(plain)).to.equal(true)
      expect(
        (await buffer(await blobs.read(address, { from: 70_000, to: 140_001 }))).equals(
          plain.subarray(70_000, 140_002),
        ),
      ).to.equal(true)
      expect(lent.objects.get(`truc/${address}`)?.bytes.includes('Nguyễn')).to.equal(false)
      expect(address).not.to.equal(digest)
      expect((await readdir(`${dir}/incoming`)).length, 'nothing stays on this machine').to.equal(0)
      expect((await blobs.write([plain], most)).address).to.equal(address)
    }))

  it('go up in parts where they are large', () =>
    scene(async ({ blobs, lent }) => {
      const plain = randomBytes(2 * partBytes + 1_000)
      const { address } = await blobs.write([plain], most)
      expect(lent.calls.filter((call) => call.includes('partNumber=')).length).to.equal(3)
      expect((await buffer(await blobs.read(address))).equals(plain)).to.equal(true)
      expect(lent.uploads.size).to.equal(0)
    }))

  it('leave nothing behind of an upload that fails, and say that the store is away', () =>
    scene(async ({ blobs, lent }) => {
      lent.disturb = (call) => (call.includes('partNumber=2') ? 403 : undefined)
      expect(await codeOf(blobs.write([randomBytes(2 * partBytes)], most))).to.equal('unavailable')
      expect(lent.uploads.size).to.equal(0)
      lent.disturb = () => 403
      expect(await codeOf(blobs.write([Buffer.from('x')], most))).to.equal('unavailable')
      expect(await codeOf(blobs.read('a'.repeat(64)))).to.equal('unavailable')
    }))

  it('are found again by another process, of processes that start together too', () =>
    scene(async ({ blobs, lent, connect }) => {
      const { address } = await blobs.write([Buffer.from('một')], most)
      expect((await (await connect()).write([Buffer.from('một')], most)).address).to.equal(address)
      lent.objects.clear()
      const several = await Promise.all([1, 2, 3].map(connect))
      const addresses = await Promise.all(
        several.map(async (each) => (await each.write([Buffer.from('hai')], most)).address),
      )
      expect(new Set(addresses).size).to.equal(1)
    }))

  it('are listed over pages, and removed when they are old and were not written again', () =>
    scene(async ({ blobs, lent }) => {
      const written = []
      for (let n = 0; n < 5; n += 1) written.push((await blobs.write([Buffer.from(`${n}`)], most)).address)
      lent.uploads.set('cu', { key: 'truc/x', parts: [], at: 0 })
      const listed: string[] = []
      for await (const address of blobs.addresses(Date.now() - 1_000)) listed.push(address)
      expect(listed.sort()).to.deep.equal([...written].sort())
      expect(lent.uploads.size, 'what died long ago is cleared away').to.equal(0)
      const [first = ''] = written
      expect(await blobs.remove(first, Date.now() - 60_000)).to.equal(false)
      expect(await blobs.has(first)).to.equal(true)
      expect(await blobs.remove(first, later)).to.equal(true)
      expect([await blobs.has(first), await blobs.remove(first, later)]).to.deep.equal([false, false])
      expect(await codeOf(blobs.read(first))).to.equal('not_found')
    }))

  it('that were cut or changed are found out', () =>
    scene(async ({ blobs, lent }) => {
      const { address } = await blobs.write([randomBytes(100_000)], most)
      const object = lent.objects.get(`truc/${address}`)
      if (object === undefined) throw new Error('no object')
      const { bytes } = object
      object.bytes = bytes.subarray(0, -10)
      expect(await codeOf(blobs.read(address))).to.equal('undecryptable')
      object.bytes = Buffer.from(bytes).fill(0, bytes.byteLength - 5)
      expect(await codeOf(blobs.read(address))).to.equal('undecryptable')
    }))

  it('lie where BLOB_URL says', () => {
    expect(readBucketUrl('s3://tep/truc/?endpoint=https://s3.example.vn&region=vn-1')).to.deep.equal({
      ...{ endpoint: 'https://s3.example.vn', bucket: 'tep', prefix: 'truc/', region: 'vn-1' },
    })
    for (const text of ['', 's3://tep', 'https://s3.example.vn/tep', 's3://tep?endpoint=ftp://x'])
      expect(readBucketUrl(text), text).to.equal(null)
  })
})
