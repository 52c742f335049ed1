import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Payload } from '../../schemas/message.ts'
import { tokenRestCreate, tokenRestState, tokenRestStep } from '../support/samples/token-rest.ts'
import { client, formOf, tokenScene, type TokenScene } from '../support/token-door.ts'

const base = '/token-rest/dvc/v1'
const scene = (use: (scene: TokenScene) => Promise<void>, options = {}) =>
  tokenScene({ dialect: 'token-rest', tokenPath: `${base}/token`, options }, use)

const code = 'H49-20261121-0000001'
const listOf = (value: unknown) => value as readonly Payload[]

describe('the token REST over HTTP', () => {
  it('goes the way of a client of 2026: code, upload, create, progress, state, look-up', () =>
    scene(async ({ call, received, latest, lent }) => {
      const { json } = await call('GET', `${base}/GetNextValue?code=1.009901`)
      expect(json['value']).to.match(/^H49-\d{8}-0000001$/)
      const maHoSo = textOf(json['value'])
      const form = new FormData()
      const bytes = Buffer.from('%PDF-1.7 đơn đề nghị')
      form.set('files', new Blob([bytes]), 'don.pdf')
      const uploaded = await call('POST', `${base}/Upload`, form)
      const [{ response } = { response: {} }] = uploaded.json['data'] as unknown as { response: Payload }[]
      const [file] = listOf(response['data'])
      expect(file?.['HashTepTin']).to.equal(createHash('sha256').update(bytes).digest('hex'))
      const paper = {
        IdGiayTo: file?.['IdTepTin'] ?? '',
        TenGiayTo: 'don.pdf',
        HashTepTin: file?.['HashTepTin'] ?? '',
      }
      const dossier = tokenRestCreate(maHoSo, {
        ThanhPhanHoSo: [{ MaThanhPhanHoSo: 'KQ1', GiayToDinhKem: [paper] }],
      })
      const created = await call('POST', `${base}/NoiHoSo`, dossier)
      expect(created.status, JSON.stringify(created.json)).to.equal(200)
      const kept = await latest(maHoSo, 'dossier.submitted')
      expect(created.json).to.deep.equal({
        ...{ code: 200, message: 'Thành công' },
        data: { idHoSo: kept?.id, maHoSo },
      })
      const [row] = listOf(kept?.payload['data'])
      const [{ DuongDanTaiTepTin: link = '' } = {}] = listOf(row?.['TaiLieuNop'])
      const read = await lent.call(null, 'GET', textOf(link))
      expect(read.status, 'files are for their parties').to.equal(401)
      for (const again of [1, 2]) {
        const steps = await call('POST', `${base}/CapNhatTienTrinh`, [tokenRestStep(maHoSo)])
        const state = await call('POST', `${base}/CapNhatTrangThai`, [tokenRestState(maHoSo)])
        expect([steps.status, state.status], `time ${again}`).to.deep.equal([200, 200])
      }
      expect(await received()).to.deep.equal(['dossier.submitted', 'status.updated', 'status.updated'])
      const found = await call('GET', `${base}/TraCuuHoSo?mahoso=${maHoSo}`)
      expect(found.json['data']).to.include({ MaHoSo: maHoSo, TrangThaiHoSo: '9' })
    }))

  it('takes the same create again, and refuses one with other content by 400', () =>
    scene(async ({ call, received }) => {
      const first = await call('POST', `${base}/NoiHoSo`, tokenRestCreate(code))
      const again = await call('POST', `${base}/NoiHoSo`, tokenRestCreate(code))
      expect(again.json).to.deep.equal(first.json)
      const other = await call('POST', `${base}/NoiHoSo`, tokenRestCreate(code, { ChuHoSo: 'Lê Mẫu' }))
      expect(other.status).to.equal(400)
      expect(other.json).to.deep.equal({ code: 400, message: `Mã ${code} đã tồn tại`, data: null })
      expect(await received()).to.deep.equal(['dossier.submitted'])
    }))

  it('answers with the HTTP codes that its clients know [dvcqg §17, §21 trap 3]', () =>
    scene(async ({ call, lent, token }) => {
      const missing = await call('POST', `${base}/NoiHoSo`, { MaHoSo: code })
      expect([missing.status, missing.json['code']]).to.deep.equal([400, 400])
      expect(missing.json['message']).to.contain('MaTTHC')
      const date = await call('POST', `${base}/NoiHoSo`, tokenRestCreate(code, { NgayNop: 'hôm qua' }))
      expect(date.json['message']).to.contain('NgayNopHoSo')
      const person = await call('POST', `${base}/NoiHoSo`, tokenRestCreate(code, { LoaiDoiTuong: 7 }))
      expect(person.json['message']).to.contain('LoaiDoiTuong: not one of 0, 1, 2')
      expect((await call('GET', `${base}/GetNextValue?code=G22`)).status).to.equal(403)
      expect((await call('GET', `${base}/GetNextValue?code=Z99`)).status).to.equal(404)
      expect((await call('GET', `${base}/TraCuuHoSo?MaHoSo=Z`)).status).to.equal(404)
      expect((await call('POST', `${base}/KhongCo`, {})).status).to.equal(404)
      const unread = await fetch(`${lent.url}${base}/NoiHoSo`, {
        ...{ method: 'POST', body: '{', headers: { authorization: `Bearer ${token}` } },
      })
      expect(unread.status).to.equal(400)
    }))

  it('gives tokens for a form, for JSON and for Basic, and none for a wrong secret', () =>
    scene(async ({ lent, token }) => {
      const ask = (init: RequestInit) => fetch(`${lent.url}${base}/token`, { method: 'POST', ...init })
      const basic = Buffer.from(`${client.client_id}:${encodeURIComponent(client.client_secret)}`).toString(
        'base64',
      )
      const ways = [
        formOf(client),
        { body: JSON.stringify(client), headers: { 'content-type': 'application/json' } },
        { body: 'grant_type=client_credentials', headers: { authorization: `Basic ${basic}` } },
      ]
      for (const way of ways) {
        const answer = await ask(way)
        const given = (await answer.json()) as Payload
        expect([answer.status, given['token_type'], given['expires_in']]).to.deep.equal([
          200,
          'Bearer',
          86_400,
        ])
      }
      const wrong = await ask(formOf({ ...client, client_secret: 'khac' }))
      expect(wrong.status).to.equal(401)
      expect(await wrong.json()).to.include({ code: 401 })
      expect((await ask(formOf({ ...client, grant_type: 'password' }))).status).to.equal(400)
      for (const authorization of ['', 'Bearer x', `Basic ${token}`])
        expect(
          (await fetch(`${lent.url}${base}/GetNextValue`, { headers: { authorization } })).status,
        ).to.equal(401)
    }))

  it('ends a token with its day', () =>
    scene(async ({ lent, call }) => {
      lent.clock.pass(25 * 3_600_000)
      const { status, headers } = await call('GET', `${base}/GetNextValue?code=H49`)
      expect([status, headers.get('www-authenticate')]).to.deep.equal([401, 'Bearer'])
    }))

  it('never draws a code twice, however many ask at once', () =>
    scene(async ({ call }) => {
      const drawn = await Promise.all(
        Array.from({ length: 20 }, () => call('GET', `${base}/GetNextValue?code=H49`)),
      )
      const codes = drawn.map(({ json }) => textOf(json['value']))
      expect(new Set(codes).size).to.equal(20)
      expect(codes.map((each) => Number(each.slice(-7))).sort((a, b) => a - b)).to.deep.equal(
        Array.from({ length: 20 }, (_, at) => at + 1),
      )
    }))

  it('numbers as the circular of 2018 has it where the option says so, under the name that the agency has for it', () =>
    scene(
      async ({ call }) => {
        const { json } = await call('GET', `${base}/LayMa?code=000.00.00.H49`)
        expect(json['value']).to.match(/^H49-\d{6}-0001$/)
      },
      { numbering: '2018', services: { LayMa: 'GetNextValue' } },
    ))

  it('takes several files larger than a message, and refuses what is cut off or holds none', () =>
    scene(async ({ lent, call, token }) => {
      const form = new FormData()
      const large = Buffer.alloc(3 * 1024 * 1024, 'a')
      for (const name of ['a.bin', 'b.bin']) form.append('files', new Blob([large]), name)
      form.append('ghiChu', 'không phải tệp')
      const { json, status } = await call('POST', `${base}/Upload`, form)
      expect(status).to.equal(200)
      expect(listOf(json['data'])).to.have.lengthOf(2)
      const send = async (body: string) => {
        const answer = await fetch(`${lent.url}${base}/Upload`, {
          ...{ method: 'POST', body },
          headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=x' },
        })
        return [answer.status, ((await answer.json()) as Payload)['code']]
      }
      const head = '--x\r\ncontent-disposition: form-data; name="files"; filename="a"\r\n\r\nabc'
      for (const body of ['', head, '--x--\r\n', 'khác'])
        expect(await send(body), JSON.stringify(body)).to.deep.equal([400, 400])
    }))
})
