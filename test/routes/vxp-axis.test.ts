import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Payload } from '../../schemas/message.ts'
import { sha256 } from '../../signing/digest.ts'
import { eventually } from '../support/gateway.ts'
import { envelopeOf } from '../support/parties.ts'
import { vxpScene } from '../support/vxp.ts'
import { office } from '../support/vxp-office.ts'

const letter = readFileSync(new URL('../fixtures/edxml/letter.edxml', import.meta.url), 'utf8')
const from = { from: '000.00.05.H49' }

describe('a document axis that holds letters for us', () => {
  for (const fetchBy of ['getEdoc', 'downloadEdoc'])
    it(`is asked for them by ${fetchBy}; each is stored with its file, delivered, and then acknowledged`, () =>
      vxpScene((axis) =>
        office(axis, { fetchBy }, async (lent, own) => {
          expect((await axis.province.sendEdoc(letter, from)).json).to.include({ ErrorCode: '0' })
          const item = await eventually('the letter', async () => {
            lent.clock.pass(500) // the first look, without the secret, has put the next one off
            const { json } = await lent.call(own.apiKey, 'GET', '/v1/mailbox')
            return (json['deliveries'] as unknown as { content: string }[])[0]
          })
          const { payload, sender } = JSON.parse(item.content) as { payload: Payload; sender: string }
          expect([sender, payload['DocumentId']]).to.deep.equal([
            ...['TRUC.VB', '000.00.05.H49,2026/11/20,27/STN-KT'],
          ])
          const [file] = payload['Attachments'] as readonly Payload[]
          const read = await lent.call(own.apiKey, 'GET', textOf(file?.['Url']).split('?')[0] ?? '')
          expect(read.text).to.match(/^%PDF-1.4/)
          await eventually('the acknowledgement', async () => {
            const { rows } = await axis.province.call('getSentEdocList', { args: { messagetype: 'edoc' } })
            return rows.some(({ toCode, receiveStatus }) => toCode === 'G22' && receiveStatus === 'done')
          })
          const { rows } = await axis.office.call('getReceivedEdocList', { args: { messagetype: 'edoc' } })
          expect(rows).to.deep.equal([])
        }),
      ))

  it('gives one by getEdoc whatever its size: what is fetched is not held', () =>
    vxpScene((axis) =>
      office(axis, {}, async (lent, own) => {
        const content = randomBytes(30 * 2 ** 20)
        const large = letter.replace(/JVBER[^<]*/, content.toString('base64'))
        expect((await axis.province.sendEdoc(large, from)).json).to.include({ ErrorCode: '0' })
        const item = await eventually(
          'the letter',
          async () => {
            lent.clock.pass(500)
            const { json } = await lent.call(own.apiKey, 'GET', '/v1/mailbox')
            return (json['deliveries'] as unknown as { content: string }[])[0]
          },
          60_000,
        )
        const { payload } = JSON.parse(item.content) as { payload: Payload }
        expect(payload['Attachments']).to.have.nested.property('[0].Digest', sha256(content).toString('hex'))
      }),
    )).timeout(120_000)

  it('is sent letters and statuses, signed anew for each, with a hash that fits', () =>
    vxpScene((axis) =>
      office(axis, { pollSeconds: 0 }, async (lent, own) => {
        const status = {
          ...{ DocumentId: '000.00.05.H49,2026/11/20,27/STN-KT', From: { OrganId: 'G22' } },
          ResponseFor: { OrganId: '000.00.05.H49', DocumentId: '000.00.05.H49,2026/11/20,27/STN-KT' },
          ...{ StatusCode: '03', Timestamp: '20261122080000' },
        }
        const bytes = await envelopeOf(own, 'document.status', status, { recipients: ['TRUC.VB'] })
        const answer = await lent.call(own.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
        expect(answer.status, answer.text).to.equal(202)
        const [row] = await eventually('the status', async () => {
          lent.clock.pass(500)
          const { rows } = await axis.province.call('getReceivedEdocList', {
            args: { messagetype: 'status' },
          })
          return rows.length > 0 && rows
        })
        expect(row).to.include({ from: 'G22', messageType: 'status' })
        await eventually('the receipt', async () => {
          const { json } = await lent.call(own.apiKey, 'GET', `/v1/messages/${String(answer.json['id'])}`)
          return (json as Payload)['state'] === 'delivered'
        })
      }),
    ))
})
