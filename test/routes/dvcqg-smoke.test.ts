import { connect } from 'node:net'
import { expect } from 'chai'
import type { Json, Payload } from '../../schemas/message.ts'
import {
  account,
  envelopeScene,
  forward,
  ministry,
  password,
  portal,
  type EnvelopeAnswer,
  type EnvelopeScene,
} from '../support/adapter-envelope.ts'
import { eventually } from '../support/gateway.ts'
import { envelopeOf } from '../support/parties.ts'
import { adapterDossier, adapterStep } from '../support/samples/adapter.ts'
import { withSink } from '../support/sink.ts'

const code = 'H49.05-261121-0001'
const dossier = adapterDossier(code)
const create = { isUpdating: 'False', data: [dossier] }

interface Told {
  readonly error_code: Json
  readonly message: string
}

/** Calls the façade with a body's own credential. */
async function atFacade({ lent }: EnvelopeScene, word: string, rows: readonly Payload[]): Promise<Told> {
  const given = { type: 'application/json', bytes: JSON.stringify(rows) }
  const { status, json } = await lent.call(ministry.apiKey, 'POST', `/KetNoiMotCuaQuocGia/${word}`, given)
  expect(status).to.equal(200)
  return json as unknown as Told
}

async function publish({ lent }: EnvelopeScene, NoiDung: Payload): Promise<void> {
  const row = { DanhMuc: '1', Ma: '1.009901', ThaoTac: 'them', NoiDung }
  const bytes = await envelopeOf(ministry, 'catalog.changed', row, { recipients: ['G22'] })
  const given = { type: 'application/xml', bytes }
  expect((await lent.call(ministry.apiKey, 'POST', '/v1/messages', given)).status).to.equal(202)
}

async function login({ post }: EnvelopeScene): Promise<string> {
  const { text } = await post(`${forward}/login`, JSON.stringify({ username: account, password }))
  return (JSON.parse(text) as { session: string }).session
}

describe('the smoke set of the adapter and the façade [dvcqg §19]', () => {
  it('goes through, one request after the other', () =>
    envelopeScene({}, async (here) => {
      const { service, received } = here
      await publish(here, { TENTTHC: 'Cấp lại giấy phép', MALINHVUC: 'G03-GD10', TENLINHVUC: 'Thử nghiệm' })
      const session = await login(here)
      const ask = async (name: string, body: Readonly<Record<string, Json>> = {}) => {
        const answer = await service(name, { session, ...body })
        expect(answer, name).to.include({ error_code: 0 })
        return answer.result
      }
      expect(await ask('LayDanhSachTTHC')).to.have.length(1)
      expect((await ask('LayThuTuc', { maTTHC: '1.009901' }))[0]?.['LINHVUCTHUCHIEN']).to.have.length(1)
      expect(await ask('TraCuuHoSo', { mahoso: code })).to.deep.equal([])
      await ask('DongBoHoSoMC', create)
      expect((await ask('TraCuuHoSo', { mahoso: code }))[0]).to.include({ MaHoSo: code })
      await ask('DongBoHoSoMC', { isUpdating: 'True', data: [{ ...dossier, TrangThaiHoSo: '4' }] })
      const step = { data: [adapterStep(code)] }
      await ask('CapNhatTienDoHoSoMC', step)
      await ask('CapNhatTienDoHoSoMC', step)
      const answer = {
        HOIDAPID: '550123',
        MADONVI: 'H49.05',
        NGAYTRALOI: '21/11/2026',
        NOIDUNGTRALOI: 'Đã trả lời.',
      }
      await ask('DongBoKetQuaHoiDapGuiTuDVCQG', { data: [answer] })
      await ask('DongBoKetQuaHoiDapGuiTuDVCQG', { data: [answer] })
      const own = adapterDossier('G03-261121-0001')
      const changed = { ...own, ChuHoSo: 'Lê Mẫu' }
      expect((await atFacade(here, 'ThemMoi', [own])).message).to.contain('thành công')
      expect((await atFacade(here, 'ThemMoi', [changed])).message).to.contain('đã tồn tại')
      expect((await atFacade(here, 'CapNhat', [changed])).message).to.contain('thành công')
      expect((await received()).map(({ action }) => action).sort()).to.deep.equal([
        ...[
          'catalog.changed',
          'dossier.submitted',
          'dossier.submitted',
          'dossier.updated',
          'dossier.updated',
        ],
        ...['question.answered', 'status.updated'],
      ])
    }))
})

