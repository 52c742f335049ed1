import { expect } from 'chai'
import { createJsonClient, type JsonClient } from '../../client/index.ts'
import { withGateway } from '../support/gateway.ts'
import { createParty, trustRoots, type Party } from '../support/parties.ts'

const sender = createParty({ code: 'H49', dialect: 'native-json' })
const recipient = createParty({ code: 'G22', dialect: 'native-json' })
const data = [{ MaHoSo: 'H49.05-261121-0001', TrangThai: '2', NoiDungXuLy: 'Tiếp nhận hồ sơ' }]

const clientOf = (url: string, { apiKey }: Party): JsonClient =>
  createJsonClient({ url, apiKey, trustRoots: trustRoots('state') })

describe('client: against the gateway, in JSON', () => {
  it('sends once whatever the repeats, pulls, acknowledges, and verifies every receipt', async () => {
    await withGateway([sender, recipient], {}, async ({ url }) => {
      const [from, to] = [clientOf(url, sender), clientOf(url, recipient)]
      const letter = { action: 'status.updated', senderRef: 'so 1, "to" a\\b', recipients: ['G22'] } as const
      const first = await from.send(letter, { data })
      const again = await from.send(letter, { data })
      expect([first.kind, again.kind]).to.deep.equal(['accepted', 'repeat'])
      const ending = new AbortController()
      for await (const { deliveryId, content } of to.follow({ waitSeconds: 0, signal: ending.signal })) {
        expect(content.kind === 'opened' && content.payload).to.deep.equal({ data })
        await to.acknowledge(deliveryId, 'processed')
        ending.abort()
      }
      const odd = await from.send({ ...letter, senderRef: 'số 1' }, { data }).catch((error: unknown) => error)
      expect(odd).to.include({ code: 'invalid_field', field: 'senderRef' })
      const { state, receipts } = await from.message(first.kind === 'refused' ? '' : first.id)
      expect(state).to.equal('processed')
      const kinds = await Promise.all(receipts.map(async (each) => (await from.verifyReceipt(each)).kind))
      expect(kinds).to.include.members(['accepted', 'processed'])
    })
  })

  it('learns of a refusal with its field', async () => {
    await withGateway([sender, recipient], {}, async ({ url }) => {
      const sent = await clientOf(url, sender).send<string>('status.updated', { data: [{ TrangThai: '2' }] })
      expect(sent.kind === 'refused' && sent.error).to.include({
        code: 'invalid_field',
        field: 'data[0].MaHoSo',
      })
    })
  })
})
