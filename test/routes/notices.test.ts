import { expect } from 'chai'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { readLetter, withMailServer } from '../support/mail.ts'
import { createParty, envelopeOf, type Party } from '../support/parties.ts'
import { admit, createPerson } from '../support/people.ts'
import { withSink } from '../support/sink.ts'

const portal = createParty({ code: 'G22' })
const notice = { TieuDe: 'Bảo trì "định kỳ"', NoiDung: 'Từ 22 giờ', TuThoiGian: '20261121220000' }
const registry = { aliases: { 'portal-core': ['G22'] } }

async function tell({ call }: LentGateway, to: Party): Promise<string> {
  const bytes = await envelopeOf(portal, 'notice.maintenance', notice, { recipients: [to.agency.code] })
  const sent = await call(portal.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
  expect(sent.status, sent.text).to.equal(202)
  return String(sent.json['id'])
}

/** State of the one delivery of a message, once it is no longer on its way. */
const settled = ({ call }: LentGateway, id: string) =>
  eventually('an end', async () => {
    const { json } = await call(portal.apiKey, 'GET', `/v1/messages/${id}`)
    const [delivery] = json['deliveries'] as unknown as readonly { state: string }[]
    return delivery !== undefined && !['due', 'sending'].includes(delivery.state) && delivery.state
  })

describe('notices over HTTP', () => {
  it('go to a body by mail', () =>
    withMailServer({}, async ({ port, letters }) => {
      const url = `smtp://127.0.0.1:${port}`
      const options = { url, from: 'truc@example.vn', to: ['truc-ban@example.vn'] }
      const province = createParty({ code: 'H49', dialect: 'email', options })
      await withGateway([portal, province], { registry }, async (lent) => {
        expect(await settled(lent, await tell(lent, province))).to.equal('delivered')
        const { headers, text } = readLetter(letters[0]!)
        expect(headers).to.deep.include(['subject', 'Bảo trì · Maintenance: Bảo trì "định kỳ"'])
        expect(text).to.contain('Từ: 22:00 21/11/2026')
      })
    }))

  it('go to a body by text message, with its secret', () =>
    withSink(async (sink) => {
      sink.answer(() => ({ status: 200, body: '{"CodeResult":"100"}' }))
      const options = {
        ...{ url: sink.url, to: ['0900000101'], diacritics: false },
        body: { kind: 'json', value: { ApiKey: '{secret}', Phone: '{to}', Content: '{text}' } },
        success: { path: 'CodeResult', values: ['100'] },
      }
      const province = createParty({ code: 'H49', dialect: 'sms', options })
      await withGateway([portal, province], { registry }, async (lent) => {
        const admin = createPerson('admin')
        await admit(lent, [portal, province], [admin], registry)
        const secret = { type: 'application/json', bytes: JSON.stringify({ value: 'khoa-thu-nghiem' }) }
        await lent.call(admin.apiKey, 'PUT', '/admin/v1/agencies/H49/secrets/sms', secret)
        await settled(lent, await tell(lent, province))
        expect(JSON.parse(sink.requests[0]?.body.toString() ?? '')).to.deep.equal({
          ...{ ApiKey: 'khoa-thu-nghiem', Phone: '84900000101' },
          Content: 'Bao tri 22:00 21/11/2026 - : Bao tri "dinh ky". Tu 22 gio',
        })
      })
    }))

  it('that a body cannot be told of wait for a person, with the reason', () =>
    withMailServer({}, async ({ port }) => {
      const options = { url: `smtp://127.0.0.1:${port}`, from: 'truc@example.vn', toNamed: true }
      const province = createParty({ code: 'H49', dialect: 'email', options })
      await withGateway([portal, province], { registry }, async (lent) => {
        const id = await tell(lent, province)
        expect(await settled(lent, id)).to.equal('parked')
        const { text } = await lent.call(portal.apiKey, 'GET', `/v1/messages/${id}`)
        expect(text).to.contain('unsupported').and.to.contain('nobody is named')
      })
    }))
})

describe('alerts of a running gateway', () => {
  it('are mailed to the technical contacts of the body', () =>
    withMailServer({}, async ({ port, letters }) => {
      const options = { url: 'https://127.0.0.1:1/in' }
      const province = createParty({ code: 'H49', dialect: 'rest-push', options })
      const env = { SMTP_URL: `smtp://127.0.0.1:${port}`, ALERT_FROM: 'truc@example.vn' }
      await withGateway([portal, province], { registry, env }, async (lent) => {
        const admin = createPerson('agency-admin', 'H49')
        await admit(lent, [portal, province], [admin], registry)
        const technical = [{ name: 'Người Mẫu', email: 'mau@example.vn' }]
        const bytes = JSON.stringify({ technical, business: [], reconciliation: [] })
        const put = await lent.call(admin.apiKey, 'PUT', '/admin/v1/agencies/H49/contacts', {
          ...{ type: 'application/json', bytes },
        })
        expect(put.status, put.text).to.equal(200)
        await tell(lent, province)
        await eventually('the mail', async () => letters.length > 0)
        expect(letters[0]?.to).to.deep.equal(['mau@example.vn'])
        expect(readLetter(letters[0]!).text).to.contain('no_secret')
      })
    }))
})
