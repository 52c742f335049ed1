import { expect } from 'chai'
import type { Agency } from '../../schemas/agency.ts'
import { eventually } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'
import { init, marked, reference, withPayments, type PaymentScene } from '../support/payments.ts'
import { withSink, type Sink, type SinkAnswer } from '../support/sink.ts'

const url = 'https://thanhtoan.example.vn/phien/1'

interface Scene extends PaymentScene {
  readonly sink: Sink
  readonly ask: () => Promise<Readonly<Record<string, unknown>>>
}

/** An agency that waits for the address, and the real platform, which answers an INIT with a text; null = never. */
function scene(
  answer: object | string | null,
  use: (scene: Scene) => Promise<void>,
  options: Agency['options'] = {},
): Promise<void> {
  return withSink((sink) => {
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer)
    sink.answer(() => (answer === null ? new Promise(() => undefined) : { status: 200, body }))
    const waits = { answerAfter: 'delivered', ...options }
    const province = createParty({ code: 'H49', dialect: 'payment-platform', options: waits })
    const there = { platformUrl: sink.url, partnerCode: 'TRUC01' }
    const platform = createParty({ code: 'G22', dialect: 'payment-platform', options: there })
    const secrets = { 'account:payment-platform:H49TEST': 'H49', payment: 'G22' }
    return withPayments([province, platform], secrets, (lent) =>
      use({ ...lent, sink, ask: async () => (await lent.post('/payment-platform', marked(init))).json }),
    )
  })
}

const taken = { MaLoi: '00', MaThamChieu: reference, UrlThanhToan: url }

describe('the answer to an INIT that goes on to the real platform', () => {
  it('has the address that the platform gave, and has it again when the same is sent again', () =>
    scene(taken, async ({ ask, sink }) => {
      const first = await ask()
      expect(first).to.include({ MaLoi: '00', MaDoiTac: 'H49TEST', UrlThanhToan: url })
      expect(await ask()).to.deep.equal(first)
      expect(sink.requests).to.have.lengthOf(1)
    }))

  it('has it where the platform answers within a façade, and gives it in the form that the agency reads', () =>
    scene(
      { error_code: '0', message: JSON.stringify(taken) },
      async ({ ask }) => {
        const { error_code, message } = await ask()
        expect(error_code).to.equal('0')
        expect(JSON.parse(String(message))).to.include({ MaLoi: '00', UrlThanhToan: url })
      },
      { answerForm: 'facade' },
    ))

  it('says that the platform has not answered within 20 s, and has the address when it is sent again', () =>
    scene(null, async ({ ask, sink, lent }) => {
      let answer: (given: SinkAnswer) => void = () => undefined
      const late = new Promise<SinkAnswer>((resolve) => (answer = resolve))
      sink.answer(() => late)
      const asked = ask()
      await eventually('INIT', async () => sink.requests.length > 0)
      lent.clock.pass(20_000)
      expect(await asked).to.include({
        MaLoi: '99',
        MoTaLoi: 'Đã ghi nhận; nền tảng chưa trả lời. Hãy gửi lại đúng bản tin này',
      })
      answer({ status: 200, body: JSON.stringify(taken) })
      expect(await ask()).to.include({ MaLoi: '00', UrlThanhToan: url })
    }))

  it('says that there is none where the platform gives none, one of another payment, or no address of the web', async () => {
    for (const more of [
      { UrlThanhToan: '' },
      { UrlThanhToan: 'javascript:alert(1)' },
      { UrlThanhToan: `https://thanhtoan.example.vn/${'x'.repeat(2_000)}` },
      { MaThamChieu: 'KHAC' },
    ])
      await scene({ ...taken, ...more }, async ({ ask }) => {
        const answer = await ask()
        expect(answer).to.include({ MaLoi: '99' })
        expect(answer['MoTaLoi']).to.equal('Đã ghi nhận; nền tảng không cho địa chỉ thanh toán')
        expect(answer).not.to.have.property('UrlThanhToan')
      })
  })

  it('leads where the option says, where the platform gives none', () =>
    scene(
      { MaLoi: '00' },
      async ({ ask }) => {
        const own = `https://thanhtoan.example.vn/${reference}`
        expect(await ask()).to.include({ MaLoi: '00', UrlThanhToan: own })
      },
      { paymentUrl: 'https://thanhtoan.example.vn/{MaThamChieu}' },
    ))

  it('is the refusal of a platform that refuses it', () =>
    scene({ MaLoi: '07', MoTaLoi: 'Sai mã dịch vụ' }, async ({ ask }) => {
      const answer = await ask()
      expect(answer).to.include({ MaLoi: '99' })
      expect(answer['MoTaLoi']).to.contain('Sai mã dịch vụ')
    }))

  it('does not wait unless the option says so', () =>
    scene(
      null,
      async ({ ask }) => {
        const answer = await ask()
        expect(answer).to.include({ MaLoi: '00' })
        expect(answer).not.to.have.property('UrlThanhToan')
      },
      { answerAfter: 'accepted' },
    ))

  it('is that of KeyPay, where KeyPay handles the payment', () =>
    withSink(async (sink) => {
      sink.answer(() => ({ status: 200, body: JSON.stringify({ error: '0', payment_url: url }) }))
      const waits = { answerAfter: 'delivered', handledBy: 'KEYPAY' }
      const province = createParty({ code: 'H49', dialect: 'payment-platform', options: waits })
      const there = { createUrl: sink.url, clientId: 'CLIENT01' }
      const gate = createParty({ code: 'KEYPAY', dialect: 'keypay', options: there })
      const secrets = { 'account:payment-platform:H49TEST': 'H49', 'hash-key-1': 'KEYPAY' }
      await withPayments([province, gate], secrets, async ({ post }) => {
        const { json } = await post('/payment-platform', marked(init))
        expect(json).to.include({ MaLoi: '00', UrlThanhToan: url })
      })
    }))
})
