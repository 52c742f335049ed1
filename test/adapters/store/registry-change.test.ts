import { expect } from 'chai'
import fc from 'fast-check'
import { v7 } from 'uuid'
import type { Agency, Registry, RegistryPatch } from '../../../schemas/agency.ts'
import { auditEntry } from '../../../schemas/audit.ts'
import { patchRegistry } from '../../../schemas/registry-patch.ts'
import { forEachEngine, withStore } from '../../support/database.ts'

const caller = {
  credentialId: 'c1',
  person: 'Trần Thị Thử',
  agency: null,
  roles: ['admin' as const],
  method: 'key' as const,
}
const entry = (act: string) => auditEntry(caller, { act, object: 'H49' }, { id: v7(), at: 1 })

const body = (code: string, row: Partial<Agency> = {}): Agency => ({
  ...{ code, name: code, partyClass: 'state', status: 'live', dialect: 'mailbox', options: {} },
  ...row,
})

const certificate = (agency: string, byte: string) => ({
  ...{ agency, fingerprint: byte.repeat(32), use: 'sign' as const, pem: `PEM ${byte}` },
})

const start: Omit<Registry, 'version'> = {
  agencies: [body('G22'), body('H49')],
  aliases: { 'portal-core': ['G22'] },
  certificates: [certificate('G22', 'aa'), certificate('H49', 'bb')],
  trustRoots: [{ partyClass: 'state', pem: 'PEM 1' }],
  grants: { H49: ['dossier.submitted'] },
  subscriptions: { 'catalog.changed': ['H49'] },
}

const change: RegistryPatch = {
  agencies: {
    H49: body('H49', { name: 'Tỉnh Thử', testRecipient: true, liveSince: 7, fileHosts: ['tep.vn'] }),
    H50: body('H50'),
  },
  aliases: { 'portal-core': ['G22', 'H50'], nobody: [] },
  certificates: { H49: [certificate('H49', 'cc'), certificate('H49', 'dd')] },
  trustRoots: [{ partyClass: 'company', pem: 'PEM 2' }],
  grants: { H49: null, H50: ['status.updated'] },
  subscriptions: { 'catalog.changed': [] },
}

/** The order of rows is the store's own matter. */
const sorted = (registry: Registry): unknown => ({
  ...registry,
  agencies: [...registry.agencies].sort((a, b) => (a.code < b.code ? -1 : 1)),
  certificates: [...registry.certificates].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
})

forEachEngine('a change of the registry', (engine) => {
  it('is written with its audit, and comes back as the change alone', () =>
    withStore(engine, async ({ store }) => {
      await store.importRegistry(start, [])
      const audit = [entry('agency.update')]
      expect(await store.changeRegistry({ version: 1, patch: change, audit })).to.equal(true)
      const expected = patchRegistry({ version: 1, ...start }, change, 2)
      expect(sorted(await store.loadRegistry())).to.deep.equal(sorted(expected))
      expect(await store.registryChanges(1)).to.deep.equal({ version: 2, patch: change })
      expect(await store.listAudit({ limit: 5 })).to.deep.equal(audit)
    }))

  it('is refused whole where the registry has moved on', () =>
    withStore(engine, async ({ store }) => {
      await store.importRegistry(start, [])
      const stale = { version: 0, patch: change, audit: [entry('agency.update')] }
      expect(await store.changeRegistry(stale)).to.equal(false)
      expect(await store.loadRegistry()).to.deep.equal({ version: 1, ...start })
      expect(await store.listAudit({ limit: 5 })).to.deep.equal([])
    }))

  it('is taken from one of several that decided on the same version', () =>
    withStore(engine, async ({ store, connect }) => {
      const other = await connect('w2')
      const taken = await Promise.all(
        [store, other, store, other].map((each, n) =>
          each.changeRegistry({ version: 0, patch: { aliases: { [`a${n}`]: [] } }, audit: [] }),
        ),
      )
      expect(taken.filter(Boolean)).to.have.lengthOf(1)
      expect(await store.registryVersion()).to.equal(1)
      expect(Object.keys((await store.loadRegistry()).aliases)).to.deep.equal([`a${taken.indexOf(true)}`])
    }))

  it('adds up over several versions, removals too', () =>
    withStore(engine, async ({ store }) => {
      await store.importRegistry(start, [])
      await store.changeRegistry({ version: 1, patch: { agencies: { H50: body('H50') } }, audit: [] })
      await store.changeRegistry({ version: 2, patch: { agencies: { H50: null, H49: null } }, audit: [] })
      await store.changeRegistry({ version: 3, patch: { aliases: { 'portal-core': null } }, audit: [] })
      expect(await store.registryChanges(1)).to.deep.equal({
        version: 4,
        patch: { agencies: { H49: null, H50: null }, aliases: { 'portal-core': null } },
      })
    }))

  it('asks for the whole registry after what replaced all of it', () =>
    withStore(engine, async ({ store }) => {
      await store.importRegistry(start, [])
      await store.changeRegistry({ version: 1, patch: change, audit: [] })
      await store.importRegistry(start, [])
      expect(await store.registryChanges(1)).to.equal(null)
      expect(await store.registryChanges(3)).to.deep.equal({ version: 3, patch: {} })
    }))
})

describe('the registry after a change', () => {
  const codes = fc.constantFrom('A01', 'A02', 'A03', 'A04')
  const lists = fc.dictionary(codes, fc.array(codes, { maxLength: 3 }))
  const patches = fc.record({
    agencies: fc
      .dictionary(codes, fc.boolean())
      .map((picked) =>
        Object.fromEntries(Object.entries(picked).map(([code, there]) => [code, there ? body(code) : null])),
      ),
    grants: fc.dictionary(codes, fc.option(fc.array(codes, { maxLength: 3 }))),
  })

  it('has what the change names, and otherwise what was there', () => {
    fc.assert(
      fc.property(patches, lists, (patch, grants) => {
        const before: Registry = { version: 1, ...start, agencies: [body('A01'), body('A02')], grants }
        const after = patchRegistry(before, patch, 2)
        const known = new Map(after.agencies.map((agency) => [agency.code, agency]))
        expect(known.size, 'no code twice').to.equal(after.agencies.length)
        for (const [code, agency] of Object.entries(patch.agencies))
          expect(known.get(code) ?? null).to.deep.equal(agency)
        for (const { code } of before.agencies)
          if (!(code in patch.agencies)) expect(known.has(code)).to.equal(true)
        for (const code of ['A01', 'A02', 'A03', 'A04'])
          expect(after.grants[code] ?? null).to.deep.equal(
            (code in patch.grants ? patch.grants[code] : grants[code]) ?? null,
          )
        expect(patchRegistry(after, patch, 3), 'twice is once').to.deep.equal({ ...after, version: 3 })
      }),
    )
  })
})
