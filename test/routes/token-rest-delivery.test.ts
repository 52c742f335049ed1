import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import { eventually } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'
import { tokenRestCreate, tokenRestStep } from '../support/samples/token-rest.ts'
import { withSink, type Sink, type SinkRequest } from '../support/sink.ts'
import { tokenScene, type TokenScene } from '../support/token-door.ts'

const base = '/token-rest/dvc'
const code = 'H49-20261121-0000001'

/** A ministry with an API of 2026 of its own, at a sink, that is sent what the province pushes. */
function delivering(use: (scene: TokenScene, sink: Sink) => Promise<void>): Promise<void> {
  return withSink((sink) => {
    const ministry = createParty({
      ...{ code: 'G09', dialect: 'token-rest' },
      options: { url: sink.url, clientId: 'truc' },
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
    delivering(async ({ call }, sink) => {
      sink.answer((request) => {
        if (isToken(request)) return given('the')
        const file = { IdTepTin: 'tep-1', HashTepTin: 'ham-bam' }
        const data = [{ response: { data: [file] } }]
        return request.path.endsWith('/Upload')
          ? { status: 200, body: JSON.stringify({ code: 200, data }) }
          : taken
      })
      const form = new FormData()
      form.set('files', new Blob([Buffer.alloc(300_000, 'x')]), 'don.pdf')
      const { json } = await call('POST', `${base}/Upload`, form)
      const [{ response } = { response: {} }] = json['data'] as unknown as { response: Payload }[]
      const [{ IdTepTin = '', HashTepTin = '' } = {}] = response['data'] as readonly Payload[]
      const papers = [{ IdGiayTo: IdTepTin, TenGiayTo: 'đơn "mới".pdf', HashTepTin }, { IdGiayTo: 'KHO-1' }]
      const dossier = tokenRestCreate(code, { ThanhPhanHoSo: [{ GiayToDinhKem: papers }] })
      expect((await call('POST', `${base}/NoiHoSo`, dossier)).status).to.equal(200)
      const [, upload, create] = await eventually(
        'all',
        async () => sink.requests.length >= 3 && sink.requests,
      )
      expect([upload?.path, create?.path]).to.deep.equal(['/in/Upload', '/in/NoiHoSo'])
      expect(upload?.headers['content-type']).to.match(/^multipart\/form-data; boundary=lien-thong-/)
      expect(upload?.body.toString())
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
})
