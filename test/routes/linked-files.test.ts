import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect } from 'chai'
import type { Agency } from '../../schemas/agency.ts'
import type { Payload } from '../../schemas/message.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { withOwner, type Owner } from '../support/owner.ts'
import { createParty, envelopeOf, operatorKey, type Party } from '../support/parties.ts'
import { adapterDossier } from '../support/samples/adapter.ts'

const publicUrl = 'https://truc.example.vn'
const core = createParty({ code: 'G22', options: { format: 'json' } })
const ministry = createParty({ code: 'G03', options: { format: 'json' } })
const stranger = createParty({ code: 'H37' })
const content = Buffer.from('%PDF-1.7 tệp của tỉnh '.repeat(5_000))

/** Serves the content, in parts where it is asked to. */
function serve(req: IncomingMessage, res: ServerResponse): void {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(req.headers.range ?? '') ?? []
  const common = { 'content-type': 'application/pdf', 'set-cookie': 'a=b', etag: '"v1"' }
  if (from === undefined || to === undefined)
    res.writeHead(200, { ...common, 'content-length': content.byteLength }).end(content)
  else {
    const range = { 'content-range': `bytes ${from}-${to}/${content.byteLength}` }
    res.writeHead(206, { ...common, ...range }).end(content.subarray(Number(from), Number(to) + 1))
  }
}

interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Scene {
  readonly lent: LentGateway
  readonly province: Party
  readonly link: string
  /** The link that the recipient of a dossier with this link was given. */
  pass(by: Party, to: Party, link: string): Promise<string>
  /** Reads a link that was given. */
  get(by: Party, given: string, init?: Asking): Promise<Response>
}

interface Given {
  readonly handle?: (req: IncomingMessage, res: ServerResponse) => void
  readonly row?: (owner: Owner) => Partial<Agency>
  readonly env?: Readonly<Record<string, string>>
}

function scene(
  { handle = serve, row = () => ({}), env = {} }: Given,
  use: (scene: Scene & { readonly owner: Owner }) => Promise<void>,
): Promise<void> {
  return withOwner(handle, async (owner) => {
    const province = createParty({ code: 'H49', fileHosts: [owner.host], ...row(owner) })
    const parties = [province, core, ministry, stranger]
    const settings = { PUBLIC_URL: `${publicUrl}/`, ...env }
    await withGateway(parties, { env: settings }, async (lent) => {
      await use({
        ...{ lent, province, owner, link: `http://${owner.host}/tep/don.pdf` },
        pass: (by, to, link) => pass(lent, { by, to, link }),
        get: ({ apiKey }, given, init = {}) =>
          fetch(given.replace(publicUrl, lent.url), {
            ...init,
            headers: { ...init.headers, authorization: `Bearer ${apiKey}` },
          }),
      })
    })
  })
}

let dossiers = 0

