import { expect } from 'chai'
import { createParty } from '../support/parties.ts'
import { confirm, getBill, init, marked, portal, query, withPayments } from '../support/payments.ts'

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
})
