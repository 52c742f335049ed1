import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import { markOf } from '../../signing/joined-mark.ts'
import { eventually } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'
import { init, marked, query, secret, withPayments, type PaymentScene } from '../support/payments.ts'
import { paygovCallback } from '../support/samples/paygov.ts'
import { withSink, type SinkRequest } from '../support/sink.ts'

const sums = ['orderId', 'amount', 'requestCode']
const orderId = 'H49.05-H49.05-261121-0001-01'
const url = 'https://paygov.example.vn/thanh-toan/1'

interface Scene extends PaymentScene {
  readonly creates: () => readonly (SinkRequest & { readonly fields: Payload })[]
  readonly ask: () => Promise<Readonly<Record<string, unknown>>>
}

/** A province that asks by INIT, and the PayGov that handles its payments behind an LGSP. */
function scene(answer: object, use: (scene: Scene) => Promise<void>): Promise<void> {
  return withSink((sink) => {
    sink.answer(({ path }) => {
      const token = { access_token: 'the-cua-lgsp', token_type: 'Bearer', expires_in: 3_600 }
      return { status: 200, body: JSON.stringify(path.endsWith('/token') ? token : answer) }
    })
    const request = {
      ...{ url: `${sink.url}/create`, tokenUrl: `${sink.url}/token`, clientId: 'truc' },
      ...{ access: { AccessKey: 'khoa', AppName: 'truc' }, accessAs: 'text', checksumFields: sums },
      ...{ returnUrl: 'https://dichvu.example.vn/xong?ma={MaThamChieu}', serviceCode: 'DV01' },
    }
    const gate = createParty({ code: 'PAYGOV', dialect: 'paygov', options: { request } })
    const waits = { handledBy: 'PAYGOV', answerAfter: 'delivered' }
    const province = createParty({ code: 'H49', dialect: 'payment-platform', options: waits })
    const secrets = {
      ...{ 'account:payment-platform:H49TEST': 'H49', 'account:paygov:PAYGOV49': 'PAYGOV' },
      ...{ 'client-secret': 'PAYGOV', 'secret-key': 'PAYGOV', checksum: 'PAYGOV' },
    }
    return withPayments([province, gate], secrets, (lent) =>
      use({
        ...lent,
        creates: () =>
          sink.requests
            .filter(({ path }) => path.endsWith('/create'))
            .map((each) => ({ ...each, fields: JSON.parse(String(each.body)) as Payload })),
        ask: async () =>
          (
            await lent.post(
              '/payment-platform',
              marked({ ...init, MaThamChieu: orderId, ThongTinGiaoDich: 'Lệ phí đất đai' }),
            )
          ).json,
      }),
    )
  })
}

describe('a payment that is created at a PayGov', () => {
  it('goes there with token, header and sum; the payer is led to its address; its result comes back', () =>
    scene({ error_code: 'SUCCESSFUL', data: { url } }, async ({ ask, creates, post }) => {
      expect(await ask()).to.include({ MaLoi: '00', UrlThanhToan: url })
      const [create] = creates()
      const sum = markOf('hmac', `${orderId}|150000|${orderId}`, secret)
      expect(create?.fields).to.deep.equal({
        ...{ partnerCode: 'H49TEST', orderId, amount: 150_000, orderInfo: 'Le phi dat dai' },
        ...{ returnUrl: `https://dichvu.example.vn/xong?ma=${orderId}`, requestCode: orderId },
        ...{ ipAddress: '10.10.0.5', serviceCode: 'DV01', checksum: sum },
      })
      expect(create?.headers['authorization']).to.equal('Bearer the-cua-lgsp')
      expect(JSON.parse(String(create?.headers['lgspaccesstoken']))).to.deep.equal({
        ...{ AccessKey: 'khoa', AppName: 'truc', SecretKey: secret },
      })
      expect((await post('/paygov/PAYGOV49/callback', paygovCallback())).json).to.include({
        error_code: 'SUCCESSFUL',
      })
      const state = await post('/payment-platform', marked({ ...query, MaThamChieu: orderId }))
      expect(state.json).to.include({ TrangThaiGD: '1', SoTien: 150_000 })
    }))

  it('is refused with the word of a PayGov that refuses it', () =>
    scene({ error_code: '05', message: 'Sai serviceCode' }, async ({ ask, creates }) => {
      const { MaLoi, MoTaLoi } = await ask()
      expect(MaLoi).to.equal('99')
      expect(MoTaLoi).to.contain('Sai serviceCode')
      expect(creates()).to.have.lengthOf(1)
    }))

  it('is in doubt, for a person, where the answer says neither', () =>
    scene({ data: {} }, async ({ ask, lent, creates }) => {
      const asked = ask()
      await eventually('the call', async () => creates().length > 0)
      await eventually('the doubt', async () => lent.log.some(({ fields }) => fields['state'] === 'in_doubt'))
      lent.clock.pass(20_000)
      expect(await asked).to.include({ MaLoi: '99' })
    }))
})
