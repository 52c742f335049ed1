import { expect } from 'chai'
import type { Ending } from '../../adapters/store/store.ts'
import { verifyReceipt } from '../../signing/receipt.ts'
import { eventually, withGateway, type CallAnswer, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, operatorKey } from '../support/parties.ts'
import { samplePayload } from '../support/payloads.ts'
import { admit, createPerson } from '../support/people.ts'

const province = createParty({ code: 'H49' })
const core = createParty({ code: 'G22' })
const parties = [province, core]
const registry = { aliases: { 'portal-core': ['G22'] } }
const people = {
  auditor: createPerson('auditor'),
  coreAdmin: createPerson('agency-admin', 'G22'),
  provinceAdmin: createPerson('agency-admin', 'H49'),
}

const withPeople = (use: (lent: LentGateway) => Promise<void>): Promise<void> =>
  withGateway(parties, { registry }, async (lent) => {
    await admit(lent, parties, Object.values(people), registry)
    await use(lent)
  })

/** `POST deliveries/…` of the administration. */
function ask({ call }: LentGateway, apiKey: string, what: string, body?: object): Promise<CallAnswer> {
  const [method = '', path = ''] = what.split(' ')
  const sent = body === undefined ? undefined : { type: 'application/json', bytes: JSON.stringify(body) }
  return call(apiKey, method, `/admin/v1/${path}`, sent)
}