describe('rules of the adapter and the façade [dvcqg §19]', () => {
  it('rules 1, 18: neither providerurl nor a link of a dossier is ever called', () =>
    withSink((sink) =>
      envelopeScene({}, async ({ lent, session, post, received }) => {
        const TaiLieuNop = [{ TepDinhKemId: '1', DuongDanTaiTepTin: `${sink.url}/tep/1` }]
        const data = [adapterDossier(code, { TaiLieuNop })]
        const body = JSON.stringify({ session, service: 'DongBoHoSoMC', isUpdating: 'False', data })
        const query = `dstcode=VN:GOV:x&providerurl=${encodeURIComponent(sink.url)}`
        for (const path of [
          `${forward}/g?${query}`,
          `${forward}/g?VN%3AGOV%3Ax&${encodeURIComponent(sink.url)}`,
        ])
          expect(JSON.parse((await post(path, body)).text)).to.include({ error_code: 0 })
        await lent.call(portal.apiKey, 'GET', '/v1/mailbox')
        expect(await received()).to.have.length(1)
        expect(sink.requests).to.deep.equal([])
      }),
    ))

  const forms: Readonly<Record<string, string>> = {
    yyyyMMddHHmmss: '20261121083000',
    yyyyMMdd: '20261121',
    'dd/MM/yyyy': '21/11/2026',
    'dd-MM-yyyy': '21-11-2026',
    'yyyy-MM-dd HH:mm:ss': '2026-11-21 08:30:00',
    'ISO without zone': '2026-11-21T08:30:00',
    'ISO with milliseconds': '2026-11-21T08:30:00.000',
    'ISO in UTC': '2026-11-21T01:30:00.000Z',
    'ISO with a zone': '2026-11-21T08:30:00+07:00',
  }
  it('rules 7 to 10: dates in every form, scalars bare or quoted, keys in any case, one object or a list, at both doors', () =>
    envelopeScene({}, async (here) => {
      for (const [at, [form, text]] of Object.entries(forms).entries()) {
        const own = `H49.05-261121-1${String(at).padStart(3, '0')}`
        const row = { MAHOSO: own, mattthc: null, MaTTHC: '1.009901', ngaytiepnhan: text, LoaiDoiTuong: 1 }
        const data: Json = at % 2 === 0 ? row : [row]
        expect(await here.service('DongBoHoSoMC', { isUpdating: false, data }), form).to.include({
          error_code: 0,
        })
        const [found] = (await here.service('TraCuuHoSo', { MaHoSo: own })).result
        const day = text.length <= 10
        expect(found, form).to.include({
          NgayTiepNhan: day ? '20261121000000' : '20261121083000',
          LoaiDoiTuong: '1',
        })
      }
      const step = {
        mahoso: code,
        THOIDIEMXULY: '2026-11-21T10:00:00',
        trangthai: 4,
        NguoiXuLy: 'Trần Văn Thử',
      }
      const national = {
        MaHoSo: code,
        ThoiDiemXuLy: '20261121100000',
        TrangThai: '4',
        NguoiXuLy: 'Trần Văn Thử',
      }
      for (const rows of [[step], [national]]) await atFacade(here, 'DongBoTienTrinh', rows)
      const steps = (await here.received()).filter(({ action }) => action === 'status.updated')
      expect(steps, 'the same step in two spellings').to.have.length(1)
    }))

  it('rule 11: two calls go over one connection that stays open, and an empty body is answered', () =>
    envelopeScene({}, async ({ lent, session }) => {
      const body = JSON.stringify({ session, service: 'TraCuuHoSo', mahoso: code })
      const { hostname, port } = new URL(lent.url)
      const head = (length: number) =>
        `POST /adapter/g HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nContent-Length: ${length}\r\n\r\n`
      const socket = connect({ host: hostname, port: Number(port) })
      let text = ''
      socket.on('data', (chunk) => (text += chunk.toString('utf8')))
      const answered = (count: number) =>
        eventually(`${count} answers`, async () => text.split('HTTP/1.1 200 OK').length > count)
      try {
        socket.write(`${head(body.length)}${body}`)
        await answered(1)
        socket.write(head(0))
        await answered(2)
        socket.write(`${head(body.length)}${body}`)
        await answered(3)
      } finally {
        socket.destroy()
      }
      expect([...text.matchAll(/"error_code":(\d+)/g)].map(([, found]) => found)).to.deep.equal([
        '0',
        '401',
        '0',
      ])
    }))

  it('rules 14, 16: content that returns to what it was is new, a repeat of the last is not', () =>
    envelopeScene({}, async ({ service, received }) => {
      const other = { ...dossier, ChuHoSo: 'Lê Mẫu' }
      for (const row of [dossier, dossier, other, other, dossier, dossier])
        expect(await service('DongBoHoSoMC', { isUpdating: 'True', data: [row] })).to.include({
          error_code: 0,
        })
      expect(await received()).to.have.length(3)
    }))

  it('rule 15: several sessions of one account live side by side', () =>
    envelopeScene({}, async (here) => {
      const sessions = [here.session, await login(here), await login(here)]
      here.lent.clock.pass(31 * 60_000)
      for (const session of sessions)
        expect(await here.service('TraCuuHoSo', { session, mahoso: code })).to.include({ error_code: 0 })
    }))

  it('rule 17: the log has no password, no session, and nothing of what a dossier says', () =>
    envelopeScene({}, async (here) => {
      const secrets = ['022099000123', 'Phạm Thị Mẫu', password, here.session]
      const data = [adapterDossier(code, { SoGiayToChuHoSo: '022099000123' })]
      await here.service('DongBoHoSoMC', { isUpdating: 'False', data })
      await here.service('DongBoHoSoMC', {
        isUpdating: 'False',
        data: [{ ...data[0], NgayTiepNhan: 'hôm qua' }],
      })
      await here.post(`${forward}/login`, JSON.stringify({ username: account, password: 'sai-mat-khau' }))
      const log = JSON.stringify(here.lent.log)
      for (const secret of [...secrets, 'sai-mat-khau']) expect(log, secret).not.to.contain(secret)
    }))

  it('rule 12, trap 2: success is spelled as the client of each body reads it, errors in the same kind', async () => {
    for (const successCode of [0, '0', '00'] as const)
      await envelopeScene({ successCode }, async ({ service }) => {
        const { error_code: taken } = (await service('DongBoHoSoMC', create)) as EnvelopeAnswer & Told
        const { error_code: fault } = (await service('KhongCo')) as EnvelopeAnswer & Told
        expect([taken, fault]).to.deep.equal([successCode, typeof successCode === 'number' ? 404 : '404'])
      })
  })
})
