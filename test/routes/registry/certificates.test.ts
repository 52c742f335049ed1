import { expect } from 'chai'
import { createAuthority, issueCertificate } from '../../../signing/issue.ts'
import { createDecryptionKey, createParty, createSigningKey, trustRoots } from '../../support/parties.ts'
import { createPerson, withPeople } from '../../support/asking.ts'

const province = createParty({ code: 'H49' })
const bank = createParty({ code: 'NHTM01', partyClass: 'company' })
const parties = [province, bank]
const admin = createPerson('Trần Thị Thử', 'admin')
const own = createPerson('Lê Văn Mẫu', 'agency-admin', 'H49')
const people = [admin, own]
const at = '/admin/v1/agencies/H49/certificates'
const day = 86_400_000

/** From an authority that nobody trusts. */
function issuedElsewhere(): string {
  const now = Date.now() - day
  const { publicKey } = createSigningKey('H49', 'state').certificate
  const authority = createAuthority({ name: 'Another CA', organization: 'Sandbox', now, years: 5 })
  const names = { name: 'H49', organization: 'Sandbox' }
  return issueCertificate(authority, { ...names, publicKey, now, days: 365, use: 'sign' }).pem
}

describe('certificates of a body', () => {
  it('are added with the fingerprint computed here, listed with their validity, and taken away', () =>
    withPeople(parties, { people }, async (ask) => {
      const { certificate } = createSigningKey('Another name', 'state')
      const added = await ask(admin, 'POST', at, { body: { pem: certificate.pem, use: 'sign' } })
      expect(added.status, added.text).to.equal(201)
      expect(added.json).to.include({ fingerprint: certificate.fingerprint, fault: null })
      const list = async () =>
        (await ask(own, 'GET', at)).json['items'] as { fingerprint: string; daysLeft: number }[]
      expect(await list()).to.have.lengthOf(3)
      expect((await list())[0]?.daysLeft).to.be.within(363, 365)
      expect((await ask(admin, 'DELETE', `${at}/${certificate.fingerprint}`)).status).to.equal(204)
      expect((await ask(admin, 'DELETE', `${at}/${certificate.fingerprint}`)).status).to.equal(404)
      expect(await list()).to.have.lengthOf(2)
    }))

  it('are refused where they are not one certificate, of another class, for another use, or of another body', () =>
    withPeople(parties, { people }, async (ask) => {
      const refused = async (pem: string, use = 'sign') => {
        const { status, json } = await ask(admin, 'POST', at, { body: { pem, use } })
        return [status, json['code'], json['field']]
      }
      const fault = [400, 'invalid_field', 'pem']
      const { pem } = createSigningKey('H49', 'state').certificate
      expect(await refused('hello')).to.deep.equal(fault)
      expect(await refused(pem + pem), 'two').to.deep.equal(fault)
      expect(await refused(pem.replaceAll('CERTIFICATE', 'PRIVATE KEY'))).to.deep.equal(fault)
      expect(await refused(createSigningKey('X', 'company').certificate.pem), 'class').to.deep.equal(fault)
      expect(await refused(issuedElsewhere()), 'unknown authority').to.deep.equal(fault)
      expect(await refused(pem, 'encrypt'), 'use').to.deep.equal(fault)
      expect(await refused(createDecryptionKey('H49', 'state').certificate.pem), 'use').to.deep.equal(fault)
      const other = createParty({ code: 'H50' })
      await ask(admin, 'PUT', '/admin/v1/agencies/H50', {
        body: { name: 'H50', partyClass: 'state', dialect: 'mailbox', options: {} },
      })
      const body = { pem: other.signing.certificate.pem, use: 'sign' }
      expect((await ask(admin, 'POST', '/admin/v1/agencies/H50/certificates', { body })).status).to.equal(201)
      expect((await ask(admin, 'POST', at, { body })).status, 'another signs with it').to.equal(409)
    }))

  it("are renewed by the body's administrator under the same subject only, and never to none", () =>
    withPeople(parties, { people }, async (ask) => {
      const add = async (name: string) => {
        const { pem } = createSigningKey(name, 'state').certificate
        return (await ask(own, 'POST', at, { body: { pem, use: 'sign' } })).status
      }
      expect(await add('Somebody else')).to.equal(403)
      const old = province.signing.certificate.fingerprint
      expect((await ask(own, 'DELETE', `${at}/${old}`)).status, 'the last').to.equal(403)
      expect(await add('H49')).to.equal(201)
      expect((await ask(own, 'DELETE', `${at}/${old}`)).status).to.equal(204)
    }))

  it('warn in the list of bodies when they end soon', () =>
    withPeople(parties, { people }, async (ask, { clock }) => {
      const warnings = async () =>
        ((await ask(admin, 'GET', '/admin/v1/agencies/H49')).json['warnings'] as { daysLeft: number }[])
          .length
      expect(await warnings()).to.equal(0)
      for (let quarter = 1; quarter <= 4; quarter += 1) {
        clock.pass(85 * day) // a key that nobody uses for 183 days is locked
        await warnings()
      }
      expect(await warnings()).to.equal(2)
    }))
})

describe('trust roots', () => {
  const roots = '/admin/v1/trust-roots'
  const [root] = trustRoots('state')

  it('are authorities, and stay as long as certificates depend on them unless forced', () =>
    withPeople(parties, { people }, async (ask, lent) => {
      const leaf = { partyClass: 'state', pem: province.signing.certificate.pem, reason: 'thử' }
      expect((await ask(admin, 'POST', roots, { body: leaf })).json).to.include({
        code: 'invalid_field',
        field: 'pem',
      })
      const one = `${roots}/${root?.fingerprint ?? ''}`
      const kept = await ask(admin, 'DELETE', `${one}?reason=thu`)
      expect(kept.status, kept.text).to.equal(409)
      expect(kept.json['reason']).to.contain('H49')
      expect((await ask(admin, 'DELETE', `${one}?force=true`)).json).to.include({ field: 'reason' })
      expect((await ask(admin, 'DELETE', `${one}?reason=thu&force=true`)).json).to.deep.equal({ orphaned: 2 })
      const [row] = (await ask(admin, 'GET', at)).json['items'] as { fault: string }[]
      expect(row?.fault).to.contain('authority')
      expect((await lent.store.listAudit({ act: 'trust-root.remove', limit: 5 }))[0]).to.include({
        reason: 'thu',
      })
    }))

  it('are removed freely where another root of the same key still holds, and added again', () =>
    withPeople(parties, { people }, async (ask) => {
      const spare = createAuthority({
        name: 'Spare CA',
        organization: 'Sandbox',
        now: Date.now() - day,
        years: 5,
      })
      const { pem, fingerprint } = spare.certificate
      const body = { partyClass: 'state', pem, reason: 'dự phòng' }
      expect((await ask(admin, 'POST', roots, { body })).status).to.equal(201)
      expect((await ask(admin, 'GET', roots)).json['items']).to.have.lengthOf(3)
      expect((await ask(admin, 'DELETE', `${roots}/${fingerprint}?reason=thoi`)).json).to.deep.equal({
        orphaned: 0,
      })
    }))
})
