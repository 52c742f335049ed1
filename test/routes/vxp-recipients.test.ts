import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { MessageView } from '../../adapters/store/store.ts'
import { textOf } from '../../schemas/fields.ts'
import type { Payload } from '../../schemas/message.ts'
import { verifyReceipt } from '../../signing/receipt.ts'
import { acknowledge } from '../support/acknowledge.ts'
import { operatorKey } from '../support/parties.ts'
import { body, neighbour, provinceSystem, vxpScene, type VxpScene } from '../support/vxp.ts'
import type { VxpClient } from '../support/vxp-client.ts'

const letter = readFileSync(new URL('../fixtures/edxml/letter.edxml', import.meta.url), 'utf8')
const from = { from: '000.00.05.H49' }
const list = { servicetype: 'eDoc', messagetype: 'edoc' }
const reason = 'Thieu phu luc'

async function messageIds({ lent }: VxpScene): Promise<readonly string[]> {
  const { json } = await lent.call(operatorKey, 'GET', '/v1/messages?family=document&max=200')
  return (json['items'] as unknown as readonly { id: string }[]).map(({ id }) => id)
}

const sentRows = async (client: VxpClient, docId = ''): Promise<readonly Payload[]> =>
  (await client.call('getSentEdocList', { args: { ...list, docId } })).rows

describe('a letter for more than 32 recipients', () => {
  const units = Array.from({ length: 40 }, (_, n) => body(`G22.${10 + n}`, { parent: 'G22' }))

  it('reaches each of them once, is refused by one, and of each there is a signed receipt', () =>
    vxpScene(
      async (scene) => {
        const { province, office, lent } = scene
        const to = JSON.stringify(units.map(({ code }) => code))
        const { json } = await province.sendEdoc(letter, { ...from, to })
        expect(json).to.include({ ErrorCode: '0' })
        const waiting = (await office.call('getReceivedEdocList', { args: list })).rows
        expect(new Set(waiting.map((row) => row['to']))).to.have.property('size', 40)
        for (const [at, row] of waiting.entries()) {
          const docId = textOf(row['docId'])
          const edoc = await office.call('getEdoc', { args: { docId }, body: '{}' })
          expect(Buffer.from(textOf(edoc.json['data']), 'base64').toString()).to.contain('27')
          const told =
            at === 39 ? { status: 'fail', description: reason } : { status: 'done', description: '' }
          const answer = await office.call('updateStatus', { args: { docId, ...told }, body: '{}' })
          expect(answer.json).to.include({ ErrorCode: '0' })
        }
        const ids = await messageIds(scene)
        expect(ids).to.have.length(2).and.include(textOf(json['DocId']))
        const receipts = await Promise.all(
          ids.map(async (id) => {
            const view = (await lent.call(operatorKey, 'GET', `/v1/messages/${id}`))
              .json as unknown as MessageView
            return view.receipts.map(({ jws }) => verifyReceipt(jws, lent.keys.signing.certificate))
          }),
        )
        const ends = receipts.flat().filter(({ kind }) => kind !== 'accepted')
        expect(new Set(ends.map(({ recipient }) => recipient))).to.have.property('size', 40)
        expect(ends.filter(({ kind }) => kind === 'delivered')).to.have.length(39)
        const rows = await sentRows(province)
        expect(rows.map((row) => row['receiveStatus']).sort()).to.deep.equal([
          ...Array.from({ length: 39 }, () => 'done'),
          'fail',
        ])
        expect(rows.find((row) => row['receiveStatus'] === 'fail')?.['receiveStatusDesc']).to.equal(reason)
      },
      { more: units },
    ))
})

describe('what becomes of a letter after sendEdoc has answered', () => {
  it('is shown in the list of what was sent: waiting, then refused with the reason; the same POST stays accepted', () =>
    vxpScene(async (scene) => {
      const { province, lent } = scene
      const post = async () =>
        (
          await scene
            .fresh(provinceSystem, '22112026T080000+0001')
            .sendEdoc(letter, { ...from, to: '["H37"]' })
        ).json
      const sent = await post()
      expect(sent).to.include({ ErrorCode: '0' })
      const docId = textOf(sent['DocId'])
      expect((await sentRows(province, docId))[0]).to.include({
        ...{ toCode: 'H37', sendStatus: 'done', receiveStatus: 'initial', receiveStatusDesc: '' },
      })
      await acknowledge(lent, neighbour.apiKey, { outcome: 'refused', reason: 'Sai nơi nhận' })
      const [refused] = await sentRows(province, docId)
      expect(refused).to.include({ receiveStatus: 'fail', receiveStatusDesc: 'Sai nơi nhận' })
      expect(textOf(refused?.['receivedTime'])).to.match(/^\d{4}\//)
      expect(await post(), 'the axis had taken it').to.deep.equal(sent)
      expect(await messageIds(scene)).to.have.length(1)
    }))

  it('is answered at once, though a recipient may refuse: the axis stores and forwards', () =>
    vxpScene(async ({ province, office }) => {
      const { json } = await province.sendEdoc(letter, { ...from, to: '["G22"]' })
      expect(json).to.include({ status: 'OK', ErrorCode: '0' })
      const [row] = (await office.call('getReceivedEdocList', { args: list })).rows
      const said = { docId: textOf(row?.['docId']), status: 'fail', description: reason }
      await office.call('updateStatus', { args: said, body: '{}' })
      const [told] = await sentRows(province, textOf(json['DocId']))
      expect(told).to.include({ receiveStatus: 'fail', receiveStatusDesc: reason })
    }))
})
