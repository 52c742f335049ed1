import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Agency } from '../../schemas/agency.ts'
import type { Payload } from '../../schemas/message.ts'
import { eventually } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'
import { tokenRestCreate, tokenRestState, tokenRestStep } from '../support/samples/token-rest.ts'
import { withSink, type Sink, type SinkRequest } from '../support/sink.ts'
import { tokenScene, type TokenScene } from '../support/token-door.ts'

const base = '/token-rest/dvc'
const code = 'H49-20261121-0000001'

/** A ministry with an API of 2026 of its own, at a sink, that is sent what the province pushes. */
function delivering(
  use: (scene: TokenScene, sink: Sink) => Promise<void>,
  options: Agency['options'] = {},
): Promise<void> {
  return withSink((sink) => {
    const ministry = createParty({
      ...{ code: 'G09', dialect: 'token-rest' },
      options: { url: sink.url, clientId: 'truc', ...options },
    })
    const door = { dialect: 'token-rest', tokenPath: `${base}/token`, others: [ministry] }
    const secrets = [['G09', 'client-secret', 'bi-mat-thu-nghiem']] as const
    return tokenScene({ ...door, core: ['G09'], secrets }, (scene) => use(scene, sink))
  })
}

const isToken = ({ path }: SinkRequest) => path.endsWith('/token')
const given = (value: string) => ({
  status: 200,
  body: JSON.stringify({ access_token: value, expires_in: 3_600 }),
})
const taken = { status: 200, body: '{"code":200,"message":"Thành công"}' }

/** What the API answers to each call that it takes, by the end of its path. */
function answering(sink: Sink, answers: Readonly<Record<string, object>>): void {
  sink.answer(({ path }) => {
    const said = answers[path.split('/').at(-1) ?? ''] ?? {}
    return path.endsWith('/token') ? given('the') : { status: 200, body: JSON.stringify(said) }
  })
}

const uploadedAs = (IdTepTin: string) => ({
  code: 200,
  data: [{ response: { data: [{ IdTepTin, HashTepTin: 'ham-bam' }] } }],
})

/** Uploads a file to the gateway: its id and SHA-256 as the answer has them. */
async function upload({ call }: TokenScene): Promise<Payload> {
  const form = new FormData()
  form.set('files', new Blob([Buffer.alloc(300_000, 'x')]), 'don.pdf')
  const { json } = await call('POST', `${base}/Upload`, form)
  const [{ response } = { response: {} }] = json['data'] as unknown as { response: Payload }[]
  return (response['data'] as readonly Payload[])[0] ?? {}
}

/** The rows of the call whose path ends so, once it has come. */
const rowsTo = (sink: Sink, end: string): Promise<readonly Payload[]> =>
  eventually(end, async () => {
    const request = sink.requests.find(({ path }) => path.endsWith(end))
    return request && (JSON.parse(request.body.toString()) as readonly Payload[])
  })

