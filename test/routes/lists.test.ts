import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { verifyReceipt } from '../../signing/receipt.ts'
import { withGateway, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, operatorKey, type Party } from '../support/parties.ts'
import { samplePayload } from '../support/payloads.ts'

const province = createParty({ code: 'H49', dialect: 'native-json' })
const department = createParty({ code: 'H49.05', parent: 'H49' })
const core = createParty({ code: 'G22', dialect: 'native-json' })
const bank = createParty({ code: 'NHTM01', partyClass: 'company' })
const parties = [province, department, core, bank]
const options = { registry: { aliases: { 'portal-core': ['G22'] } } }
const submitted = { action: 'dossier.submitted', payload: samplePayload('dossier.submitted', 1) }

interface Page {
  readonly items: readonly { readonly id: string; readonly state: string; readonly subjectKey: string }[]
  readonly next: string | null
  readonly cursor: string
}

async function send(lent: LentGateway, body: object = submitted, key: string = randomUUID()) {
  const { json } = await lent.call(province.apiKey, 'POST', '/v1/messages', {
    type: 'application/json',
    bytes: JSON.stringify(body),
    headers: { 'idempotency-key': key },
  })
  return json as unknown as { id: string; state: string; receipt: { receipt: { id: string }; jws: string } }
}

const get = (lent: LentGateway, key: string | null, path: string) => lent.call(key, 'GET', path)

async function list(lent: LentGateway, key: string, query = '') {
  const { status, json, text } = await get(lent, key, `/v1/messages${query}`)
  expect(status, text).to.equal(200)
  return json as unknown as Page
}

const idsOf = ({ items }: Page) => items.map(({ id }) => id)

async function processNext(lent: LentGateway, party: Party, outcome: 'processed' | 'refused') {
  const { json } = await get(lent, party.apiKey, '/v1/mailbox')
  const [item] = (json as unknown as { deliveries: { deliveryId: string }[] }).deliveries
  await lent.call(party.apiKey, 'POST', `/v1/mailbox/${item!.deliveryId}/ack`, {
    type: 'application/json',
    bytes: JSON.stringify({ outcome, reason: 'Thiếu giấy tờ' }),
  })
}

describe('GET /v1/messages', () => {
  it('shows each what it sent and received, and all to the operator', () =>
    withGateway(parties, options, async (lent) => {
      const { id } = await send(lent)
      for (const key of [province.apiKey, core.apiKey, operatorKey])
        expect(idsOf(await list(lent, key))).to.deep.equal([id])
      for (const key of [department.apiKey, bank.apiKey])
        expect(idsOf(await list(lent, key))).to.deep.equal([])
      expect(idsOf(await list(lent, core.apiKey, '?direction=sent'))).to.deep.equal([])
      expect((await get(lent, null, '/v1/messages')).status).to.equal(401)
    }))

  it('shows a body what those below it exchange', () =>
    withGateway(parties, options, async (lent) => {
      const { id } = await send(lent, { ...submitted, sender: 'H49.05' })
      for (const key of [province.apiKey, department.apiKey])
        expect(idsOf(await list(lent, key, '?direction=sent'))).to.deep.equal([id])
    }))

  it('pages by cursor, narrows, and says how each message stands', () =>
    withGateway(parties, options, async (lent) => {
      const ids = [(await send(lent)).id, (await send(lent)).id, (await send(lent)).id]
      const first = await list(lent, province.apiKey, '?max=2')
      const rest = await list(lent, province.apiKey, `?max=2&since=${first.next ?? ''}`)
      expect([...idsOf(first), ...idsOf(rest)]).to.have.members(ids)
      expect([first.items.length, rest.items.length, rest.next]).to.deep.equal([2, 1, null])
      await processNext(lent, core, 'processed')
      const { subjectKey } = first.items[0]!
      const query = `?state=processed&family=dossier&subjectKey=${encodeURIComponent(subjectKey)}`
      const processed = await list(lent, province.apiKey, query)
      expect(processed.items).to.have.lengthOf(1)
      expect(processed.items[0]).to.include({ id: ids[0], state: 'processed' })
      expect(processed.items[0]).not.to.have.property('payload')
      expect(idsOf(await list(lent, province.apiKey, `?since=${rest.cursor}`))).to.deep.equal([])
      const newer = await send(lent)
      expect(idsOf(await list(lent, province.apiKey, `?since=${rest.cursor}`))).to.deep.equal([newer.id])
    }))

  for (const query of ['since=x', 'max=0', 'max=201', 'state=lost', 'family=x', 'sender=H49', 'max=1&max=2'])
    it(`refuses ?${query}`, () =>
      withGateway(parties, options, async (lent) => {
        expect((await get(lent, province.apiKey, `/v1/messages?${query}`)).status).to.equal(400)
      }))
})

