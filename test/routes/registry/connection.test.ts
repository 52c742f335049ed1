import { expect } from 'chai'
import { createPerson, withPeople } from '../../support/asking.ts'
import { createParty } from '../../support/parties.ts'

const puller = createParty({ code: 'H49' })
const options = { url: 'http://127.0.0.1:9/in' }
const shut = createParty({ code: 'H50', dialect: 'axis-xml', options, networks: ['127.0.0.0/8'] })
const inside = createParty({ code: 'H51', dialect: 'axis-xml', options, networks: [] })
const own = createPerson('Lê Văn Mẫu', 'agency-admin', 'H49')
const operator = createPerson('Phạm Văn Trực', 'operator')

describe('POST /admin/v1/agencies/{code}/test', () => {
  it('says what is wrong with the way to a body, and what to do, and is audited', () =>
    withPeople([puller, shut, inside], { people: [own, operator] }, async (ask, { store }) => {
      const test = (person: typeof own, code: string) =>
        ask(person, 'POST', `/admin/v1/agencies/${code}/test`)
      expect((await test(own, 'H49')).json).to.include({ ok: true, status: null })
      expect((await test(own, 'H50')).status, 'another body').to.equal(404)
      const refused = await test(operator, 'H50')
      expect(refused.json, refused.text).to.include({ ok: false, code: 'econnrefused' })
      expect(refused.text).to.contain('Nothing listens there')
      expect((await test(operator, 'H51')).json).to.include({ ok: false, code: 'address_refused' })
      expect(await store.listAudit({ act: 'agency.test', limit: 9 })).to.have.lengthOf(3)
    }))
})