describe('deliveries to an API of 2026', () => {
  it('fetch a token once, renew it when it is refused, and carry the dossier and its steps in order', () =>
    delivering(async ({ call }, sink) => {
      let tokens = 0
      sink.answer((request) => {
        if (isToken(request)) return given(`the-${(tokens += 1)}`)
        return request.headers.authorization === 'Bearer the-1' ? { status: 401 } : taken
      })
      const dossier = tokenRestCreate(code)
      expect((await call('POST', `${base}/NoiHoSo`, dossier)).status).to.equal(200)
      expect((await call('POST', `${base}/CapNhatTienTrinh`, [tokenRestStep(code)])).status).to.equal(200)
      const seen = await eventually('both', async () => sink.requests.length >= 5 && sink.requests)
      expect(seen.map(({ path, headers }) => [path, headers.authorization ?? ''])).to.deep.equal([
        ['/in/token', ''],
        ['/in/NoiHoSo', 'Bearer the-1'],
        ['/in/token', ''],
        ['/in/NoiHoSo', 'Bearer the-2'],
        ['/in/CapNhatTienTrinh', 'Bearer the-2'],
      ])
      expect(new URLSearchParams(seen[0]?.body.toString()).get('client_secret')).to.equal('bi-mat-thu-nghiem')
      const [step = {}] = JSON.parse(seen[4]?.body.toString() ?? '') as readonly Payload[]
      expect(step).to.deep.equal({
        ...{ MaHoSo: code, NguoiXuLy: 'Trần Văn Thử', ThoiDiemXuLy: '2026-11-21T03:00:00.000Z' },
        ...{ NoiDungXuLy: 'Thẩm định hồ sơ', TrangThai: 4 },
      })
    }))

  it('upload the files of a dossier first, and name them as the other side does', () =>
    delivering(async (scene, sink) => {
      const { call } = scene
      answering(sink, { Upload: uploadedAs('tep-1') })
      const { IdTepTin = '', HashTepTin = '' } = await upload(scene)
      const papers = [{ IdGiayTo: IdTepTin, TenGiayTo: 'đơn "mới".pdf', HashTepTin }, { IdGiayTo: 'KHO-1' }]
      const dossier = tokenRestCreate(code, { ThanhPhanHoSo: [{ GiayToDinhKem: papers }] })
      expect((await call('POST', `${base}/NoiHoSo`, dossier)).status).to.equal(200)
      const [, uploading, create] = await eventually(
        'all',
        async () => sink.requests.length >= 3 && sink.requests,
      )
      expect([uploading?.path, create?.path]).to.deep.equal(['/in/Upload', '/in/NoiHoSo'])
      expect(uploading?.headers['content-type']).to.match(/^multipart\/form-data; boundary=lien-thong-/)
      expect(uploading?.body.toString())
        .to.contain('name="files"; filename="đơn _mới_.pdf"')
        .and.contain('x'.repeat(300_000))
      const sent = JSON.parse(create?.body.toString() ?? '') as Payload
      expect(sent['ThanhPhanHoSo']).to.deep.equal([
        {
          GiayToDinhKem: [
            { IdGiayTo: 'tep-1', TenGiayTo: 'đơn "mới".pdf', HashTepTin: 'ham-bam' },
            { IdGiayTo: 'KHO-1' },
          ],
        },
      ])
    }))

  it('name a dossier by the id that the other side gave it, not by ours, in its steps and states', () =>
    delivering(async ({ call }, sink) => {
      const theirs = { code: 200, data: { idHoSo: '7b0e-cua-ho', maHoSo: code } }
      answering(sink, { NoiHoSo: theirs })
      const { json } = await call('POST', `${base}/NoiHoSo`, tokenRestCreate(code))
      const { idHoSo = '' } = json['data'] as Payload
      await call('POST', `${base}/CapNhatTienTrinh`, [{ ...tokenRestStep(code), IDHoSo: idHoSo }])
      await call('POST', `${base}/CapNhatTrangThai`, [{ ...tokenRestState(code), IdHoSo: idHoSo }])
      const [step] = await rowsTo(sink, '/CapNhatTienTrinh')
      expect(step).to.include({ IDHoSo: '7b0e-cua-ho', MaHoSo: code })
      const [state] = await rowsTo(sink, '/CapNhatTrangThai')
      expect(state).to.include({ IdHoSo: '7b0e-cua-ho', MaHoSo: code })
    }))

  it('learn that id from an answer that the dossier exists too, and go by MaHoSo alone where none is known', () =>
    delivering(async ({ call }, sink) => {
      const exists = { code: 400, message: 'Hồ sơ đã tồn tại', data: [{ IdHoSo: 'cu-1' }] }
      sink.answer((request) => {
        if (isToken(request)) return given('the')
        return request.path.endsWith('/NoiHoSo') ? { status: 400, body: JSON.stringify(exists) } : taken
      })
      const other = 'H49-20261121-0000002'
      await call('POST', `${base}/CapNhatTienTrinh`, [tokenRestStep(other)])
      const [alone] = await rowsTo(sink, '/CapNhatTienTrinh')
      expect(alone).to.include({ MaHoSo: other }).and.not.to.have.property('IDHoSo')
      await call('POST', `${base}/NoiHoSo`, tokenRestCreate(code))
      await call('POST', `${base}/CapNhatTrangThai`, [tokenRestState(code)])
      expect((await rowsTo(sink, '/CapNhatTrangThai'))[0]).to.include({ IdHoSo: 'cu-1' })
    }))

  for (const results of ['link', 'upload'])
    it(`carry a result that was uploaded here: ${results}`, () =>
      delivering(
        async (scene, sink) => {
          answering(sink, { Upload: uploadedAs('kq-1') })
          const { IdTepTin = '', HashTepTin = '' } = await upload(scene)
          const elsewhere = { TenGiayTo: 'b.pdf', DuongDanTepTinKetQua: 'https://motcua.example.vn/kq/1' }
          const here = { TenGiayTo: 'a.pdf', MaGiayToKetQua: 'KQ1', IdGiayTo: IdTepTin, HashTepTin }
          const state = tokenRestState(code, { DanhSachGiayToKetQua: [here, elsewhere] })
          expect((await scene.call('POST', `${base}/CapNhatTrangThai`, [state])).status).to.equal(200)
          const [row] = await rowsTo(sink, '/CapNhatTrangThai')
          const named = { TenGiayTo: 'a.pdf', MaGiayToKetQua: 'KQ1' }
          const link = `/v1/files/${textOf(IdTepTin)}?sha256=${textOf(HashTepTin)}`
          const sent = {
            link: { ...named, GiayToId: IdTepTin, DuongDanTepTinKetQua: link },
            upload: { ...named, IdGiayTo: 'kq-1', HashTepTin: 'ham-bam' },
          }
          expect(row?.['DanhSachGiayToKetQua']).to.deep.equal([sent[results as 'link'], elsewhere])
          const uploads = sink.requests.filter(({ path }) => path.endsWith('/Upload'))
          expect(uploads.map(({ body }) => body.includes('x'.repeat(300_000)))).to.deep.equal(
            results === 'upload' ? [true] : [],
          )
        },
        { results },
      ))
})
