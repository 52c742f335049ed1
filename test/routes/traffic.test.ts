import { expect } from 'chai'
import { eventually, withGateway, type CallAnswer, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, operatorKey, type Party } from '../support/parties.ts'
import { samplePayload } from '../support/payloads.ts'
import { admit, createPerson } from '../support/people.ts'

const province = createParty({ code: 'H49' })
const department = createParty({ code: 'H49.05', parent: 'H49' })
const core = createParty({ code: 'G22' })
const parties = [province, department, core]
const registry = { aliases: { 'portal-core': ['G22'] } }
const people = {
  admin: createPerson('admin'),
  auditor: createPerson('auditor'),
  provinceAdmin: createPerson('agency-admin', 'H49'),
}

const withPeople = (use: (lent: LentGateway) => Promise<void>): Promise<void> =>
  withGateway(parties, { registry }, async (lent) => {
    await admit(lent, parties, Object.values(people), registry)
    await use(lent)
  })

/** `POST H49/pause` of the administration. */
function ask({ call }: LentGateway, apiKey: string, what: string, body?: object): Promise<CallAnswer> {
  const [method = '', path = ''] = what.split(' ')
  const sent = body === undefined ? undefined : { type: 'application/json', bytes: JSON.stringify(body) }
  return call(apiKey, method, `/admin/v1/agencies/${path}`, sent)
}

async function submit({ call }: LentGateway, party: Party, n: number): Promise<CallAnswer> {
  const bytes = await envelopeOf(party, 'status.updated', samplePayload('status.updated', n), {
    recipients: [party === core ? 'H49' : 'G22'],
  })
  return call(party.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
}

const pull = ({ call }: LentGateway, party: Party) => call(party.apiKey, 'GET', '/v1/mailbox?max=5')

describe('pause and resume of a body', () => {
  it('lend nothing to a body that pulls, say so, keep what comes, and are audited', () =>
    withPeople(async (lent) => {
      const paused = await ask(lent, operatorKey, 'POST G22/pause', { reason: 'bảo trì đêm' })
      expect(paused.status, paused.text).to.equal(200)
      expect(paused.json).to.deep.include({ paused: true, pauseReason: 'bảo trì đêm' })
      expect((await submit(lent, province, 1)).status).to.equal(202)
      expect((await pull(lent, core)).json).to.deep.equal({
        deliveries: [],
        held: { by: 'pause', reason: 'bảo trì đêm', until: null },
      })
      const resumed = await ask(lent, people.admin.apiKey, 'POST G22/resume', { reason: 'xong' })
      expect(resumed.json).to.deep.include({ paused: false, pauseReason: null, waiting: { due: 1 } })
      const taken = (await pull(lent, core)).json as unknown as { deliveries: unknown[]; held: unknown }
      expect([taken.deliveries.length, taken.held]).to.deep.equal([1, null])
      const audited = await lent.store.listAudit({ object: 'G22', limit: 9 })
      expect(audited.map(({ act, person, reason }) => [act, person, reason])).to.deep.equal([
        ['agency.resume', 'Người thử admin', 'xong'],
        ['agency.pause', null, 'bảo trì đêm'],
      ])
      expect(audited[0]?.before).to.deep.include({ paused: true })
      expect(audited[0]?.after).to.deep.include({ paused: false })
    }))

  it('ask for a reason and a known body', () =>
    withPeople(async (lent) => {
      expect((await ask(lent, operatorKey, 'POST G22/pause', { reason: ' ' })).status).to.equal(400)
      expect((await ask(lent, operatorKey, 'POST G22/pause', {})).status).to.equal(400)
      expect((await ask(lent, operatorKey, 'POST G99/pause', { reason: 'x' })).status).to.equal(404)
    }))

  it('are for operators; a body and its administrator may not', () =>
    withPeople(async (lent) => {
      for (const key of [province.apiKey, people.provinceAdmin.apiKey, people.auditor.apiKey])
        for (const verb of ['pause', 'resume', 'drain'])
          expect((await ask(lent, key, `POST H49/${verb}`, { reason: 'x' })).status, verb).to.equal(403)
    }))
})

describe('the drain of a body', () => {
  it('refuses what it sends for now, delivers what was accepted and what is for it', () =>
    withPeople(async (lent) => {
      expect((await submit(lent, province, 1)).status).to.equal(202)
      const drained = await ask(lent, operatorKey, 'POST H49/drain', { reason: 'chuyển trung tâm' })
      expect(drained.json).to.deep.include({ outgoing: 1, drainReason: 'chuyển trung tâm' })
      const refused = await submit(lent, province, 2)
      expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '60'])
      expect(refused.json).to.deep.include({
        code: 'body_draining',
        reason: 'chuyển trung tâm',
        retryable: true,
      })
      expect((await submit(lent, core, 3)).status).to.equal(202)
      expect((await pull(lent, province)).json['deliveries']).to.have.lengthOf(1)
      const { deliveries } = (await pull(lent, core)).json as unknown as {
        deliveries: { deliveryId: string }[]
      }
      await lent.call(core.apiKey, 'POST', `/v1/mailbox/${deliveries[0]!.deliveryId}/ack`, {
        type: 'application/json',
        bytes: '{"outcome":"processed"}',
      })
      expect((await ask(lent, operatorKey, 'GET H49/traffic')).json).to.deep.include({ outgoing: 0 })
      await ask(lent, operatorKey, 'POST H49/resume', { reason: 'xong' })
      expect((await submit(lent, province, 2)).status).to.equal(202)
    }))
})