async function submit({ call }: LentGateway, n: number): Promise<string> {
  const bytes = await envelopeOf(province, 'status.updated', samplePayload('status.updated', n))
  const answer = await call(province.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
  expect(answer.status, answer.text).to.equal(202)
  return String(answer.json['id'])
}

/** Ends what is due as a worker might. Answers the ids of the deliveries. */
async function endAs({ store, clock }: LentGateway, state: Ending['state']): Promise<readonly string[]> {
  const lease = { owner: 'test', now: clock.now(), until: clock.now() + 9_000 }
  const taken = await store.takeMany('G22', 50, lease)
  const attempt = { at: lease.now, durationMs: 1, outcome: 'retry', code: 'timeout', reason: null }
  const endings = taken.map(({ deliveryId, owner }): Ending => ({
    deliveryId,
    owner,
    state,
    dueAt: null,
    attempt,
    receipts: [],
  }))
  await store.recordMany(endings, { ...lease, mayLease: () => false })
  return taken.map(({ deliveryId }) => deliveryId)
}

interface PageOf<T> {
  readonly items: readonly T[]
  readonly next: string | null
}
interface LineOf {
  readonly id: string
  readonly state: string
}

describe('deliveries that need a person', () => {
  it('are listed, shown with their attempts, and sent again; each once, and audited', () =>
    withPeople(async (lent) => {
      await submit(lent, 1)
      const [id = ''] = await endAs(lent, 'dead')
      const list = (await ask(lent, people.auditor.apiKey, 'GET deliveries?state=dead')).json
      expect((list as unknown as PageOf<LineOf>).items.map((line) => line.id)).to.deep.equal([id])
      const one = (await ask(lent, operatorKey, `GET deliveries/${id}`)).json as unknown as {
        tries: { code: string }[]
      }
      expect(one.tries.map(({ code }) => code)).to.deep.equal(['timeout'])
      const replay = () =>
        ask(lent, operatorKey, `POST deliveries/${id}/replay`, { reason: 'nơi nhận đã sửa' })
      expect((await replay()).json).to.deep.equal({ result: 'done', warning: null })
      expect((await replay()).json).to.deep.equal({ result: 'already', warning: null })
      const audited = await lent.store.listAudit({ object: id, limit: 9 })
      expect(
        audited.map(({ act, body, before, after, reason }) => [act, body, before, after, reason]),
      ).to.deep.equal([['delivery.replay', 'G22', 'dead', 'due', 'nơi nhận đã sửa']])
      await endAs(lent, 'delivered')
      expect((await replay()).status).to.equal(409)
    }))

  it('are replayed in bulk up to a cut-off, counted first, page by page, and nothing the second time', () =>
    withPeople(async (lent) => {
      for (const n of [1, 2, 3, 4, 5]) await submit(lent, n)
      const ids = await endAs(lent, 'dead')
      const filter = { state: 'dead', before: lent.clock.now() + 1, reason: 'mở lại' }
      const bulk = async (wish: object) =>
        (await ask(lent, operatorKey, 'POST deliveries/replay', { ...filter, ...wish })).json
      expect(await bulk({})).to.deep.equal({ matched: 5, results: {}, next: null })
      expect(await bulk({ dryRun: false, before: 1 })).to.deep.equal({ matched: 0, results: {}, next: null })
      expect(await bulk({ dryRun: false, recipient: 'H49' })).to.deep.include({ matched: 0 })
      const part = await bulk({ dryRun: false, limit: 3 })
      expect(part).to.deep.include({ matched: 3, results: { done: 3 } })
      expect(await bulk({ dryRun: false, after: part['next'] })).to.deep.include({
        matched: 2,
        results: { done: 2 },
      })
      expect(await bulk({ dryRun: false })).to.deep.equal({ matched: 0, results: {}, next: null })
      expect(await endAs(lent, 'delivered')).to.have.members(ids)
    }))

  it('are skipped with a reason, which the sender gets signed, and free their lane', () =>
    withPeople(async (lent) => {
      const message = await submit(lent, 1)
      const [id = ''] = await endAs(lent, 'parked')
      await submit(lent, 1)
      const lanes = (await ask(lent, operatorKey, 'GET lanes?blocked=true')).json as unknown as PageOf<{
        head: LineOf
        waiting: number
      }>
      expect(lanes.items.map(({ head, waiting }) => [head.id, waiting])).to.deep.equal([[id, 1]])
      const skipped = await ask(lent, operatorKey, `POST deliveries/${id}/skip`, { reason: 'hồ sơ gửi nhầm' })
      expect(skipped.json).to.deep.include({ result: 'done' })
      const receipt = await eventually('the receipt', async () => {
        const view = await lent.store.findMessage(message)
        return view?.receipts.find((one) => one.receipt.kind === 'skipped')
      })
      expect(verifyReceipt(receipt.jws, lent.keys.signing.certificate)).to.include({
        kind: 'skipped',
        code: 'skipped_by_operator',
        reason: 'hồ sơ gửi nhầm',
        deliveryId: id,
      })
      expect(await endAs(lent, 'delivered')).to.have.lengthOf(1)
      const again = await ask(lent, operatorKey, `POST deliveries/${id}/replay`, { reason: 'thôi, gửi lại' })
      expect(again.json['result']).to.equal('at_end')
      expect(again.json['warning']).to.be.a('string')
    }))

  it('are out of doubt by an operator’s word: delivered, with a signed statement, or not', () =>
    withPeople(async (lent) => {
      const message = await submit(lent, 1)
      await submit(lent, 2)
      const [first = '', second = ''] = await endAs(lent, 'in_doubt')
      const resolve = (id: string, outcome: string) =>
        ask(lent, operatorKey, `POST deliveries/${id}/resolve`, { outcome, reason: 'đã gọi xác nhận' })
      expect((await resolve(first, 'delivered')).json).to.deep.include({ result: 'done' })
      expect((await resolve(first, 'delivered')).json).to.deep.include({ result: 'already' })
      expect((await resolve(second, 'not_delivered')).json).to.deep.include({ result: 'done' })
      expect((await resolve(second, 'delivered')).status).to.equal(409)
      const view = await lent.store.findMessage(message)
      const receipt = view?.receipts.find((one) => one.receipt.deliveryId === first)
      expect(verifyReceipt(receipt!.jws, lent.keys.signing.certificate)).to.include({
        kind: 'delivered',
        code: 'operator_statement',
        reason: 'operator: đã gọi xác nhận',
      })
    }))

  it('are shown to a body’s administrator where they are its own, and mended by operators alone', () =>
    withPeople(async (lent) => {
      await submit(lent, 1)
      const [id = ''] = await endAs(lent, 'dead')
      const seen = async (key: string) =>
        ((await ask(lent, key, 'GET deliveries?state=dead')).json as unknown as PageOf<LineOf>).items.length
      expect([await seen(people.coreAdmin.apiKey), await seen(people.provinceAdmin.apiKey)]).to.deep.equal([
        1, 0,
      ])
      expect((await ask(lent, people.coreAdmin.apiKey, `GET deliveries/${id}`)).status).to.equal(200)
      expect((await ask(lent, people.provinceAdmin.apiKey, `GET deliveries/${id}`)).status).to.equal(404)
      for (const key of [people.coreAdmin.apiKey, people.auditor.apiKey, core.apiKey])
        for (const verb of ['replay', 'skip'])
          expect((await ask(lent, key, `POST deliveries/${id}/${verb}`, { reason: 'x' })).status).to.equal(
            403,
          )
      expect((await ask(lent, core.apiKey, 'GET deliveries?state=dead')).status).to.equal(403)
      expect((await ask(lent, operatorKey, 'GET deliveries')).status).to.equal(400)
    }))
})
