import { expect } from 'chai'
import fc from 'fast-check'
import type { DoorRequest, Transport, Trusted } from '../../../adapters/agencies/dialect.ts'
import type { Claim } from '../../../adapters/agencies/door.ts'
import { keypay } from '../../../adapters/agencies/keypay/index.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Payload } from '../../../schemas/message.ts'
import { parsePayload } from '../../../schemas/parse.ts'
import { messageOf } from '../../contracts/dialect.ts'
import { samplePayload } from '../../support/payloads.ts'
import { secret } from '../../support/payments.ts'
import { keypayCallback, keypayCreate } from '../../support/samples/keypay.ts'

const url = 'http://127.0.0.1:9/keypay'
const agency: Agency = {
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'keypay' },
  options: { createUrl: url, callbackUrl: url },
}
const paths = { 'payment.requested': '/keypay', 'payment.result': '/keypay/callback' } as const
type Spoken = keyof typeof paths

const requestOf = (action: Spoken, body: string | object, type = 'application/json'): DoorRequest => ({
  ...{ method: 'POST', path: paths[action], query: {}, headers: { 'content-type': type } },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const decode = (...asked: Parameters<typeof requestOf>): Trusted =>
  keypay.decode(requestOf(...asked), agency)[0] as Trusted
const claimOf = (...asked: Parameters<typeof requestOf>) =>
  keypay.door?.claim(requestOf(...asked)) as Extract<Claim, { kind: 'account' }>

function encoded(action: Spoken, payload: Payload): Payload {
  const written = keypay.encode({ ...messageOf(action), payload }, agency)
  if (written.kind === 'unsupported') throw new Error(written.reason)
  return JSON.parse(Buffer.from(written.body).toString()) as Payload
}

describe('KeyPay', () => {
  it('decodes what it has encoded to the same payload', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.constantFrom<Spoken>('payment.requested', 'payment.result'),
        (n, action) => {
          const { payload } = decode(action, encoded(action, samplePayload(action, n)))
          expect(decode(action, encoded(action, payload)).payload).to.deep.equal(payload)
          expect(parsePayload(action, payload).row.family).to.equal('payment')
        },
      ),
    )
  })

  it('knows the sum of the known example, and who made it', () => {
    const sum = 'c89cb789da6b4f9a4dd2f9e5184f35be4b4e3670d5815120cbae9cc8e6bb3492'
    expect(keypayCreate()).to.include({ check_sum: sum })
    const create = claimOf('payment.requested', keypayCreate())
    expect(create.account).to.equal('CLIENT01')
    expect([create.isProvedBy([secret], {}), create.isProvedBy(['another'], {})]).to.deep.equal([true, false])
    const callback = claimOf('payment.result', keypayCallback())
    expect(callback.account).to.equal('callback:CLIENT01')
    expect(callback.isProvedBy([secret], {})).to.equal(true)
    const other = claimOf('payment.result', { ...keypayCallback(), trans_amount: 1 })
    expect(other.isProvedBy([secret], {})).to.equal(false)
  })

  it('reads a form as it reads JSON, the bill as text', () => {
    const fields = { ...keypayCreate(), bill_info: JSON.stringify({ MaHoSo: 'H49.05-261121-0001' }) }
    const form = new URLSearchParams(fields as Readonly<Record<string, string>>) // but for the bill, all are text
    const type = 'application/x-www-form-urlencoded; charset=utf-8'
    expect(claimOf('payment.requested', String(form), type).isProvedBy([secret], {})).to.equal(true)
    expect(decode('payment.requested', String(form), type).payload).to.deep.include({
      ...{ MaThamChieu: '1201_7f3c2a10-5b6e-', MaDoiTac: 'CLIENT01', SoTien: '150000', command: 'PAY' },
      ThongTinBienLai: { MaHoSo: 'H49.05-261121-0001' },
    })
  })

  it('knows status 0 for paid, and any other for not', () => {
    const codeOf = (status: string | number) =>
      decode('payment.result', keypayCallback({ status })).payload['MaLoi']
    expect([codeOf(0), codeOf('0'), codeOf(2)]).to.deep.equal(['00', '00', '2'])
  })

  it('sums what goes out with the key of its message, and reads the answer', async () => {
    const bodies: Payload[] = []
    const asked: string[] = []
    const keys = {
      privateKey: () => undefined,
      secrets(name: string) {
        asked.push(name)
        return [secret]
      },
    }
    const send = async (action: Spoken, said: string) => {
      const transport: Transport = {
        post: async ({ body }) => {
          bodies.push(JSON.parse(Buffer.from(body).toString()) as Payload)
          return { status: 200, headers: {}, body: Buffer.from(said) }
        },
      }
      const message = { ...messageOf(action), payload: samplePayload(action, 1) }
      const written = keypay.encode(message, agency)
      if (written.kind === 'unsupported') throw new Error(written.reason)
      return keypay.send({ message, deliveryId: 'd', encoded: written }, agency, transport, keys)
    }
    expect(await send('payment.requested', '{"error":"0","msg":"","payment_url":"x"}')).to.include({
      kind: 'delivered',
    })
    expect(await send('payment.result', '{"return_code":-1,"return_msg":"Sai"}')).to.deep.equal({
      ...{ kind: 'refused', code: 'code_-1', reason: 'Sai' },
    })
    expect(asked).to.deep.equal(['hash-key-1', 'hash-key-2'])
    expect(bodies[1]).to.include({ status: '0', version: '3.0' })
    for (const [at, action] of (['payment.requested', 'payment.result'] as const).entries())
      expect(claimOf(action, bodies[at] ?? {}).isProvedBy([secret], {})).to.equal(true)
  })
})
