import { expect } from 'chai'
import { connectRegistryWatch } from '../../../workers/registry-watch.ts'
import { eventually } from '../../support/gateway.ts'
import { createParty, envelopeOf } from '../../support/parties.ts'
import { samplePayload } from '../../support/payloads.ts'
import { createPerson, withPeople, type AskAs } from '../../support/asking.ts'

const province = createParty({ code: 'H49' })
const department = createParty({ code: 'H49.05', parent: 'H49' })
const core = createParty({ code: 'G22' })
const parties = [province, department, core]
const registry = { aliases: { 'portal-core': ['G22'] } }

const admin = createPerson('Trần Thị Thử', 'admin')
const operator = createPerson('Phạm Văn Trực', 'operator')
const auditor = createPerson('Vũ Thị Kiểm', 'auditor')
const own = createPerson('Lê Văn Mẫu', 'agency-admin', 'H49')
const people = [admin, operator, auditor, own]

const draft = { name: 'Tỉnh Thử', partyClass: 'state', dialect: 'mailbox', options: { format: 'sealed' } }
const path = '/admin/v1/agencies/H50'

async function tagOf(ask: AskAs, code: string): Promise<string> {
  return (await ask(admin, 'GET', `/admin/v1/agencies/${code}`)).headers.get('etag') ?? ''
}

describe('PUT /admin/v1/agencies/{code}', () => {
  it('creates a body under test, replaces it by its ETag, and keeps an audit of both', () =>
    withPeople(parties, { people, registry }, async (ask) => {
      const made = await ask(admin, 'PUT', path, { body: draft })
      expect(made.status, made.text).to.equal(200)
      expect(made.json).to.deep.include({
        created: true,
        agency: { ...draft, code: 'H50', status: 'testing' },
      })
      const etag = made.headers.get('etag') ?? ''
      const changed = await ask(admin, 'PUT', path, {
        body: { ...draft, name: 'Tỉnh Mới', parent: 'H49' },
        headers: { 'if-match': etag },
      })
      expect(changed.status, changed.text).to.equal(200)
      expect(changed.headers.get('etag')).not.to.equal(etag)
      const audit = await ask(auditor, 'GET', '/admin/v1/audit?object=H50')
      const acts = (audit.json['items'] as { act: string; person: string; before: unknown }[]).map(
        ({ act, person, before }) => [act, person, before === null],
      )
      expect(acts).to.deep.equal([
        ['agency.update', 'Trần Thị Thử', false],
        ['agency.create', 'Trần Thị Thử', true],
      ])
    }))

  it('lets two administrators not overwrite each other', () =>
    withPeople(parties, { people, registry }, async (ask) => {
      const headers = { 'if-match': await tagOf(ask, 'H49') }
      const answers = await Promise.all(
        ['một', 'hai', 'ba'].map((name) =>
          ask(admin, 'PUT', '/admin/v1/agencies/H49', { body: { ...draft, name }, headers }),
        ),
      )
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 412, 412])
      const blind = await ask(admin, 'PUT', '/admin/v1/agencies/H49', { body: draft })
      expect(blind.status).to.equal(428)
      expect(blind.json).to.include({ code: 'version_required', field: 'If-Match' })
      const again = { 'if-none-match': '*' }
      expect(
        (await ask(admin, 'PUT', '/admin/v1/agencies/H49', { body: draft, headers: again })).status,
      ).to.equal(412)
      expect((await ask(admin, 'PUT', path, { body: draft, headers })).status, 'no such body').to.equal(412)
    }))

  it('refuses by the field what the body could not work with', () =>
    withPeople(parties, { people, registry }, async (ask) => {
      const refused = async (change: object) => {
        const { status, json } = await ask(admin, 'PUT', path, { body: { ...draft, ...change } })
        expect(status).to.equal(400)
        return json['field']
      }
      expect(await refused({ dialect: 'fax' })).to.equal('dialect')
      expect(await refused({ options: { format: 'pdf' } })).to.equal('options.format')
      expect(await refused({ dialect: 'axis-xml', options: {} })).to.equal('options.url')
      expect(await refused({ parent: 'H99' })).to.equal('parent')
      expect(await refused({ parent: 'H50' }), 'a ring of one').to.equal('parent')
      expect(await refused({ successor: 'H49' }), 'from when on').to.equal('retiredAt')
      expect(await refused({ name: '' })).to.equal('name')
      const ring = await ask(admin, 'PUT', '/admin/v1/agencies/H49', {
        body: { ...draft, parent: 'H49.05' },
        headers: { 'if-match': await tagOf(ask, 'H49') },
      })
      expect(ring.json).to.deep.include({ code: 'invalid_field', field: 'parent' })
      expect(ring.json['reason']).to.contain('H49 → H49.05 → H49')
    }))

  it('keeps the party class as long as certificates came under it', () =>
    withPeople(parties, { people, registry }, async (ask) => {
      const answer = await ask(admin, 'PUT', '/admin/v1/agencies/H49', {
        body: { ...draft, partyClass: 'company' },
        headers: { 'if-match': await tagOf(ask, 'H49') },
      })
      expect(answer.status).to.equal(409)
      expect(answer.json).to.include({ code: 'conflict', field: 'partyClass' })
    }))
})

