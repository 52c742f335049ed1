import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { withOwner, type Owner } from '../support/owner.ts'
import { createParty, envelopeOf, type Party } from '../support/parties.ts'
import { adapterDossier } from '../support/samples/adapter.ts'

const publicUrl = 'https://truc.example.vn'
const core = createParty({ code: 'G22', options: { format: 'json' } })
const small = createParty({ code: 'H37', dialect: 'facade', options: { mostFileBytes: 10_000 } })
const stranger = createParty({ code: 'H29' })
const content = Buffer.from('%PDF-1.7 tệp của tỉnh '.repeat(2_000))
const digest = createHash('sha256').update(content).digest('hex')

interface Scene {
  readonly lent: LentGateway
  readonly owner: Owner
  /** A link to a file that was uploaded here, and the link that the recipient was given to one that stays with its owner. */
  readonly uploaded: string
  readonly linked: string
  /** Asks for a file as a client of the façade. */
  getfile(by: Party, body: string, headers?: Readonly<Record<string, string>>): Promise<Response>
}

/** The owner's server, which says how large its file is or does not. */
const serve =
  (isSaid: boolean) =>
  (_req: unknown, res: ServerResponse): void => {
    res.writeHead(200, {
      'content-type': 'application/pdf',
      ...(isSaid ? { 'content-length': content.byteLength } : {}),
    })
    res.end(content)
  }

function scene(use: (scene: Scene) => Promise<void>, isSaid = true): Promise<void> {
  return withOwner(serve(isSaid), async (owner) => {
    const province = createParty({ code: 'H49', fileHosts: [owner.host] })
    const parties = [province, core, small, stranger]
    await withGateway(parties, { env: { PUBLIC_URL: publicUrl } }, async (lent) => {
      const upload = await lent.call(province.apiKey, 'POST', '/v1/files', {
        type: 'application/pdf',
        bytes: content,
      })
      const { link: uploaded } = upload.json as unknown as { link: string }
      const links = [uploaded, `http://${owner.host}/tep/don.pdf`]
      const TaiLieuNop = links.map((DuongDanTaiTepTin, at) => ({
        TepDinhKemId: String(at),
        DuongDanTaiTepTin,
      }))
      const data = [adapterDossier('H49.05-261121-0001', { TaiLieuNop })]
      const bytes = await envelopeOf(province, 'dossier.submitted', { data }, { recipients: ['G22', 'H37'] })
      const sent = await lent.call(province.apiKey, 'POST', '/v1/messages', {
        type: 'application/xml',
        bytes,
      })
      expect(sent.status, sent.text).to.equal(202)
      const linked = await eventually('the link', async () => {
        const { json } = await lent.call(core.apiKey, 'GET', '/v1/mailbox')
        const [delivery] = json['deliveries'] as unknown as { content: string }[]
        if (delivery === undefined) return undefined
        const { payload } = JSON.parse(delivery.content) as { payload: { data: Payload[] } }
        const papers = payload.data[0]?.['TaiLieuNop'] as readonly Payload[]
        return papers[1]?.['DuongDanTaiTepTin'] as string
      })
      await use({
        ...{ lent, owner, uploaded, linked },
        getfile: ({ apiKey }, body, headers = {}) =>
          fetch(`${lent.url}/KetNoiMotCuaQuocGia/getfile`, {
            ...{ method: 'POST', body },
            headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
          }),
      })
    })
  })
}

const json = (DuongDan: string) => JSON.stringify({ DuongDan })
const bytesIn = async (answer: Response) => Buffer.from(await answer.text(), 'base64')
const codeOf = async (answer: Response) =>
  [answer.status, ((await answer.json()) as { error_code: string }).error_code] as const

