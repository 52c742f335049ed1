import { expect } from 'chai'
import type { ActionName } from '../../../schemas/actions.ts'
import type { Header } from '../../../schemas/message.ts'
import { eventually, type LentGateway } from '../../support/gateway.ts'
import { createParty, envelopeOf, type Party } from '../../support/parties.ts'
import { samplePayload } from '../../support/payloads.ts'
import { createPerson, withPeople, type AskAs } from '../../support/asking.ts'

const province = createParty({ code: 'H49' })
const core = createParty({ code: 'G22' })
const trial = createParty({ code: 'H50', status: 'testing' })
const trialCore = createParty({ code: 'G22T', testRecipient: true })
const parties = [province, core, trial, trialCore]
const registry = {
  aliases: { 'portal-core': ['G22'] },
  subscriptions: { 'catalog.changed': ['G22', 'H50'] },
}
const operator = createPerson('Phạm Văn Trực', 'operator')
const people = [operator]

async function send(
  { call }: LentGateway,
  party: Party,
  action: ActionName,
  { seed = 1, ...header }: Partial<Header> & { seed?: number } = {},
) {
  const bytes = await envelopeOf(party, action, samplePayload(action, seed), header)
  return call(party.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
}

const move = (ask: AskAs, code: string, body: object) =>
  ask(operator, 'POST', `/admin/v1/agencies/${code}/state`, { body: { reason: 'thử', ...body } })

describe('a body under test', () => {
  it('reaches test recipients only, and gets nothing of the live traffic', () =>
    withPeople(parties, { people, registry }, async (_ask, lent) => {
      expect((await send(lent, trial, 'dossier.submitted')).json).to.include({ code: 'forbidden' })
      const named = { recipients: ['G22T'] }
      expect((await send(lent, trial, 'dossier.submitted', named)).status).to.equal(202)
      expect((await send(lent, province, 'status.updated', { recipients: ['H50'] })).status).to.equal(403)
      expect((await send(lent, trialCore, 'status.updated', { recipients: ['H50'] })).status).to.equal(202)
      const told = await send(lent, province, 'catalog.changed')
      expect(told.status, told.text).to.equal(202)
      const seen = await lent.store.findMessage((told.json as unknown as { id: string }).id)
      expect(
        seen?.deliveries.map(({ recipient }) => recipient),
        'no subscriber under test',
      ).to.deep.equal(['G22'])
    }))

  it('goes live by a test that was processed and the word of the operator', () =>
    withPeople(parties, { people, registry }, async (ask, lent) => {
      const sent = await send(lent, trial, 'dossier.submitted', { recipients: ['G22T'] })
      const { id: messageId } = sent.json as unknown as { id: string }
      const test = { messageId, action: 'dossier.submitted' }
      expect((await move(ask, 'H50', { status: 'live' })).json).to.include({ field: 'test' })
      expect((await move(ask, 'H50', { status: 'live', test })).json).to.include({ field: 'test.messageId' })
      const { deliveries } = await eventually('the mailbox', async () => {
        const { json } = await lent.call(trialCore.apiKey, 'GET', '/v1/mailbox')
        const page = json as unknown as { deliveries: { deliveryId: string }[] }
        return page.deliveries.length > 0 && page
      })
      await lent.call(trialCore.apiKey, 'POST', `/v1/mailbox/${deliveries[0]?.deliveryId ?? ''}/ack`, {
        type: 'application/json',
        bytes: '{"outcome":"processed"}',
      })
      const wrong = { ...test, action: 'status.updated' }
      expect((await move(ask, 'H50', { status: 'live', test: wrong })).json).to.include({
        field: 'test.action',
      })
      expect((await move(ask, 'G22', { status: 'testing' })).status).to.equal(200)
      const live = await move(ask, 'H50', { status: 'live', test })
      expect(live.json, live.text).to.include({ code: 'H50', status: 'live' })
      const [entry] = await lent.store.listAudit({ object: 'H50', limit: 1 })
      expect(entry).to.include({ act: 'agency.state', person: 'Phạm Văn Trực', reason: 'thử' })
      expect(entry?.after).to.deep.include({ status: 'live' })
      expect((entry?.after as { test: object }).test).to.include(test)
      expect((await move(ask, 'G22', { status: 'live' })).status, 'was live before').to.equal(200)
      expect((await send(lent, trial, 'dossier.submitted', { seed: 2 })).status).to.equal(202)
    }))
})

describe('a suspended body', () => {
  it('begins nothing new, and goes on with what is known, in both directions', () =>
    withPeople(parties, { people, registry }, async (ask, lent) => {
      expect((await send(lent, province, 'dossier.submitted', { seed: 1 })).status).to.equal(202)
      expect((await move(ask, 'H49', { status: 'suspended' })).status).to.equal(200)
      const fresh = await send(lent, province, 'dossier.submitted', { seed: 2 })
      expect(fresh.status).to.equal(422)
      expect(fresh.json).to.include({ code: 'body_suspended', field: 'Sender' })
      expect((await send(lent, province, 'dossier.submitted', { seed: 1 })).status, 'known').to.equal(202)
      expect((await send(lent, core, 'dossier.submitted', { seed: 1, recipients: ['H49'] })).status).to.equal(
        202,
      )
      const toIt = await send(lent, core, 'dossier.submitted', { seed: 3, recipients: ['H49'] })
      expect(toIt.json).to.include({ code: 'body_suspended', field: 'Recipients' })
      expect((await send(lent, province, 'catalog.changed')).status, 'no dossier').to.equal(202)
      expect((await move(ask, 'H49', { status: 'live' })).status).to.equal(200)
      expect((await send(lent, province, 'dossier.submitted', { seed: 2 })).status).to.equal(202)
    }))
})
