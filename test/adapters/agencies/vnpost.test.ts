import { expect } from 'chai'
import fc from 'fast-check'
import { canonical } from '../../../adapters/agencies/canonical.ts'
import type { DoorRequest, Transport, TransportAnswer, Trusted } from '../../../adapters/agencies/dialect.ts'
import { vnpost } from '../../../adapters/agencies/vnpost/index.ts'
import { actions } from '../../../schemas/actions.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import { parsePayload } from '../../../schemas/parse.ts'
import { messageOf } from '../../contracts/dialect.ts'

let origins = 0
const optionsAt = (origin: string) => ({
  ...{ tokenUrl: `${origin}/token`, orderUrl: `${origin}/order`, cancelUrl: `${origin}/cancel` },
  ...{ key: 'khoa', customers: { H49: 'H49MC' } },
})
const agencyWith = (more: Agency['options'] = {}): Agency => ({
  ...{ code: 'VNPOST', name: 'Bưu điện', partyClass: 'company', status: 'live', dialect: 'vnpost' },
  options: { ...optionsAt('https://buudien.example.vn'), ...more },
})
const accepts = (more: Agency['options']) =>
  vnpost.options.safeParse({ ...agencyWith().options, ...more }).success

const ordered = messageOf('dossier.post-ordered')
const cancelled = messageOf('dossier.post-cancelled')
const orderIn = (message: Message, more: Agency['options'] = {}): Payload => {
  const encoded = vnpost.encode(message, agencyWith(more))
  if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
  return JSON.parse(Buffer.from(encoded.body).toString()) as Payload
}

type Call = Parameters<Transport['post']>[0]
const answerOf = (status: number, body: object): TransportAnswer => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
})

/** Sends to a server that no other test has a token of. */
async function send(
  messages: readonly Message[],
  answer: TransportAnswer,
  {
    more = {},
    token = answerOf(200, { access_token: 'the-1', token_type: 'Bearer', expires_in: 3600 }),
    secrets = ['bi-mat'],
  } = {},
) {
  const calls: Call[] = []
  const transport: Transport = {
    post: async (call) => {
      calls.push(call)
      return call.url.endsWith('/token') ? token : answer
    },
  }
  const agency = agencyWith({ ...optionsAt(`https://b${(origins += 1)}.example.vn`), ...more })
  const outcomes = []
  for (const message of messages) {
    const encoded = vnpost.encode(message, agency)
    if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
    const keys = { secrets: () => secrets, privateKey: () => undefined }
    outcomes.push(await vnpost.send({ message, deliveryId: 'd', encoded }, agency, transport, keys))
  }
  return { outcomes, calls, outcome: outcomes[0]! }
}

const done = answerOf(201, { Status: '100', Message: 'OK' })

