import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { v7 } from 'uuid'
import { connectBlobFolder } from '../../../adapters/blobs/folder.ts'
import { connectStore } from '../../../adapters/store/connect.ts'
import type { StoredFile } from '../../../adapters/store/ports/files.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { forEachEngine, masterKeys, readPayload, withStore } from '../../support/database.ts'
import { withTempDir } from '../../support/processes.ts'
import { acceptanceOf, deliveryOf, leaseOf, t0 } from './builders.ts'

const hex = () => randomBytes(32).toString('hex')
const fileOf = (wish: Partial<StoredFile> = {}): StoredFile => ({
  ...{ id: v7(), owner: 'A01', digest: hex(), size: 300_000_000, address: hex() },
  ...{ mediaType: 'application/pdf', at: t0 },
  ...wish,
})

forEachEngine('files', (engine) => {
  it('belong to their owner, and to the parties of the messages that refer to them', () =>
    withStore(engine, async ({ store }) => {
      const file = fileOf()
      await store.insertFile(file)
      expect(await store.findFile(file.id)).to.deep.equal({ ...file, parties: ['A01'] })
      const sent = acceptanceOf({ sender: 'A01', recipients: ['B01', 'B02'], files: [file.id] })
      const passedOn = acceptanceOf({ sender: 'B01', recipients: ['C01'], files: [file.id] })
      await store.acceptMany([sent, passedOn])
      const found = await store.findFile(file.id)
      expect([...(found?.parties ?? [])].sort()).to.deep.equal(['A01', 'B01', 'B02', 'C01'])
      expect(await store.findFile(v7())).to.equal(null)
      expect(await store.findFile('none')).to.equal(null)
    }))

  it('are forgotten when no message refers to them, and a message cannot refer to one that is forgotten', () =>
    withStore(engine, async ({ store }) => {
      const [used, unused, young] = [fileOf(), fileOf(), fileOf({ at: t0 + 10 })]
      for (const file of [used, unused, young]) await store.insertFile(file)
      await store.acceptMany([acceptanceOf({ files: [used.id] })])
      expect(await store.dropUnusedFiles(t0 + 5, 100)).to.equal(1)
      expect(await store.findFile(unused.id)).to.equal(null)
      expect(await store.findFile(young.id)).to.deep.include(young)
      const late = acceptanceOf({ files: [unused.id] })
      const error: unknown = await store.acceptMany([late]).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(GatewayError).with.property('code', 'invalid_field')
      expect(await store.findMessage(late.message.id)).to.equal(null)
    }))

  it('name the blobs that are needed; the others are orphans', () =>
    withStore(engine, async ({ store }) => {
      const file = fileOf()
      await store.insertFile(file)
      const orphan = hex()
      expect(await store.unusedAddresses([file.address, orphan])).to.deep.equal([orphan])
    }))
})

forEachEngine('a large original', (engine) => {
  it('lies in the blob store and comes back with its claim; a small one stays in its row', () =>
    withStore(engine, ({ database: { knex }, url }) =>
      withTempDir(async (dir) => {
        const blobs = await connectBlobFolder(dir, masterKeys)
        const store = await connectStore({
          url,
          masterKeys,
          writer: 'blobs',
          readOriginal: readPayload,
          blobs,
        })
        try {
          const large = acceptanceOf({ payload: { GhiChu: 'x'.repeat(300_000) } })
          const small = acceptanceOf({ payload: { GhiChu: 'nhỏ' } })
          await store.acceptMany([large, small])
          const claimed = await store.claimMany([deliveryOf(large), deliveryOf(small)], leaseOf('w'))
          expect(claimed.map(({ message }) => message.payload)).to.deep.equal([
            large.message.payload,
            small.message.payload,
          ])
          expect(Buffer.from(claimed[0]?.original ?? []).equals(large.original)).to.equal(true)
          const sizes = (await knex('message_original').pluck('original')) as Uint8Array[]
          expect(sizes.map(({ byteLength }) => byteLength > 0).sort()).to.deep.equal([false, true])
          const addresses: string[] = []
          for await (const address of blobs.addresses(0)) addresses.push(address)
          expect(addresses).to.have.lengthOf(1)
          expect(await store.unusedAddresses(addresses)).to.deep.equal([])
        } finally {
          await store.close()
        }
      }),
    ))
})
