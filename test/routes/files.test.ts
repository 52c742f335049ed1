import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { v7 } from 'uuid'
import { createParty, envelopeOf, operatorKey, type Party } from '../support/parties.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { samplePayload } from '../support/payloads.ts'

const province = createParty({ code: 'H49' })
const department = createParty({ code: 'H49.05', parent: 'H49' })
const core = createParty({ code: 'G22' })
const stranger = createParty({ code: 'H37' })
const parties = [province, department, core, stranger]
const registry = { aliases: { 'portal-core': ['G22'] } }

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(200_000, 7)])
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

interface FileAnswer {
  readonly id: string
  readonly digest: string
  readonly size: number
  readonly mediaType: string
  readonly link: string
}

const as = ({ apiKey }: Party) => ({ authorization: `Bearer ${apiKey}` })

async function upload({ call }: LentGateway, party: Party, bytes: Uint8Array): Promise<FileAnswer> {
  const answer = await call(party.apiKey, 'POST', '/v1/files', { type: 'text/html', bytes })
  expect(answer.status, answer.text).to.equal(201)
  return answer.json as unknown as FileAnswer
}

async function submit(lent: LentGateway, party: Party, link: string) {
  const payload = samplePayload('dossier.submitted', 1) as { data: Record<string, unknown>[] }
  const data = payload.data.map((row) => ({
    ...row,
    TaiLieuNop: [{ TepDinhKemId: '1', TenTepDinhKem: 'anh.png', DuongDanTaiTepTin: link }],
  }))
  const bytes = await envelopeOf(party, 'dossier.submitted', { ...payload, data })
  return lent.call(party.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
}

const statusFor = async ({ call }: LentGateway, key: string | null, link: string) =>
  (await call(key, 'GET', link)).status

async function filesIn(dir: string): Promise<number> {
  const names = await readdir(`${dir}/blobs`, { recursive: true, withFileTypes: true })
  return names.filter((each) => each.isFile()).length
}

describe('files', () => {
  it('are uploaded, referred to by link and digest, and read by the parties of the message and those above them alone', () =>
    withGateway(parties, { registry }, async (lent) => {
      const file = await upload(lent, department, png)
      expect(file).to.deep.include({ digest: sha256(png), size: png.byteLength, mediaType: 'image/png' })
      expect(file.link).to.equal(`/v1/files/${file.id}?sha256=${file.digest}`)
      expect(await statusFor(lent, core.apiKey, file.link)).to.equal(404)
      const sent = await submit(lent, department, file.link)
      expect(sent.status, sent.text).to.equal(202)
      const got = await fetch(`${lent.url}${file.link}`, { headers: as(core) })
      expect(Object.fromEntries(got.headers)).to.deep.include({
        'content-type': 'image/png',
        'content-disposition': `attachment; filename="${file.id}.png"`,
        'x-content-type-options': 'nosniff',
        'content-length': String(png.byteLength),
        etag: `"${file.digest}"`,
      })
      expect(Buffer.from(await got.arrayBuffer()).equals(png)).to.equal(true)
      expect(await statusFor(lent, department.apiKey, file.link)).to.equal(200)
      expect(await statusFor(lent, province.apiKey, file.link)).to.equal(200)
      expect(await statusFor(lent, stranger.apiKey, file.link)).to.equal(404)
      expect(await statusFor(lent, operatorKey, file.link)).to.equal(403)
      expect(await statusFor(lent, null, file.link)).to.equal(401)
      const reads = await lent.store.listAudit({ act: 'file.read', limit: 10 })
      expect(reads.map(({ agency, object, body }) => ({ agency, object, body }))).to.deep.equal(
        ['H49', 'H49.05', 'G22'].map((agency) => ({ agency, object: file.id, body: 'H49.05' })),
      )
    }))

  it('are read in parts', () =>
    withGateway(parties, { registry }, async (lent) => {
      const { link, digest } = await upload(lent, province, png)
      const get = (headers: Record<string, string>, method = 'GET') =>
        fetch(`${lent.url}${link}`, { method, headers: { ...as(province), ...headers } })
      const part = await get({ range: 'bytes=100000-100009' })
      expect(part.status).to.equal(206)
      expect(part.headers.get('content-range')).to.equal(`bytes 100000-100009/${png.byteLength}`)
      expect(Buffer.from(await part.arrayBuffer()).equals(png.subarray(100_000, 100_010))).to.equal(true)
      const end = await get({ range: 'bytes=-5' })
      expect(Buffer.from(await end.arrayBuffer()).equals(png.subarray(-5))).to.equal(true)
      expect((await get({ range: `bytes=${png.byteLength}-` })).status).to.equal(416)
      expect((await get({ range: 'bytes=0-1', 'if-range': '"other"' })).status).to.equal(200)
      expect((await get({ 'if-none-match': `"${digest}"` })).status).to.equal(304)
      const head = await get({}, 'HEAD')
      expect(head.status).to.equal(200)
      expect(head.headers.get('content-length')).to.equal(String(png.byteLength))
    }))

  it('are no way to send what one may not read, or what was not uploaded', () =>
    withGateway(parties, { registry }, async (lent) => {
      const mine = await upload(lent, province, png)
      const refusals = [
        [stranger, mine.link],
        [province, `/v1/files/${mine.id}?sha256=${'0'.repeat(64)}`],
        [province, `/v1/files/${v7()}?sha256=${mine.digest}`],
        [province, `/v1/files/${mine.id}`],
      ] as const
      for (const [party, link] of refusals) {
        const answer = await submit(lent, party, link)
        expect(answer.status, link).to.equal(400)
        expect(answer.json).to.deep.include({
          code: 'invalid_field',
          field: 'data[0].TaiLieuNop[0].DuongDanTaiTepTin',
        })
      }
      expect(
        await statusFor(lent, province.apiKey, `/v1/files/${mine.id}?sha256=${'0'.repeat(64)}`),
      ).to.equal(404)
      expect(await statusFor(lent, province.apiKey, '/v1/files/none')).to.equal(404)
    }))

  it('are refused where they are too large, coded, or not what was announced, and leave nothing behind', () =>
    withGateway(parties, { registry, env: { FILE_MAX_BYTES: '1000' } }, async (lent) => {
      const before = await filesIn(lent.dir)
      const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
        fetch(`${lent.url}/v1/files`, { method: 'POST', headers: { ...as(province), ...headers }, body })
      expect((await post(Buffer.alloc(1001))).status).to.equal(413)
      expect((await post(gzipSync(Buffer.alloc(900)), { 'content-encoding': 'gzip' })).status).to.equal(415)
      const other = createHash('sha256').update('other').digest('base64')
      expect((await post('this', { 'content-digest': `sha-256=:${other}:` })).status).to.equal(400)
      expect((await post('this', { 'content-digest': 'sha-256=:=:' })).status).to.equal(400)
      expect(await readdir(`${lent.dir}/blobs/incoming`)).to.deep.equal([])
      expect(await filesIn(lent.dir)).to.be.at.most(before + 1) // 'this' is an orphan until the sweep
    }))

  it('leave nothing behind when their sender goes away in the middle', () =>
    withGateway(parties, { registry }, async (lent) => {
      const before = await filesIn(lent.dir)
      const socket = createConnection(Number(new URL(lent.url).port), '127.0.0.1')
      await once(socket, 'connect')
      const head = `POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${province.apiKey}\r\n`
      socket.write(`${head}content-length: 1000000\r\n\r\n`)
      socket.write(Buffer.alloc(300_000))
      await eventually('a file that is coming in', async () => (await filesIn(lent.dir)) > before)
      socket.destroy()
      await eventually('nothing left', async () => (await filesIn(lent.dir)) === before)
    }))
})