describe('administration of bodies', () => {
  it("shows a body's administrator its own and those below, and nothing of others", () =>
    withPeople(parties, { people, registry }, async (ask) => {
      const codes = async (person: typeof own, query = '') =>
        (
          (await ask(person, 'GET', `/admin/v1/agencies${query}`)).json['items'] as {
            agency: { code: string }
          }[]
        ).map(({ agency }) => agency.code)
      expect(await codes(own)).to.deep.equal(['H49', 'H49.05'])
      expect(await codes(auditor)).to.deep.equal(['G22', 'H49', 'H49.05'])
      expect(await codes(auditor, '?parent=H49')).to.deep.equal(['H49.05'])
      expect(await codes(auditor, '?max=1&after=G22')).to.deep.equal(['H49'])
      expect((await ask(own, 'GET', '/admin/v1/agencies/G22')).status).to.equal(404)
      expect((await ask(own, 'GET', '/admin/v1/agencies/H49/grants')).status).to.equal(200)
      expect((await ask(own, 'GET', '/admin/v1/audit?body=G22')).status).to.equal(404)
      for (const [method, at, body] of [
        ['PUT', '/admin/v1/agencies/H49', draft],
        ['POST', '/admin/v1/agencies/H49/state', { status: 'suspended', reason: 'thử' }],
        ['PUT', '/admin/v1/agencies/H49/grants', { values: [] }],
        ['PUT', '/admin/v1/aliases/portal-core', { values: ['H49'] }],
      ] as const)
        expect((await ask(own, method, at, { body })).status, at).to.equal(403)
    }))

  it('keeps contacts encrypted and audits a look from outside, without names', () =>
    withPeople(parties, { people, registry }, async (ask) => {
      const at = '/admin/v1/agencies/H49/contacts'
      const contacts = {
        technical: [{ name: 'Người Mẫu', phone: '0900 000 002' }],
        business: [],
        reconciliation: [],
      }
      expect((await ask(own, 'PUT', at, { body: contacts })).status).to.equal(200)
      expect((await ask(own, 'GET', at)).json).to.deep.equal(contacts)
      expect((await ask(operator, 'GET', at)).json).to.deep.equal(contacts)
      expect((await ask(own, 'PUT', '/admin/v1/agencies/G22/contacts', { body: contacts })).status).to.equal(
        404,
      )
      const audit = await ask(auditor, 'GET', '/admin/v1/audit?body=H49')
      const items = audit.json['items'] as { act: string; person: string }[]
      expect(items.map(({ act, person }) => [act, person])).to.deep.equal([
        ['contact.read', 'Phạm Văn Trực'],
        ['contact.update', 'Lê Văn Mẫu'],
      ])
      expect(audit.text).not.to.match(/Người Mẫu|0900/)
      const bad = await ask(own, 'PUT', at, { body: { technical: [{ name: 'A', email: 'no' }] } })
      expect(bad.json).to.include({ code: 'invalid_field', field: 'technical.0.email' })
    }))

  it('acts at once: a grant that is taken away stops the next message, here and in another process', () =>
    withPeople(parties, { people, registry }, async (ask, lent) => {
      const other = await connectRegistryWatch({ store: lent.store })
      const send = async () => {
        const bytes = await envelopeOf(province, 'dossier.submitted', samplePayload('dossier.submitted', 1))
        return (await lent.call(province.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes }))
          .status
      }
      expect(await send()).to.equal(202)
      const answer = await ask(admin, 'PUT', '/admin/v1/agencies/H49/grants', {
        body: { values: ['status.updated'] },
      })
      expect(answer.json).to.deep.equal({ values: ['status.updated'] })
      expect(await send()).to.equal(403)
      expect(other.current().isGranted('H49', 'dossier.submitted'), 'before it looks').to.equal(true)
      expect(await other.refresh()).to.equal(true)
      expect(other.current().isGranted('H49', 'dossier.submitted')).to.equal(false)
      await ask(admin, 'PUT', '/admin/v1/agencies/H49/grants', { body: { values: ['dossier.submitted'] } })
      expect(await eventually('a grant', async () => (await send()) === 202)).to.equal(true)
      const wrong = await ask(admin, 'PUT', '/admin/v1/agencies/H49/grants', {
        body: { values: ['dossier.eaten'] },
      })
      expect(wrong.json).to.include({ code: 'invalid_field', field: 'values[0]' })
    }))

  it('sets aliases and subscriptions to bodies that are known', () =>
    withPeople(parties, { people, registry }, async (ask) => {
      const alias = '/admin/v1/aliases/portal-core'
      expect((await ask(admin, 'PUT', alias, { body: { values: ['G22', 'H49'] } })).status).to.equal(200)
      expect((await ask(auditor, 'GET', alias)).json).to.deep.equal({ values: ['G22', 'H49'] })
      expect((await ask(admin, 'PUT', alias, { body: { values: ['H99'] } })).status).to.equal(400)
      expect((await ask(auditor, 'GET', '/admin/v1/aliases/nobody')).status).to.equal(404)
      const topic = '/admin/v1/subscriptions/catalog:THU_TUC'
      expect((await ask(admin, 'PUT', topic, { body: { values: ['H49'] } })).status).to.equal(200)
      expect(
        (await ask(admin, 'PUT', '/admin/v1/subscriptions/anything', { body: { values: [] } })).status,
      ).to.equal(400)
    }))
})
