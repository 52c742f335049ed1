import { expect } from 'chai'
import { createParty, registryOf } from '../../support/parties.ts'
import { createPerson, withPeople } from '../../support/asking.ts'

const province = createParty({ code: 'H49' })
const core = createParty({ code: 'G22' })
const newcomer = createParty({ code: 'H50', parent: 'H49' })
const parties = [province, core]
const registry = { aliases: { 'portal-core': ['G22'] } }
const admin = createPerson('Trần Thị Thử', 'admin')
const path = '/admin/v1/agencies/import'

const file = registryOf([province, newcomer], { ...registry, grants: { H50: ['status.updated'] } }).registry
const differences = [
  { part: 'agencies', name: 'H50', kind: 'created' },
  { part: 'certificates', name: 'H50', kind: 'created' },
  { part: 'grants', name: 'H50', kind: 'created' },
]

describe('POST /admin/v1/agencies/import', () => {
  it('tells what a file would change, changes it in one version, and then has nothing to change', () =>
    withPeople(parties, { people: [admin], registry }, async (ask, { store }) => {
      const before = await store.registryVersion()
      const body = { registry: file, reason: 'sáp nhập' }
      const dry = await ask(admin, 'POST', `${path}?dryRun=true`, { body })
      expect(dry.json, dry.text).to.deep.equal({ dryRun: true, differences })
      expect(await store.registryVersion()).to.equal(before)
      expect((await ask(admin, 'POST', path, { body })).json).to.deep.equal({ dryRun: false, differences })
      expect(await store.registryVersion()).to.equal(before + 1)
      expect((await ask(admin, 'POST', path, { body })).json).to.deep.equal({
        dryRun: false,
        differences: [],
      })
      const made = (await ask(admin, 'GET', '/admin/v1/agencies/H50')).json['agency']
      expect(made, 'a new body begins under test').to.include({ status: 'testing', parent: 'H49' })
      const audit = await store.listAudit({ limit: 9 })
      expect(audit.map(({ object, reason }) => [object, reason])).to.deep.include([
        'agencies/H50',
        'sáp nhập',
      ])
      expect(audit).to.have.lengthOf(3)
    }))

  it('removes only when it is told to, and never what others still name', () =>
    withPeople(parties, { people: [admin], registry }, async (ask, { store }) => {
      const kept = registryOf([province], registry).registry
      const pruned = await ask(admin, 'POST', `${path}?prune=true`, {
        body: { registry: kept, reason: 'dọn' },
      })
      expect(pruned.json, 'portal-core names G22').to.include({
        code: 'conflict',
        field: 'agencies.G22',
      })
      const free = { ...kept, aliases: {} }
      const done = await ask(admin, 'POST', `${path}?prune=true`, { body: { registry: free, reason: 'dọn' } })
      expect(done.status, done.text).to.equal(200)
      expect((await store.loadRegistry()).agencies.map(({ code }) => code)).to.deep.equal(['H49'])
    }))

  it('takes all of a file or nothing, and names the entry at fault', () =>
    withPeople(parties, { people: [admin], registry }, async (ask, { store }) => {
      const before = await store.registryVersion()
      const refused = async (change: object) => {
        const answer = await ask(admin, 'POST', path, {
          body: { registry: { ...file, ...change }, reason: 'thử' },
        })
        expect(answer.status).to.equal(400)
        return answer.json['field']
      }
      const [own, fresh] = file.agencies
      expect(await refused({ agencies: [{ ...own, parent: 'H50' }, fresh] }), 'a ring').to.equal(
        'agencies.H49.parent',
      )
      expect(await refused({ agencies: [own, { ...fresh, options: { format: 'x' } }] })).to.equal(
        'agencies.H50.options.format',
      )
      expect(await refused({ grants: { H50: ['dossier.eaten'] } })).to.equal('grants.H50.values[0]')
      const [row] = file.certificates.filter(({ agency }) => agency === 'H50')
      const lies = [{ ...row, fingerprint: 'ab'.repeat(32) }]
      expect(await refused({ certificates: lies })).to.equal('certificates.H50.fingerprint')
      expect(await store.registryVersion()).to.equal(before)
    }))
})
