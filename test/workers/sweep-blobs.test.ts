import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { v7 } from 'uuid'
import { connectBlobFolder } from '../../adapters/blobs/folder.ts'
import { createSweepBlobs } from '../../workers/sweep-blobs.ts'
import { masterKeys, withStore } from '../support/database.ts'
import { withTempDir } from '../support/processes.ts'
import { acceptanceOf } from '../adapters/store/builders.ts'

const dayMs = 24 * 3_600_000
const now = Date.now()

describe('the sweep of blobs', () => {
  it('removes orphans and files that no message came for, once they are old, and nothing else', () =>
    withStore('sqlite', ({ store }) =>
      withTempDir(async (dir) => {
        const blobs = await connectBlobFolder(dir, masterKeys)
        const keep = async (name: string, uploadedAt: number | null) => {
          const { address, digest, size } = await blobs.write([Buffer.from(name)], 100)
          await utimes(
            join(dir, address.slice(0, 2), address),
            now / 1000 - 30 * 86_400,
            now / 1000 - 30 * 86_400,
          )
          const id = v7()
          const mediaType = 'application/pdf'
          if (uploadedAt !== null)
            await store.insertFile({ id, owner: 'A01', digest, size, address, mediaType, at: uploadedAt })
          return { id, address }
        }
        const used = await keep('used', now - 30 * dayMs)
        const waiting = await keep('waiting', now - 6 * dayMs)
        const forgotten = await keep('forgotten', now - 8 * dayMs)
        const orphan = await keep('orphan', null)
        const young = await blobs.write([Buffer.from('young')], 100)
        await store.acceptMany([acceptanceOf({ files: [used.id] })])
        await createSweepBlobs({ store, blobs, now: () => now })()
        const has = async ({ address }: { readonly address: string }) => blobs.has(address)
        expect({
          used: await has(used),
          waiting: await has(waiting),
          young: await has(young),
          forgotten: await has(forgotten),
          orphan: await has(orphan),
        }).to.deep.equal({ used: true, waiting: true, young: true, forgotten: false, orphan: false })
        expect(await store.findFile(forgotten.id)).to.equal(null)
        expect(await readdir(join(dir, 'incoming'))).to.deep.equal([])
      }),
    ))
})
