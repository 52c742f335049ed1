import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect } from 'chai'
import { createJsonClient, type JsonClient } from '../../client/index.ts'
import { createPerson, withPeople } from '../support/asking.ts'
import { withGateway } from '../support/gateway.ts'
import { samplePayload } from '../support/payloads.ts'
import { perform } from '../config/cli/perform.ts'
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

  it('pages through messages and refusals, and reads a receipt and an envelope by their ids', async () => {
    await withGateway([sender, recipient], {}, async ({ url }) => {
      const [from, to] = [clientOf(url, sender), clientOf(url, recipient)]
      const send = (senderRef: string, rows: readonly Readonly<Record<string, string>>[] = data) =>
        from.send<string>({ action: 'status.updated', senderRef, recipients: ['G22'] }, { data: rows })
      for (const senderRef of ['so-1', 'so-2']) await send(senderRef)
      const first = await from.messages({ family: 'status', direction: 'sent', max: 1 })
      const second = await from.messages({ max: 1, since: first.next ?? '' })
      expect([...first.items, ...second.items].map(({ senderRef }) => senderRef)).to.deep.equal([
        'so-1',
        'so-2',
      ])
      expect(first.items[0]).to.include({ state: 'accepted', sender: 'H49', subjectKey: data[0]?.MaHoSo })
      expect((await to.messages({ state: 'processed' })).items).to.deep.equal([])
      await send('so-3')
      const { cursor } = second
      expect((await to.messages({ since: cursor })).items.map(({ senderRef }) => senderRef)).to.deep.equal([
        'so-3',
      ])
      await send('so-4', [{ TrangThai: '2' }])
      const { items, next } = await from.refusals()
      expect(next).to.equal(null)
      expect(items.map(({ receipt: { kind, senderRef } }) => [kind, senderRef])).to.deep.equal([
        ['refusal', 'so-4'],
      ])
      const [refusal] = items
      expect(await from.receipt(refusal?.receipt.id ?? '')).to.deep.equal(refusal)
      expect(await to.envelope(first.items[0]?.id ?? '')).to.contain('so-1')
    })
  })

  it('uploads bytes and streams, which a message then refers to', async () => {
    await withGateway([sender, recipient], {}, async ({ url, call, dir }) => {
      const client = clientOf(url, sender)
      const bytes = Buffer.from('%PDF-1.7\nnội dung thử')
      const whole = await client.uploadFile(bytes)
      const streamed = await client.uploadFile(() => Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]))
      expect(streamed).to.include({
        digest: whole.digest,
        size: bytes.byteLength,
        mediaType: 'application/pdf',
      })
      expect(whole.digest).to.equal(createHash('sha256').update(bytes).digest('hex'))
      const file = join(dir, 'giay.pdf')
      await writeFile(file, bytes)
      const { out, err } = await perform(url, sender.apiKey, ['upload', file, '--json'])
      const { link } = JSON.parse(out || err) as { link: string }
      expect((await call(recipient.apiKey, 'GET', link)).status, 'not yet a party').to.equal(404)
      const payload = samplePayload('dossier.submitted', 1) as { data: object[] }
      const attached = [{ TepDinhKemId: '1', TenTepDinhKem: 'giay.pdf', DuongDanTaiTepTin: link }]
      const rows = payload.data.map((row) => ({ ...row, TaiLieuNop: attached }))
      const letter = { action: 'dossier.submitted', recipients: ['G22'] }
      const sent = await client.send<string>(letter, { ...payload, data: rows })
      expect(sent.kind, JSON.stringify(sent)).to.equal('accepted')
      expect((await call(recipient.apiKey, 'GET', link)).text).to.equal(bytes.toString())
    })
  })

  it('speaks with tokens of its OAuth credential, and asks for a new one when the gateway takes one back', async () => {
    const admin = createPerson('Lê Thị Thử', 'admin')
    await withPeople([sender, recipient], { people: [admin] }, async (ask, { url, clock }) => {
      const wish = { kind: 'oauth', agency: 'H49', roles: ['agency'] }
      const made = await ask(admin, 'POST', '/admin/v1/credentials', { body: wish })
      const { credential, secret } = made.json as { credential: { id: string }; secret: string }
      const own = (given: string) =>
        createJsonClient({
          url,
          clientCredentials: { id: credential.id, secret: given },
          trustRoots: trustRoots('state'),
        })
      const client = own(secret)
      expect((await client.send({ action: 'status.updated', recipients: ['G22'] }, { data })).kind).to.equal(
        'accepted',
      )
      clock.pass(86_400_000) // the token has ended at the gateway, not by the client's own clock
      expect((await client.messages()).items).to.have.lengthOf(1)
      const wrong = await own('x'.repeat(43))
        .messages()
        .catch((error: unknown) => error)
      expect(wrong).to.include({ code: 'unauthenticated' })
    })
  })
})
