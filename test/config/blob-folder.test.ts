import { createSecretKey } from 'node:crypto'
import { expect } from 'chai'
import { blobDirOf, openBlobFolder } from '../../config/blob-folder.ts'
import { masterKeys } from '../support/database.ts'
import { withTempDir } from '../support/processes.ts'

const sqlite = 'sqlite:/data/gateway.db'
const others = { current: 'k1', keys: new Map([['k1', createSecretKey(Buffer.alloc(32, 9))]]) }

describe('the folder of large content', () => {
  it('lies beside a SQLite file, or where it is told', () => {
    expect(blobDirOf({ BLOB_DIR: undefined, DATABASE_URL: sqlite })).to.equal('/data/blobs')
    expect(blobDirOf({ BLOB_DIR: '/shared', DATABASE_URL: sqlite })).to.equal('/shared')
    expect(blobDirOf({ BLOB_DIR: undefined, DATABASE_URL: 'mysql://h/d' })).to.equal('var/data/blobs')
  })

  it('stops the start, by name, where it belongs to other master keys', () =>
    withTempDir(async (dir) => {
      const env = { BLOB_DIR: dir, DATABASE_URL: sqlite }
      await openBlobFolder(env, masterKeys)
      const error: unknown = await openBlobFolder(env, others).catch((thrown: unknown) => thrown)
      expect(error)
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.includes(`BLOB_DIR ${dir} cannot be used`)
    }))
})
