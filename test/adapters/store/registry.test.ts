import { expect } from 'chai'
import type { Registry } from '../../../schemas/agency.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import { digestOf } from './builders.ts'

const parties: Omit<Registry, 'version'> = {
  agencies: [
    {
      code: 'A01',
      name: 'Bộ Thí điểm',
      partyClass: 'state',
      status: 'live',
      dialect: 'mailbox',
      options: {},
    },
    {
      code: 'B01',
      name: 'Ngân hàng thử',
      partyClass: 'company',
      status: 'testing',
      parent: 'A01',
      successor: 'A01',
      retiredAt: 5,
      dialect: 'axis-xml',
      options: { url: 'https://b01.test', deep: { n: [1, true, null] } },
    },
  ],
  aliases: { 'portal-core': ['B01', 'A01'], nobody: [] },
  certificates: [{ agency: 'A01', fingerprint: 'ab'.repeat(32), use: 'sign', pem: 'PEM A' }],
  trustRoots: [
    { partyClass: 'state', pem: 'PEM 1' },
    { partyClass: 'company', pem: 'PEM 2' },
  ],
  grants: { A01: ['dossier.sync', 'dossier.progress'], B01: [] },
  subscriptions: { 'catalog.unit': ['B01'] },
}

const credential = {
  id: 'c1',
  person: null,
  agency: 'A01',
  roles: ['agency' as const],
  validFrom: 1,
  validTo: 9,
}
const operator = {
  person: 'Trần Thị Thử',
  id: 'c2',
  agency: null,
  roles: ['operator' as const],
  validFrom: 1,
  validTo: 9,
}

forEachEngine('registry', (engine) => {
  it('is empty at first', () =>
    withStore(engine, async ({ store }) => {
      expect(await store.registryVersion()).to.equal(0)
      expect((await store.loadRegistry()).agencies).to.deep.equal([])
    }))

  it('comes back as it was imported, with a version that grows', () =>
    withStore(engine, async ({ store }) => {
      await store.importRegistry(parties, [])
      expect(await store.loadRegistry()).to.deep.equal({ version: 1, ...parties })
      await store.importRegistry({ ...parties, agencies: [], aliases: {} }, [])
      expect(await store.loadRegistry()).to.deep.equal({ version: 2, ...parties, agencies: [], aliases: {} })
      expect(await store.registryVersion()).to.equal(2)
    }))

  it('finds a credential by the hash of its secret, until it is replaced', () =>
    withStore(engine, async ({ store }) => {
      const find = (secret: string) => store.findByProof(digestOf(secret), 5)
      await store.importRegistry(parties, [
        { ...credential, secretHash: digestOf('secret') },
        { ...operator, secretHash: digestOf('other') },
      ])
      expect(await find('secret')).to.deep.include({ ...credential, kind: 'key', lastUsedAt: null })
      expect(await find('other')).to.deep.include(operator)
      expect(await find('wrong')).to.equal(null)
      await store.importRegistry(parties, [])
      expect(await find('secret')).to.equal(null)
    }))

  it('takes imports of several processes one after the other', () =>
    withStore(engine, async ({ store, connect }) => {
      const other = await connect('w2')
      await store.importRegistry(parties, [])
      await Promise.all([store, other, other, store].map((each) => each.importRegistry(parties, [])))
      expect(await store.loadRegistry()).to.deep.equal({ version: 5, ...parties })
    }))
})