describe('vnpost: as the client of the postal service', () => {
  it('asks for a token with key and secret, once, and orders with it', async () => {
    const { outcomes, calls } = await send([ordered, ordered], done)
    expect(outcomes).to.deep.equal([{ kind: 'delivered' }, { kind: 'delivered' }])
    const [token, order, ...others] = calls
    expect(Buffer.from(token?.body ?? '').toString()).to.equal('grant_type=client_credentials')
    expect(token?.headers).to.include({
      ...{
        authorization: `Basic ${Buffer.from('khoa:bi-mat').toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    })
    expect(order).to.deep.include({ method: 'POST' })
    expect(order?.headers).to.include({ authorization: 'Bearer the-1' })
    expect(others, 'one more order, no more token').to.have.lengthOf(1)
  })

  it('writes an order with the code of the dossier, money and places as numbers, and no text missing', () => {
    const payload = {
      MaHoSo: 'H49-261121-0001',
      CODAmount: '50000',
      SenderProvince: '20',
      ReceiverName: 'Lê Thị Thử',
      Rieng: 'x',
    }
    expect(orderIn({ ...ordered, payload })).to.deep.include({
      ...{ CustomerCode: 'H49MC', OrderNumber: 'H49-261121-0001', CODAmount: 50_000, SenderProvince: 20 },
      ...{ ReceiverName: 'Lê Thị Thử', ReceiverEmail: '', SenderDesc: '', Rieng: 'x' },
    })
    expect(orderIn({ ...ordered, payload: { MaHoSo: 'x' } })).to.include({ CODAmount: 0 })
    expect(orderIn({ ...ordered, payload })).not.to.have.any.keys('MaHoSo', 'FlagConfig')
  })

  it('orders the collection of papers in the second form, at an address of its own', async () => {
    const person = { Name: 'Lê Thị Thử', Phone: '0900000101', ProvinceCode: '20', Ghi: 'x' }
    const payload = {
      MaHoSo: 'H49-261121-0001',
      Procedure: { Code: '1.009901', Title: 'Cấp đổi', Category: 'Giao thông', Elements: ['a'] },
      ...{ IsSendDocument: 'True', DocumentSender: person, IsReceiveResult: 'True', ResultReceiver: person },
      State: '1',
    }
    const { MaHoSo, ...given } = payload
    const message = { ...ordered, payload }
    expect(vnpost.encode(message, agencyWith())).to.include({ kind: 'unsupported' })
    const more = { collectUrl: 'https://bd.example.vn/collect' }
    expect(orderIn(message, more)).to.deep.equal({ ...given, CustomerCode: 'H49MC', OrderNumber: MaHoSo })
    const { calls, outcome } = await send([message], done, { more })
    expect(calls[1]).to.include({ method: 'POST', url: 'https://bd.example.vn/collect' })
    expect(outcome).to.deep.equal({ kind: 'delivered' })
  })

  it('cancels by GET with the two names', async () => {
    const { calls, outcome } = await send([cancelled], done)
    expect(outcome).to.deep.equal({ kind: 'delivered' })
    expect(calls[1]).to.include({ method: 'GET' })
    const { pathname, searchParams } = new URL(calls[1]?.url ?? '')
    expect([pathname, Object.fromEntries(searchParams)]).to.deep.equal([
      '/cancel',
      { CustomerCode: 'H49MC', OrderNumber: cancelled.payload['MaHoSo'] },
    ])
  })

  it('takes 201 alone for success', async () => {
    expect(
      (await send([ordered], answerOf(200, { Status: '99', Message: 'Sai mã khách hàng' }))).outcome,
    ).to.deep.equal({
      ...{ kind: 'refused', code: 'post_99', reason: 'Sai mã khách hàng' },
    })
    expect((await send([ordered], answerOf(200, {}))).outcome).to.include({ kind: 'in_doubt' })
    expect((await send([ordered], answerOf(500, {}))).outcome).to.include({ kind: 'retry' })
    expect((await send([ordered], answerOf(400, {}))).outcome).to.include({ kind: 'refused' })
  })

  it('speaks the newer form where it is set: header access_token, FlagConfig 2, Status 100', async () => {
    const more = { variant: 'td' }
    const { calls, outcome } = await send(
      [{ ...ordered, payload: { MaHoSo: 'x', ItemCode: 'EL1VN' } }],
      answerOf(200, { Status: 100 }),
      { more },
    )
    expect(outcome).to.deep.equal({ kind: 'delivered' })
    expect(calls[1]?.headers).to.include({ access_token: 'the-1' }).and.not.to.have.property('authorization')
    expect(JSON.parse(Buffer.from(calls[1]?.body ?? '').toString())).to.include({
      ItemCode: 'EL1VN',
      FlagConfig: 2,
    })
    expect((await send([ordered], answerOf(201, { Status: '101' }), { more })).outcome).to.include({
      kind: 'refused',
      code: 'post_101',
    })
  })

  it('sends no order without a token', async () => {
    const refused = await send([ordered], done, { token: answerOf(401, {}) })
    expect([refused.outcome.kind, refused.calls.length]).to.deep.equal(['fault', 1])
    expect((await send([ordered], done, { secrets: [] })).outcome).to.include({
      kind: 'fault',
      code: 'no_secret',
    })
    expect((await send([ordered], done, { token: answerOf(503, {}) })).outcome).to.include({ kind: 'retry' })
  })

  it('says what it cannot carry', () => {
    const reasonOf = (message: Message, more: Agency['options'] = {}) => {
      const encoded = vnpost.encode(message, agencyWith(more))
      return encoded.kind === 'unsupported' ? encoded.reason : ''
    }
    expect(reasonOf(messageOf('dossier.result'))).to.contain('dossier.result')
    expect(reasonOf({ ...ordered, payload: { MaHoSo: 'x' } }, { customers: {} })).to.contain('CustomerCode')
    expect(vnpost.encode(ordered, { ...agencyWith(), options: {} }).kind).to.equal('unsupported')
  })

  it('goes over TLS alone', () => {
    expect(accepts({ orderUrl: 'http://10.0.0.1/order' })).to.equal(false)
    expect(accepts({ orderUrl: 'http://buudien.example.vn/order' })).to.equal(false)
  })
})

describe('vnpost: what its clients say', () => {
  const request = (more: Partial<DoorRequest>): DoorRequest => ({
    ...{ method: 'POST', path: '/vnpost/order', query: {}, headers: {}, body: new Uint8Array(0) },
    ...more,
  })
  const client: Agency = { ...agencyWith(), code: 'H49', options: { carrier: 'VNPOST' } }

  it('an order is read as one message for the carrier', () => {
    const order = {
      CustomerCode: 'H49MC',
      OrderNumber: 'H49-261121-0001',
      CODAmount: 0.0,
      SenderProvince: 20,
      SenderEmail: '',
    }
    expect(vnpost.decode(request({ body: Buffer.from(JSON.stringify(order)) }), client)).to.deep.equal([
      {
        kind: 'trusted',
        header: { sender: 'H49', recipients: ['VNPOST'], action: 'dossier.post-ordered' },
        payload: { CustomerCode: 'H49MC', CODAmount: '0', SenderProvince: '20', MaHoSo: 'H49-261121-0001' },
        naturalKey: ['post', 'H49-261121-0001'],
        original: Buffer.from(JSON.stringify(order)),
      },
    ])
  })

  it('an order to collect papers keeps all that it says', () => {
    const row = {
      OrderNumber: 'H49-261121-0001',
      Procedure: { Code: '1.009901', Title: 'Cấp đổi', Category: 'Giao thông', Elements: ['a'] },
      ...{ IsSendDocument: true, DocumentSender: { Name: 'Lê Thị Thử', Phone: '0900000101' }, State: 1 },
    }
    const body = Buffer.from(JSON.stringify(row))
    const [content] = vnpost.decode(request({ path: '/vnpost/collect', body }), client)
    const { header, payload, naturalKey } = content as Trusted // this door trusts its clients
    expect(header.action).to.equal('dossier.post-ordered')
    expect(payload).to.deep.include({
      ...{ MaHoSo: 'H49-261121-0001', State: '1', DocumentSender: row.DocumentSender },
      Procedure: row.Procedure,
    })
    expect(() => parsePayload('dossier.post-ordered', payload)).not.to.throw()
    expect(naturalKey, 'beside the parcel of the same dossier').to.deep.equal([
      ...['post', 'H49-261121-0001', 'collect'],
    ])
  })

  it('the end of an order shares its natural key, so that the same order after it is new', () => {
    const query = { CustomerCode: 'H49MC', OrderNumber: 'H49-261121-0001' }
    const [content] = vnpost.decode(request({ method: 'GET', path: '/vnpost/cancel', query }), client)
    expect(content).to.deep.include({ naturalKey: ['post', 'H49-261121-0001'] })
    expect(content).to.have.nested.property('header.action', 'dossier.post-cancelled')
  })

  it('a step that is called in has its time from milliseconds, from seconds or as a date', () => {
    const timeOf = (EventTime: string | number) => {
      const body = Buffer.from(
        JSON.stringify({ _id: { $oid: 'a1' }, OrderNumber: 'H49-261121-0001', EventTime }),
      )
      const [content] = vnpost.decode(request({ path: '/vnpost/tracking', body }), agencyWith())
      return content?.kind === 'trusted' ? content.payload['EventTime'] : undefined
    }
    for (const time of [
      1_795_228_200_000,
      1_795_228_200,
      '1795228200000',
      '2026-11-21 09:30:00',
      '20261121093000',
    ])
      expect(timeOf(time), String(time)).to.equal('20261121093000')
    expect(timeOf('21/11/2026')).to.equal('20261121000000')
  })

  it('reads what it wrote, whatever an order holds', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    const number = fc.nat(10_000_000).map(String)
    const order = fc.record(
      {
        ...{
          SenderName: text,
          SenderAddress: text,
          ReceiverName: text,
          ReceiverTel: text,
          Description: text,
          TruongLa: text,
        },
        ...{
          SenderProvince: number,
          SenderDistrict: number,
          ReceiverProvince: number,
          ReceiverDistrict: number,
        },
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(order, number, (given, CODAmount) => {
        const payload = { ...(given as Payload), CODAmount, CustomerCode: 'H49MC', MaHoSo: 'H49-261121-0001' }
        const body = Buffer.from(JSON.stringify(orderIn({ ...ordered, payload })))
        const [content] = vnpost.decode(request({ body }), client)
        expect(content).to.deep.include({
          payload: canonical(actions['dossier.post-ordered'].schema, payload),
        })
      }),
    )
  })
})
