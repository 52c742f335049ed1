import { expect } from 'chai'
import { withOwner, type Owner } from '../support/owner.ts'
import { createParty } from '../support/parties.ts'
import {
  confirm,
  getBill,
  init,
  marked,
  portal,
  query,
  withPayments,
  type PaymentScene,
} from '../support/payments.ts'

const door = '/payment-platform'
const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(100_000, 0xb5)])
const accounts = {
  'account:payment-platform:H49TEST': 'H49',
  'account:payment-platform:CONFIRM:H49TEST': 'VCB',
}
const bank = createParty({ code: 'VCB', partyClass: 'company', dialect: 'payment-platform' })
const agency = (receipt: string) =>
  createParty({ code: 'H49', dialect: 'payment-platform', options: { receipt } })

describe('GET_BILL of a receipt that was uploaded', () => {
  it('answers the PDF as the body to those whose option says so, to others the link', async () => {
    for (const receipt of ['pdf', 'json'])
      await withPayments([agency(receipt), portal, bank], accounts, async ({ lent, post }) => {
        const upload = { type: 'application/pdf', bytes: pdf }
        const { json } = await lent.call(bank.apiKey, 'POST', '/v1/files', upload)
        const UrlBienLai = String(json['link'])
        await post(door, marked(init))
        expect((await post(door, marked({ ...confirm, UrlBienLai }))).json).to.include({ MaLoi: '00' })
        const asked = { method: 'POST', body: JSON.stringify(marked(getBill)) }
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(`${lent.url}${door}`, { ...asked, headers })
        const bytes = Buffer.from(await answer.arrayBuffer())
        const isPdf = receipt === 'pdf'
        expect(answer.headers.get('content-type')).to.include(isPdf ? 'application/pdf' : 'application/json')
        if (isPdf) expect(bytes.equals(pdf)).to.equal(true)
        else expect(JSON.parse(bytes.toString('utf8'))).to.include({ MaLoi: '00', UrlBienLai })
        expect((await post(door, marked(query))).json).to.include({ TrangThaiGD: '1', UrlBienLai })
      })
  })

  it('shows the way to one that lies elsewhere', () =>
    withPayments([agency('pdf'), portal, bank], accounts, async ({ post }) => {
      await post(door, marked(init))
      await post(door, marked({ ...confirm, UrlBienLai: 'https://bienlai.example.vn/1.pdf' }))
      const bill = await post(door, marked(getBill))
      expect(bill).to.deep.equal({ status: 302, json: { location: 'https://bienlai.example.vn/1.pdf' } })
    }))

  const publicUrl = 'https://truc.example.vn'
  const atOwner = (
    status: number,
    use: (scene: PaymentScene & { readonly owner: Owner }) => Promise<void>,
    receipt = 'pdf',
  ) =>
    withOwner(
      (_req, res) => res.writeHead(status, { 'content-type': 'application/pdf' }).end(pdf),
      (owner) => {
        const teller = createParty({ ...bank.agency, fileHosts: [owner.host] })
        return withPayments(
          [agency(receipt), portal, teller],
          accounts,
          async (scene) => {
            await scene.post(door, marked(init))
            const UrlBienLai = `http://${owner.host}/bienlai/1.pdf`
            await scene.post(door, marked({ ...confirm, UrlBienLai }))
            await use({ ...scene, owner })
          },
          { PUBLIC_URL: publicUrl },
        )
      },
    )

  it("answers the PDF that lies on the bank's own server, read there for the agency", () =>
    atOwner(200, async ({ lent, owner }) => {
      const asked = { method: 'POST', body: JSON.stringify(marked(getBill)) }
      const answer = await fetch(`${lent.url}${door}`, {
        ...asked,
        headers: { 'content-type': 'application/json' },
      })
      expect(answer.headers.get('content-type')).to.equal('application/pdf')
      expect(Buffer.from(await answer.arrayBuffer()).equals(pdf)).to.equal(true)
      expect(owner.asked).to.deep.equal(['GET /bienlai/1.pdf'])
    }))

  it('says so where that server does not give it', async () => {
    for (const [given, status] of [
      [404, 502],
      [500, 503],
    ] as const)
      await atOwner(given, async ({ post }) => {
        const bill = await post(door, marked(getBill))
        expect(bill.status, `${given}`).to.equal(status)
        expect(bill.json).to.include({ MaLoi: '99' })
      })
  })

  it('gives the link through this gateway to who reads JSON', () =>
    atOwner(
      200,
      async ({ post, owner }) => {
        const { json } = await post(door, marked(getBill))
        expect(String(json['UrlBienLai'])).to.match(
          /^https:\/\/truc\.example\.vn\/v1\/files\/[0-9a-f-]{36}\.[0-9a-f]{32}$/,
        )
        expect(owner.asked).to.deep.equal([])
      },
      'json',
    ))
})
