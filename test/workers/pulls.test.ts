import { expect } from 'chai'
import type { PullDeed, WaitingDelivery } from '../../adapters/agencies/pull.ts'
import type { Caller } from '../../schemas/agency.ts'
import type { MessageView } from '../../adapters/store/store.ts'
import { withGateway, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, operatorKey, type Party } from '../support/parties.ts'
import { samplePayload } from '../support/payloads.ts'

const sender = createParty({ code: 'G22' })
const province = createParty({ code: 'H49', options: { format: 'json' } })
const unit = createParty({ code: 'H49.05', parent: 'H49', options: { format: 'json' } })
const other = createParty({ code: 'H50', options: { format: 'json' } })

const callerOf = ({ agency }: Party): Caller => ({
  ...{ credentialId: 'account:mailbox:x', person: null, agency: agency.code },
  ...{ roles: ['agency'], method: 'key' },
})

const letters: PullDeed = {
  kind: 'list',
  actions: ['document.letter'],
  expressed: ['document.letter', 'document.status'],
}

interface Scene {
  readonly lent: LentGateway
  /** Sends, and answers the id of the message. */
  send(to: Party): Promise<string>
  does(who: Party, deed: PullDeed): Promise<object>
  list(who: Party, deed?: PullDeed): Promise<readonly WaitingDelivery[]>
  view(id: string): Promise<MessageView>
}

let number = 0

function scene(use: (scene: Scene) => Promise<void>): Promise<void> {
  return withGateway([sender, province, unit, other], {}, async (lent) => {
    const does: Scene['does'] = (who, deed) => lent.gateway.app.deeds(callerOf(who), deed, 'mailbox')
    await use({
      lent,
      does,
      async send({ agency }) {
        number += 1
        const payload = {
          ...samplePayload('document.letter', number),
          DocumentId: `G22,2026/11/22,${number}`,
        }
        const bytes = await envelopeOf(sender, 'document.letter', payload, { recipients: [agency.code] })
        const answer = await lent.call(sender.apiKey, 'POST', '/v1/messages', {
          type: 'application/xml',
          bytes,
        })
        expect(answer.status, answer.text).to.equal(202)
        return String(answer.json['id'])
      },
      async list(who, deed = letters) {
        return ((await does(who, deed)) as { waiting: readonly WaitingDelivery[] }).waiting
      },
      view: async (id) =>
        (await lent.call(operatorKey, 'GET', `/v1/messages/${id}`)).json as unknown as MessageView,
    })
  })
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  )

describe("what a body pulls by its dialect's own verbs", () => {
  it('lists the same again until it is acknowledged', () =>
    scene(async ({ send, list, does, view }) => {
      const first = await send(province)
      const second = await send(province)
      const seen = await list(province)
      expect(seen.map(({ messageId }) => messageId)).to.have.members([first, second])
      expect(await list(province)).to.deep.equal(seen)
      const [{ deliveryId }] = seen as [WaitingDelivery]
      await does(province, { kind: 'ack', deliveryId, outcome: 'delivered', reason: '' })
      await does(province, { kind: 'ack', deliveryId, outcome: 'delivered', reason: '' })
      expect((await list(province)).map(({ messageId }) => messageId)).to.deep.equal([second])
      const { deliveries, receipts } = await view(seen[0]!.messageId)
      expect(deliveries[0]?.state).to.equal('delivered')
      expect(receipts.map(({ receipt: { kind } }) => kind)).to.deep.equal(['accepted', 'delivered'])
    }))

  it('hands it over in the form of its recipient, before and after', () =>
    scene(async ({ send, list, does }) => {
      await send(province)
      const [{ deliveryId }] = (await list(province)) as [WaitingDelivery]
      const get = async () =>
        ((await does(province, { kind: 'get', deliveryId })) as { encoded: { body: Uint8Array } }).encoded
          .body
      const before = JSON.parse(Buffer.from(await get()).toString()) as { action: string }
      expect(before.action).to.equal('document.letter')
      await does(province, { kind: 'ack', deliveryId, outcome: 'delivered', reason: '' })
      expect(JSON.parse(Buffer.from(await get()).toString())).to.deep.equal(before)
    }))

  it('shows what is begun as such, and as waiting again when its time is over', () =>
    scene(async ({ lent, send, list, does }) => {
      await send(province)
      const [{ deliveryId }] = (await list(province)) as [WaitingDelivery]
      await does(province, { kind: 'ack', deliveryId, outcome: 'begun', reason: '' })
      expect((await list(province)).map(({ isBegun }) => isBegun)).to.deep.equal([true])
      lent.clock.pass(121_000)
      await lent.gateway.sweep()
      expect((await list(province)).map(({ isBegun }) => isBegun)).to.deep.equal([false])
    }))

  it('ends as refused with the reason, and not otherwise later', () =>
    scene(async ({ send, list, does, view }) => {
      const id = await send(province)
      const [{ deliveryId }] = (await list(province)) as [WaitingDelivery]
      await does(province, { kind: 'ack', deliveryId, outcome: 'refused', reason: 'Sai nơi nhận' })
      const { deliveries } = await view(id)
      expect(deliveries[0]?.attempts.at(-1)).to.include({ outcome: 'refused', reason: 'Sai nơi nhận' })
      const later = does(province, { kind: 'ack', deliveryId, outcome: 'delivered', reason: '' })
      expect(await codeOf(later)).to.equal('already_settled')
    }))

  it('pulls for the bodies below, and for no other', () =>
    scene(async ({ send, list, does }) => {
      await send(unit)
      const [{ deliveryId, recipient }] = (await list(province)) as [WaitingDelivery]
      expect(recipient).to.equal('H49.05')
      expect(await list(unit)).to.have.length(1)
      expect(await list(other)).to.deep.equal([])
      for (const deed of [
        { kind: 'get', deliveryId },
        { kind: 'ack', deliveryId, outcome: 'delivered', reason: '' },
      ] as const)
        expect(await codeOf(does(other, deed))).to.equal('not_found')
      expect(await codeOf(does(province, { kind: 'get', deliveryId: 'no-id' }))).to.equal('not_found')
    }))

  it('lists nothing for a body that is paused', () =>
    scene(async ({ lent, send, list }) => {
      await send(province)
      await lent.store.setPaused('H49', true, lent.clock.now())
      expect(await list(province)).to.deep.equal([])
      await lent.store.setPaused('H49', false, lent.clock.now())
      expect(await list(province)).to.have.length(1)
    }))
})