async function pass(
  { call }: LentGateway,
  { by, to, link }: { readonly by: Party; readonly to: Party; readonly link: string },
): Promise<string> {
  const code = `H49.05-261121-${String((dossiers += 1)).padStart(4, '0')}`
  const papers = [{ TepDinhKemId: '1', TenTepDinhKem: 'don.pdf', DuongDanTaiTepTin: link }]
  const data = [adapterDossier(code, { TaiLieuNop: papers, TruongRieng: { LienKet: link } })]
  const bytes = await envelopeOf(by, 'dossier.submitted', { data }, { recipients: [to.agency.code] })
  const sent = await call(by.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
  expect(sent.status, sent.text).to.equal(202)
  const { id } = sent.json as unknown as { id: string }
  const original = await call(by.apiKey, 'GET', `/v1/messages/${id}/envelope`)
  expect(original.text, 'the sender’s envelope keeps its links').to.contain(link)
  return eventually('the delivery', async () => {
    const { json } = await call(to.apiKey, 'GET', '/v1/mailbox?max=50')
    const { deliveries } = json as unknown as { deliveries: { deliveryId: string; content: string }[] }
    for (const { deliveryId } of deliveries)
      await call(to.apiKey, 'POST', `/v1/mailbox/${deliveryId}/ack`, {
        type: 'application/json',
        bytes: '{"outcome":"processed"}',
      })
    const found = deliveries.find(({ content }) => content.includes(code))
    if (found === undefined) return undefined
    const { payload } = JSON.parse(found.content) as { payload: { data: Payload[] } }
    const row = payload.data[0] as unknown as {
      TaiLieuNop: { DuongDanTaiTepTin: string }[]
      TruongRieng: Payload
    }
    expect(row.TruongRieng['LienKet'], 'no link field').to.equal(link)
    return row.TaiLieuNop[0]?.DuongDanTaiTepTin
  })
}

const codeOf = async (answer: Response) => ({
  status: answer.status,
  code: ((await answer.json()) as { code: string }).code,
})

describe('files that stay with their owner', () => {
  it('are read through the gateway by the recipients of the message, whole and in parts', () =>
    scene({}, async ({ lent, province, owner, link, pass, get }) => {
      const given = await pass(province, core, link)
      expect(given).to.match(/^https:\/\/truc\.example\.vn\/v1\/files\/[0-9a-f-]{36}\.[0-9a-f]{32}$/)
      const whole = await get(core, given)
      expect(whole.status).to.equal(200)
      expect(Object.fromEntries(whole.headers)).to.deep.include({
        ...{ 'content-type': 'application/pdf', 'content-length': String(content.byteLength), etag: '"v1"' },
        'content-disposition': 'attachment; filename="tep.pdf"',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
      })
      expect(whole.headers.get('set-cookie')).to.equal(null)
      expect(Buffer.from(await whole.arrayBuffer()).equals(content)).to.equal(true)
      const part = await get(core, given, { headers: { range: 'bytes=10-19' } })
      expect(part.status).to.equal(206)
      expect(part.headers.get('content-range')).to.equal(`bytes 10-19/${content.byteLength}`)
      expect(Buffer.from(await part.arrayBuffer()).equals(content.subarray(10, 20))).to.equal(true)
      expect((await get(core, given, { method: 'HEAD' })).status).to.equal(200)
      expect(owner.asked.slice(0, 2)).to.deep.equal(['GET /tep/don.pdf', 'GET /tep/don.pdf bytes=10-19'])
      const reads = await lent.store.listAudit({ act: 'file.read', limit: 10 })
      expect(reads[0]).to.include({ agency: 'G22', body: 'H49', object: given.split('/').at(-1) })
      expect(JSON.stringify(lent.log)).not.to.contain(link)
    }))

  it('are read by the parties alone', () =>
    scene({}, async ({ province, owner, link, pass, get, lent }) => {
      const given = await pass(province, core, link)
      expect((await get(province, given)).status).to.equal(200)
      for (const other of [stranger, ministry])
        expect(await codeOf(await get(other, given))).to.deep.equal({ status: 404, code: 'not_found' })
      const path = given.replace(publicUrl, '')
      expect((await lent.call(null, 'GET', path)).status).to.equal(401)
      expect((await lent.call(operatorKey, 'GET', path)).status).to.equal(403)
      for (const wrong of [given.replace(/.$/, 'x'), given.replace(/[0-9a-f]{32}$/, '0'.repeat(32))])
        expect((await get(core, wrong)).status, wrong).to.equal(404)
      expect(owner.asked).to.have.lengthOf(1)
    }))

  it('may be passed on: who gets the link from a recipient reads it too', () =>
    scene({}, async ({ province, link, pass, get }) => {
      const first = await pass(province, core, link)
      const second = await pass(core, ministry, first)
      expect(second).not.to.equal(first)
      const read = await get(ministry, second)
      expect(Buffer.from(await read.arrayBuffer()).equals(content)).to.equal(true)
      expect((await get(ministry, first)).status).to.equal(404)
      const stolen = await pass(stranger, ministry, first)
      expect((await get(ministry, stolen)).status, 'passed on by one who has it not').to.equal(404)
    }))

  it('are not read from a host that the owner has not named: its links travel as they are', () =>
    scene(
      { row: () => ({ fileHosts: ['khac.example.vn'] }) },
      async ({ lent, province, owner, link, pass, get }) => {
        expect(await pass(province, core, link)).to.equal(link)
        const { json } = await lent.call(core.apiKey, 'GET', '/v1/messages')
        const [message] = (json as unknown as { items: { id: string }[] }).items
        const hash = createHash('sha256').update(link).digest('hex').slice(0, 32)
        const asked = await get(core, `${publicUrl}/v1/files/${message?.id}.${hash}`)
        expect(await codeOf(asked)).to.deep.equal({ status: 403, code: 'forbidden' })
        expect(owner.asked).to.have.lengthOf(0)
      },
    ))

  it('are not read at a private address that the registry does not allow, whatever its name', () =>
    scene({ row: () => ({ networks: ['10.0.0.0/8'] }) }, async ({ province, owner, link, pass, get }) => {
      const given = await pass(province, core, link)
      const refused = await get(core, given)
      expect(await codeOf(refused.clone())).to.deep.equal({ status: 502, code: 'file_withheld' })
      expect(await refused.text())
        .to.contain('address_refused')
        .and.not.to.contain('127.0.0.1')
      expect(owner.asked).to.have.lengthOf(0)
    }))

  it('are refused where the owner gives none, or leads elsewhere, and tried again later where it is down', () => {
    let status = 200
    const handle = (_req: IncomingMessage, res: ServerResponse) => {
      res.writeHead(status, { location: '/noi-khac' }).end('không có')
    }
    return scene({ handle }, async ({ province, owner, link, pass, get }) => {
      const given = await pass(province, core, link)
      for (status of [404, 410, 401, 403, 301, 302])
        expect(await codeOf(await get(core, given)), `${status}`).to.deep.equal({
          status: 502,
          code: 'file_withheld',
        })
      for (status of [500, 503, 429])
        expect(await codeOf(await get(core, given)), `${status}`).to.deep.equal({
          status: 503,
          code: 'file_unreachable',
        })
      status = 416
      const range = await get(core, given, { headers: { range: 'bytes=9999999-' } })
      expect(await codeOf(range)).to.deep.equal({ status: 416, code: 'range_not_satisfiable' })
      expect(owner.asked.some((line) => line.includes('noi-khac'))).to.equal(false)
    })
  })

  it('say that their owner is away', () =>
    scene({ row: () => ({ fileHosts: ['127.0.0.1:9'] }) }, async ({ province, pass, get }) => {
      const given = await pass(province, core, 'http://127.0.0.1:9/tep')
      expect(await codeOf(await get(core, given))).to.deep.equal({ status: 503, code: 'file_unreachable' })
    }))

  it('are bounded: announced beyond the bound a refusal, found to be beyond it a broken connection', () => {
    const handle = (req: IncomingMessage, res: ServerResponse) => {
      if (req.url === '/bao-truoc') res.writeHead(200, { 'content-length': '5000' }).end(Buffer.alloc(5_000))
      else if (req.url === '/mot-doan')
        res.writeHead(206, { 'content-range': 'bytes 0-1/5000', 'content-length': '2' }).end('ab')
      else for (let at = 0; at < 5; at += 1) res.write(Buffer.alloc(1_000), () => at === 4 && res.end())
    }
    return scene({ handle, env: { FILE_MAX_BYTES: '4000' } }, async ({ province, owner, pass, get }) => {
      for (const path of ['/bao-truoc', '/mot-doan']) {
        const given = await pass(province, core, `http://${owner.host}${path}`)
        expect(await codeOf(await get(core, given)), path).to.deep.equal({ status: 413, code: 'too_large' })
      }
      const given = await pass(province, core, `http://${owner.host}/tung-doan`)
      const read = await get(core, given)
        .then((answer) => answer.arrayBuffer())
        .catch(() => 'broken')
      expect(read).to.equal('broken')
    })
  })

  it('break off where the owner breaks off: nobody takes a part for the whole', () => {
    const handle = (_req: IncomingMessage, res: ServerResponse) => {
      res.writeHead(200, { 'content-length': '5000' })
      res.write(Buffer.alloc(1_000), () => res.socket?.destroy())
    }
    return scene({ handle }, async ({ lent, province, link, pass, get }) => {
      const given = await pass(province, core, link)
      const read = await get(core, given)
        .then((answer) => answer.arrayBuffer())
        .catch(() => 'broken')
      expect(read).to.equal('broken')
      await eventually('a line in the log', async () =>
        lent.log.some(({ fields }) => fields['code'] === 'file_unreachable'),
      )
    })
  })

  it('travel as links into their network where nobody has said how recipients reach this gateway', () =>
    scene({ env: { PUBLIC_URL: undefined as unknown as string } }, async ({ province, link, pass }) => {
      expect(await pass(province, core, link)).to.equal(link)
    }))
})
