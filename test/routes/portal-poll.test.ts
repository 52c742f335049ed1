import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import {
  account,
  envelopeScene,
  forward,
  ministry,
  password,
  type EnvelopeScene,
} from '../support/adapter-envelope.ts'
import { eventually } from '../support/gateway.ts'
import { operatorKey } from '../support/parties.ts'
import { playPortal, portalPassword, type PlayedPortal, type PortalAnswers } from '../support/portal.ts'
import { withSink } from '../support/sink.ts'

interface Scene extends EnvelopeScene, PlayedPortal {
  /** Lets time pass until the gateway has asked for a service so many times. */
  asked(service: string, times: number): Promise<readonly Payload[]>
  /** Payloads of the messages of an action, oldest first, once there are so many. */
  messages(action: string, count: number): Promise<readonly Payload[]>
}

const hourMs = 3_600_000
const rows = (...result: readonly Payload[]) => ({ error_code: 0, result })

function scene(poll: object, answers: PortalAnswers, use: (scene: Scene) => Promise<void>): Promise<void> {
  return withSink((sink) => {
    const played = playPortal(sink, answers, { poll: { bodies: ['H49'], ...poll }, sessionMinutes: 1_440 })
    const subscriptions = { 'catalog.changed': ['G03'] }
    const others = { core: played.core, corePassword: portalPassword, subscriptions }
    return envelopeScene(
      {},
      async (here) => {
        const { lent } = here
        const calls = (service: string) => played.calls().filter((call) => call['service'] === service)
        const turn = async () => {
          lent.clock.pass(hourMs)
          await lent.gateway.polls.round()
        }
        await use({
          ...{ ...here, ...played },
          async service(name, body) {
            const { text } = await here.post(
              `${forward}/login`,
              JSON.stringify({ username: account, password }),
            )
            const { session } = JSON.parse(text) as { session: string } // days have passed since the last
            return here.service(name, { session, ...body })
          },
          asked: (service, times) =>
            eventually(`${times} × ${service}`, async () => {
              if (calls(service).length < times) await turn()
              return calls(service).length >= times && calls(service)
            }),
          messages: (action, count) =>
            eventually(`${count} × ${action}`, async () => {
              const path = `/v1/messages?max=100&action=${action}`
              const { json } = await lent.call(operatorKey, 'GET', path)
              const ids = (json['items'] as unknown as { id: string }[]).map(({ id }) => id)
              if (ids.length < count) await turn()
              const found = await Promise.all(ids.map((id) => lent.store.readMessage(id)))
              return ids.length >= count && found.map((message) => message?.payload ?? {})
            }),
        })
      },
      others,
    )
  })
}

const question = (more: Payload = {}): Payload => ({
  ...{ HOIDAPID: 550123, MADONVI: 'H49', NOIDUNG: 'Nộp hồ sơ ở đâu?', HOVATEN: 'Lê Thị Thử', TRANGTHAI: 1 },
  ...{ TRALOIID: '', NOIDUNGTRALOI: null, ...more },
})