describe('a repeat', () => {
  it('is answered with the state in which its message is', () =>
    withGateway(parties, options, async (lent) => {
      await send(lent, submitted, 'ref-1')
      expect((await send(lent, submitted, 'ref-1')).state).to.equal('accepted')
      await processNext(lent, core, 'refused')
      expect((await send(lent, submitted, 'ref-1')).state).to.equal('refused')
    }))
})

describe('GET /v1/messages/{id}/envelope', () => {
  it("gives a sender's own envelope back exactly, to those who may see the message", () =>
    withGateway(parties, options, async (lent) => {
      const bytes = await envelopeOf(province, submitted.action, submitted.payload)
      const sent = await lent.call(province.apiKey, 'POST', '/v1/messages', {
        type: 'application/xml',
        bytes,
      })
      const path = `/v1/messages/${String(sent.json['id'])}/envelope`
      for (const key of [province.apiKey, core.apiKey]) {
        const answer = await get(lent, key, path)
        expect(answer.headers.get('content-type')).to.equal('application/xml')
        expect(answer.text).to.equal(Buffer.from(bytes).toString())
      }
      for (const key of [bank.apiKey, department.apiKey])
        expect((await get(lent, key, path)).status).to.equal(404)
      expect(await lent.store.listAudit({ limit: 10 }), 'parties read their own').to.deep.equal([])
    }))

  it("keeps a read by the gateway's own people in the audit", () =>
    withGateway(parties, options, async (lent) => {
      const { id } = await send(lent)
      const answer = await get(lent, operatorKey, `/v1/messages/${id}/envelope`)
      expect(answer.text).to.contain('<SealedBy>TRUC</SealedBy>').and.to.contain('<Method>key</Method>')
      const [entry, ...more] = await lent.store.listAudit({ limit: 10 })
      expect(entry).to.include({ act: 'message.read', object: id, body: 'H49', agency: null })
      expect(more).to.deep.equal([])
    }))

  it('knows nothing of what is no message', () =>
    withGateway(parties, options, async (lent) => {
      for (const id of ['x', randomUUID()])
        expect((await get(lent, operatorKey, `/v1/messages/${id}/envelope`)).status).to.equal(404)
    }))
})

describe('GET /v1/refusals and /v1/receipts/{id}', () => {
  type Refusals = { items: { receipt: { kind: string; id: string }; jws: string }[] }

  it('show a body what was refused of it, at the door and by a recipient, each over a signature', () =>
    withGateway(parties, options, async (lent) => {
      await send(lent)
      await processNext(lent, core, 'refused')
      await send(lent, { ...submitted, action: 'x' })
      const { items } = (await get(lent, province.apiKey, '/v1/refusals')).json as unknown as Refusals
      const certificate = lent.keys.signing.certificate
      expect(items.map(({ jws }) => verifyReceipt(jws, certificate).kind)).to.have.members([
        'refused',
        'refusal',
      ])
      for (const key of [bank.apiKey, core.apiKey])
        expect((await get(lent, key, '/v1/refusals')).json['items']).to.deep.equal([])
      expect((await get(lent, operatorKey, '/v1/refusals')).json['items']).to.have.lengthOf(2)
      for (const { receipt } of items)
        expect((await get(lent, bank.apiKey, `/v1/receipts/${receipt.id}`)).status).to.equal(404)
    }))

  it('show a receipt to the parties of its message', () =>
    withGateway(parties, options, async (lent) => {
      const { receipt } = await send(lent)
      const path = `/v1/receipts/${receipt.receipt.id}`
      for (const key of [province.apiKey, core.apiKey, operatorKey])
        expect((await get(lent, key, path)).json).to.deep.equal(receipt)
      expect((await get(lent, bank.apiKey, path)).status).to.equal(404)
      expect((await get(lent, province.apiKey, '/v1/receipts/x')).status).to.equal(404)
    }))
})