describe('the traffic of a body', () => {
  it('is shown to the gateway’s people, and to the administrator of the body or of one above', () =>
    withPeople(async (lent) => {
      const status = async (key: string, code: string) => (await ask(lent, key, `GET ${code}/traffic`)).status
      for (const key of [operatorKey, people.admin.apiKey, people.auditor.apiKey])
        expect(await status(key, 'G22')).to.equal(200)
      const { apiKey } = people.provinceAdmin
      expect([await status(apiKey, 'H49'), await status(apiKey, 'H49.05')]).to.deep.equal([200, 200])
      expect([await status(apiKey, 'G22'), await status(apiKey, 'G99')]).to.deep.equal([404, 404])
      expect(await status(province.apiKey, 'H49')).to.equal(403)
    }))

  it('shows the last success', () =>
    withPeople(async (lent) => {
      await submit(lent, province, 1)
      const { deliveries } = (await pull(lent, core)).json as unknown as {
        deliveries: { deliveryId: string }[]
      }
      expect((await ask(lent, operatorKey, 'GET G22/traffic')).json).to.deep.include({
        inFlight: 1,
        waiting: { sending: 1 },
        lastSuccessAt: null,
      })
      await lent.call(core.apiKey, 'POST', `/v1/mailbox/${deliveries[0]!.deliveryId}/ack`, {
        type: 'application/json',
        bytes: '{"outcome":"processed"}',
      })
      const { lastSuccessAt, waiting } = (await ask(lent, operatorKey, 'GET G22/traffic'))
        .json as unknown as {
        lastSuccessAt: number
        waiting: object
      }
      expect(lastSuccessAt).to.be.a('number')
      expect(waiting).to.deep.equal({})
    }))
})

describe('the pace of a body', () => {
  const metered = { perSecond: 5, concurrency: 2, windows: [], bulkShare: 10, bulkActions: [] }

  it('is set whole, shown, audited, and acts on what is pulled', () =>
    withPeople(async (lent) => {
      const set = await ask(lent, operatorKey, 'PUT G22/pace', {
        concurrency: 2,
        perSecond: 5,
        bulkShare: 10,
        reason: 'máy chủ yếu',
      })
      expect([set.status, set.json]).to.deep.equal([200, metered])
      expect((await ask(lent, people.auditor.apiKey, 'GET G22/pace')).json).to.deep.equal(metered)
      for (const n of [1, 2, 3]) await submit(lent, province, n)
      expect((await pull(lent, core)).json['deliveries']).to.have.lengthOf(2)
      expect((await pull(lent, core)).json['deliveries']).to.have.lengthOf(0)
      const [entry] = await lent.store.listAudit({ object: 'G22', limit: 1 })
      expect([entry?.act, entry?.reason]).to.deep.equal(['agency.pace', 'máy chủ yếu'])
    }))

  it('opens and shuts by the hours, on the machine’s own time', () =>
    withPeople(async (lent) => {
      const days = [1, 2, 3, 4, 5, 6, 7]
      const local = new Date(lent.clock.now() + 7 * 3_600_000)
      const hour = local.getUTCHours()
      const at = (h: number) => `${String(h).padStart(2, '0')}:00`
      const elsewhere = hour < 12 ? { days, from: at(18), to: at(19) } : { days, from: at(5), to: at(6) }
      await ask(lent, operatorKey, 'PUT G22/pace', { windows: [elsewhere], reason: 'theo giờ' })
      await submit(lent, province, 1)
      const { deliveries, held } = (await pull(lent, core)).json as unknown as {
        deliveries: unknown[]
        held: { by: string; until: number }
      }
      expect([deliveries.length, held.by]).to.deep.equal([0, 'hours'])
      lent.clock.pass(held.until - lent.clock.now() + 1)
      await eventually('a delivery within the hours', async () => {
        const { deliveries: lent_ } = (await pull(lent, core)).json as unknown as { deliveries: unknown[] }
        return lent_.length === 1
      })
    }))

  it('is refused where it makes no sense', () =>
    withPeople(async (lent) => {
      for (const wrong of [
        { perSecond: 0 },
        { concurrency: 1.5 },
        { bulkActions: ['no.action'] },
        { windows: [{ days: [1], from: '09:00', to: '08:00' }] },
        { faster: true },
      ])
        expect(
          (await ask(lent, operatorKey, 'PUT G22/pace', { ...wrong, reason: 'x' })).status,
          JSON.stringify(wrong),
        ).to.equal(400)
    }))
})