describe('what the portal publishes is read, as a client of it', () => {
  it('is nothing unless the options ask for it [off by default]', () =>
    scene({}, {}, async ({ lent, calls, service }) => {
      for (let n = 0; n < 3; n += 1) {
        lent.clock.pass(24 * hourMs)
        await service('LayDanhMucCoQuan')
        await lent.gateway.polls.round()
      }
      expect(calls()).to.deep.equal([])
    }))

  it('questions come once each, and their answers when there are some, to the body that reads them by the same services [dvcqg §7]', () => {
    let listed = [question()]
    const answers = {
      LayDanhSachHoiDapGuiTuDVCQG: () => rows(...listed, { NOIDUNG: 'không có mã' }),
      LayNoiDungTraLoiTheoCauHoi: () => rows(),
    }
    return scene({ questions: {} }, answers, async ({ asked, messages, service, calls }) => {
      const [first] = await messages('question.asked', 1)
      expect(first).to.deep.equal({
        data: [
          {
            HOIDAPID: '550123',
            MADONVI: 'H49',
            NOIDUNG: 'Nộp hồ sơ ở đâu?',
            HOVATEN: 'Lê Thị Thử',
            TRANGTHAI: '1',
          },
        ],
      })
      expect(calls()[0]).to.include({ madonvi: 'H49', service: 'LayDanhSachHoiDapGuiTuDVCQG' })
      await asked('LayDanhSachHoiDapGuiTuDVCQG', 2)
      listed = [question({ TRALOIID: 'tl-1', NOIDUNGTRALOI: 'Nộp trực tuyến.' })]
      const [answer] = await eventually('the answer', async () => {
        await asked('LayDanhSachHoiDapGuiTuDVCQG', 3)
        const found = await messages('question.answered', 0)
        return found.length > 0 && found
      })
      expect(answer).to.deep.equal({
        data: [{ HOIDAPID: '550123', MADONVI: 'H49', TRALOIID: 'tl-1', NOIDUNGTRALOI: 'Nộp trực tuyến.' }],
      })
      await asked('LayDanhSachHoiDapGuiTuDVCQG', 5)
      expect(await messages('question.asked', 1)).to.have.length(1)
      expect(await messages('question.answered', 1)).to.have.length(1)
      const read = await service('LayDanhSachHoiDapGuiTuDVCQG')
      expect(read.result).to.have.length(1)
      expect(read.result[0]).to.include({ HOIDAPID: 550123, NOIDUNGTRALOI: 'Nộp trực tuyến.' })
    })
  })

  it('asks by itself for an answer that its row does not have, again in each round [dvcqg §7]', () => {
    let given: readonly Payload[] = []
    const answers = {
      LayDanhSachHoiDapGuiTuDVCQG: () => rows(question({ hoidapid: 550123, HOIDAPID: null })),
      LayNoiDungTraLoiTheoCauHoi: () => rows(...given),
    }
    return scene({ questions: {} }, answers, async ({ asked, messages }) => {
      const [call] = await asked('LayNoiDungTraLoiTheoCauHoi', 1)
      expect(call).to.include({ cauhoiid: '550123' })
      given = [{ TRALOIID: 'tl-9', NOIDUNGTRALOI: 'Tại bộ phận một cửa.' }]
      await asked('LayNoiDungTraLoiTheoCauHoi', 2)
      expect(await messages('question.answered', 1)).to.deep.equal([
        {
          data: [
            { HOIDAPID: '550123', MADONVI: 'H49', TRALOIID: 'tl-9', NOIDUNGTRALOI: 'Tại bộ phận một cửa.' },
          ],
        },
      ])
      await asked('LayNoiDungTraLoiTheoCauHoi', 4)
      expect(await messages('question.answered', 1)).to.have.length(1)
      expect(await messages('question.asked', 1)).to.have.length(1)
    })
  })

  it('petitions come with their details, by the state that the options know, each state once [dvcqg §8.2]', () => {
    let state = 'MOI'
    const answers = {
      LayDanhSachPAKN: () => rows({ MAPAKN: 'PAKN.20261121.0007', TRANGTHAI: state }),
      LayChiTietPAKN: () =>
        rows({ MAPAKN: 'PAKN.20261121.0007', NOIDUNG: 'Biểu mẫu khó hiểu', MADONVI: 'H49' }),
    }
    const petitions = { states: { CONG_KHAI: 'pakn.published' }, sinceDays: 10 }
    return scene({ petitions }, answers, async ({ asked, messages, service }) => {
      const [received] = await messages('pakn.received', 1)
      expect(received).to.deep.equal({
        ...{ MaPAKN: 'PAKN.20261121.0007', TrangThai: 'MOI', MaDonVi: 'H49' },
        NoiDung: 'Biểu mẫu khó hiểu',
      })
      const [list] = await asked('LayDanhSachPAKN', 2)
      expect(list?.['tungay']).to.match(/^\d{14}$/)
      state = 'CONG_KHAI'
      const calls = (await asked('LayDanhSachPAKN', 4)).length
      expect(calls).to.be.at.least(4)
      expect(await messages('pakn.published', 1)).to.have.length(1)
      expect(await messages('pakn.received', 1)).to.have.length(1)
      expect((await asked('LayChiTietPAKN', 2)).length, 'only for what is new').to.equal(2)
      expect((await service('LayDanhSachPAKN')).result[0]).to.include({ TRANGTHAI: 'CONG_KHAI' })
    })
  })

  it('catalogues come row by row: new, changed, and where it may be, abolished; the look-ups here answer with them [dvcqg §6]', () => {
    const unit = (MADONVI: string, TENDONVI: string) => ({ MADONVI, TENDONVI, CAPDONVI: '2' })
    let listed: readonly Payload[] = [unit('H49', 'UBND tỉnh Mẫu'), { MaDonVi: 'G03', TenDonVi: 'Bộ Mẫu' }]
    const catalogs = { services: ['LayDanhMucCoQuan'], removals: true }
    return scene({ catalogs }, { LayDanhMucCoQuan: () => rows(...listed) }, async (here) => {
      const { asked, messages, service, lent } = here
      expect(
        (await messages('catalog.changed', 2)).map(({ ThaoTac, Ma }) => [ThaoTac, Ma]),
      ).to.have.deep.members([
        ['them', 'H49'],
        ['them', 'G03'],
      ])
      expect((await service('LayDanhMucCoQuan')).result).to.deep.include(unit('H49', 'UBND tỉnh Mẫu'))
      listed = [unit('H49', 'UBND tỉnh Mẫu đổi tên')]
      await asked('LayDanhMucCoQuan', 2)
      const changes = (await messages('catalog.changed', 4)).map(({ ThaoTac, Ma }) => [ThaoTac, Ma])
      expect(changes).to.have.length(4)
      expect(changes).to.deep.include(['sua', 'H49'])
      expect(changes).to.deep.include(['bai-bo', 'G03'])
      await asked('LayDanhMucCoQuan', 4)
      expect(await messages('catalog.changed', 4)).to.have.length(4)
      expect((await service('LayDanhMucCoQuan')).result).to.deep.equal([unit('H49', 'UBND tỉnh Mẫu đổi tên')])
      const subscriber = await lent.call(
        ministry.apiKey,
        'GET',
        '/v1/messages?action=catalog.changed&max=100',
      )
      expect((subscriber.json['items'] as unknown as unknown[]).length).to.equal(4)
    })
  })

  it('a list that has lost most of its rows, or is too long, changes nothing and is told of', () => {
    const unit = (n: number) => ({ MADONVI: `H${n}`, TENDONVI: `Đơn vị ${n}` })
    let listed = [unit(1), unit(2), unit(3)]
    const catalogs = { services: ['LayDanhMucCoQuan', 'LayDanhMucDanToc'], removals: true }
    const many = Array.from({ length: 6 }, (_, n) => ({ MADANTOC: String(n) }))
    const answers = {
      LayDanhMucCoQuan: () => rows(...listed),
      LayDanhMucDanToc: () => rows(...many),
    }
    return scene({ catalogs, mostRows: 5 }, answers, async ({ asked, messages, lent }) => {
      await messages('catalog.changed', 3)
      listed = []
      await asked('LayDanhMucCoQuan', 3)
      expect(await messages('catalog.changed', 3)).to.have.length(3)
      const told = lent.log
        .filter(({ event }) => event === 'poll failed')
        .map(({ fields }) => fields['waiting'])
      expect(new Set(told)).to.deep.equal(new Set(['LayDanhMucCoQuan', 'LayDanhMucDanToc']))
    })
  })

  it('procedures come with their details, which are asked for again only after days [dvcqg §6.3]', () => {
    const list = [{ MATTHC: '1.009901', TENTTHC: 'Cấp giấy phép' }]
    let fee = 150_000
    const answers = {
      LayDanhSachTTHC: () => rows(...list),
      LayThuTuc: () =>
        rows({
          ...{ MATTHC: '1.009901', TENTTHC: 'Cấp giấy phép', TRANGTHAI: '1' },
          LINHVUCTHUCHIEN: [{ MALINHVUC: 'G03-GD10', TENLINHVUC: 'Thử nghiệm' }],
          CACHTHUCTHUCHIEN: [{ KENH: '2', THOIGIAN: [{ PHILEPHI: [{ SOTIEN: fee }] }] }],
        }),
    }
    return scene({ procedures: { detailsEveryDays: 3 } }, answers, async ({ asked, messages, service }) => {
      await messages('catalog.changed', 1)
      const [row] = (await service('LayThuTuc', { maTTHC: '1.009901' })).result
      expect(row?.['LINHVUCTHUCHIEN']).to.deep.equal([{ MALINHVUC: 'G03-GD10', TENLINHVUC: 'Thử nghiệm' }])
      await asked('LayThuTuc', 2)
      expect((await asked('LayDanhSachTTHC', 3)).length).to.be.at.least(3)
      expect(await messages('catalog.changed', 1), 'the same details are no news').to.have.length(1)
      fee = 200_000
      await asked('LayThuTuc', 3)
      const changes = await messages('catalog.changed', 2)
      expect(changes.map(({ ThaoTac }) => ThaoTac).sort()).to.deep.equal(['sua', 'them'])
    })
  })

  it('a list that does not come holds up no other, and the session is shared', () => {
    const answers = {
      LayDanhSachHoiDapGuiTuDVCQG: () => ({ error_code: 7, message: 'Bảo trì' }),
      LayDanhMucLinhVuc: () => rows({ MALINHVUC: 'G03-GD10', TENLINHVUC: 'Thử nghiệm', MANGANH: 'G03' }),
    }
    const poll = { questions: {}, catalogs: { services: ['LayDanhMucLinhVuc'] } }
    return scene(poll, answers, async ({ asked, messages, logins, calls }) => {
      await messages('catalog.changed', 1)
      await asked('LayDanhSachHoiDapGuiTuDVCQG', 2)
      expect(logins()).to.be.below(calls().length)
    })
  })

  it('names services as the portal does, where the options say so', () =>
    withSink((sink) => {
      const played = playPortal(sink, {}, { poll: { bodies: ['H49'], petitions: {} } })
      const { agency } = played.core
      const options = {
        ...agency.options,
        services: { DsKienNghi: 'LayDanhSachPAKN' },
        units: { 'H49-MC': 'H49' },
      }
      const core = { ...played.core, agency: { ...agency, options } }
      return envelopeScene(
        {},
        async ({ lent }) => {
          const call = await eventually('the call', async () => {
            lent.clock.pass(600_000)
            return played.calls().find(({ service }) => service === 'DsKienNghi')
          })
          expect(call).to.include({ madonvi: 'H49-MC' })
        },
        { core, corePassword: portalPassword },
      )
    }))
})