describe('getfile at the façade [dvcqg §6.4]', () => {
  it('gives a party of the message the base64 of a file, wherever it lies, and audits the read', () =>
    scene(async ({ lent, uploaded, linked, getfile }) => {
      for (const link of [uploaded, `${publicUrl}${uploaded}`, linked]) {
        const answer = await getfile(core, json(link))
        expect([answer.status, answer.headers.get('content-type')]).to.deep.equal([
          200,
          'text/plain; charset=us-ascii',
        ])
        expect(Number(answer.headers.get('content-length'))).to.equal(4 * Math.ceil(content.byteLength / 3))
        expect((await bytesIn(answer)).equals(content), link).to.equal(true)
      }
      const form = new URLSearchParams({ duongdan: uploaded }).toString()
      const asForm = await getfile(core, form, { 'content-type': 'application/x-www-form-urlencoded' })
      expect((await bytesIn(asForm)).equals(content)).to.equal(true)
      const reads = await lent.store.listAudit({ act: 'file.read', limit: 10 })
      expect(reads).to.have.length(4)
      expect(reads[0]).to.include({ agency: 'G22', body: 'H49' })
      expect(JSON.stringify(lent.log)).not.to.contain(linked)
    }))

  it('gives a part where a range asks for one', () =>
    scene(async ({ uploaded, getfile }) => {
      const part = await getfile(core, json(uploaded), { range: 'bytes=10-29' })
      expect([part.status, part.headers.get('content-range')]).to.deep.equal([
        206,
        `bytes 10-29/${content.byteLength}`,
      ])
      expect((await bytesIn(part)).equals(content.subarray(10, 30))).to.equal(true)
      const beyond = await getfile(core, json(uploaded), { range: `bytes=${content.byteLength}-` })
      expect(await codeOf(beyond)).to.deep.equal([200, '416'])
      const within = await getfile(small, json(uploaded), { range: 'bytes=0-9999' })
      expect((await bytesIn(within)).equals(content.subarray(0, 10_000)), 'a part within the limit').to.equal(
        true,
      )
    }))

  it('gives nobody else anything, follows no other link, and says so in its own form', () =>
    scene(async ({ owner, uploaded, linked, getfile, lent }) => {
      const asked = owner.asked.length
      for (const link of [uploaded, linked])
        expect(await codeOf(await getfile(stranger, json(link)))).to.deep.equal([200, '404'])
      const wrong = uploaded.replace(digest, '0'.repeat(64))
      for (const link of [
        wrong,
        `http://${owner.host}/tep/don.pdf`,
        'http://169.254.169.254/',
        '',
        '../../etc/passwd',
      ])
        expect(await codeOf(await getfile(core, json(link))), link).to.deep.equal([200, '404'])
      expect(await codeOf(await getfile(core, '[1]'))).to.deep.equal([200, '400'])
      const nobody = await fetch(`${lent.url}/KetNoiMotCuaQuocGia/getfile`, {
        method: 'POST',
        body: json(uploaded),
      })
      expect(await codeOf(nobody)).to.deep.equal([200, '401'])
      expect(owner.asked).to.have.length(asked)
      expect(await lent.store.listAudit({ act: 'file.read', limit: 10 })).to.deep.equal([])
    }))

  it('gives no more than the options of the body allow', () =>
    scene(async ({ lent, uploaded, getfile }) => {
      expect(await codeOf(await getfile(small, json(uploaded)))).to.deep.equal([200, '413'])
      expect(await lent.store.listAudit({ act: 'file.read', limit: 10 })).to.deep.equal([])
    }))

  it('breaks off where an owner sends more than it may without saying so', () =>
    scene(async ({ lent, getfile, linked }) => {
      const id = linked.split('/').at(-1) ?? ''
      expect(id).to.match(/\./)
      const read = await getfile(small, json(`/v1/files/${id}`))
        .then((answer) => answer.text())
        .then(
          () => 'whole',
          () => 'broken',
        )
      expect(read).to.equal('broken')
      expect(lent.log.filter(({ event }) => event === 'refused').length).to.be.above(0)
    }, false))
})
