import { expect } from 'chai'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { DoorRequest, Transport, TransportAnswer } from '../../../adapters/agencies/dialect.ts'
import { xroadRest } from '../../../adapters/agencies/xroad-rest/index.ts'
import { idOf, partsOf } from '../../../adapters/agencies/xroad-rest/ids.ts'
import { requestHashOf, xroadRequestOf } from '../../../adapters/agencies/xroad-rest/request.ts'
import { canonical } from '../../../adapters/agencies/canonical.ts'
import { actions, type ActionName } from '../../../schemas/actions.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import { messageOf } from '../../contracts/dialect.ts'
import { refusalOf } from '../../schemas/faults.ts'
import { samplePayload } from '../../support/payloads.ts'

const service = 'VN/GOV/H49/motcua/nhan'
const options = {
  ...{ url: 'https://ss.example.vn/', client: 'VN/GOV/TRUC/lienthong', clients: ['VN/GOV/H49/motcua'] },
  ...{ provider: 'VN/GOV/TRUC/lienthong', calls: { 'dossier.submitted': { service } } },
}
const agencyWith = (more: Agency['options'] = {}): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'xroad-rest' },
  options: { ...options, ...more },
})
const accepts = (more: Agency['options']) => xroadRest.options.safeParse({ ...options, ...more }).success

const path = '/r1/VN/GOV/TRUC/lienthong/DongBoHoSoMC'
const client = { 'x-road-client': 'VN/GOV/H49/motcua' }
const request = (more: Partial<DoorRequest> = {}): DoorRequest => ({
  ...{ method: 'POST', path, query: {}, headers: client, body: Buffer.from('{}') },
  ...more,
})
const read = (headers: Readonly<Record<string, string>>) =>
  xroadRequestOf(request({ headers: { ...client, ...headers } }))

describe('X-Road REST: identifiers', () => {
  it('are segments that are encoded on their own, so that a slash inside a value is never ambiguous', () => {
    expect(partsOf('VN/GOV/T%C3%8Dnh/m%20c', 4)).to.deep.equal(['VN', 'GOV', 'TÍnh', 'm c'])
    for (const bad of [
      'VN/GOV//x',
      'VN/GOV/H49/%2F',
      'VN/GOV/H49/%',
      'VN/GOV/H49/%C3',
      'VN/GOV/H49/a b',
      'VN/GOV/H49/%00',
      'VN/GOV/H49/%20',
      'VN/GOV/H49',
    ])
      expect(partsOf(bad, 4), bad).to.equal(null)
  })

  it('are written as they were read', () => {
    const part = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !/\p{Cs}/u.test(text) && text.trim() !== '' && !/[\p{Cc}/\\]/u.test(text))
    fc.assert(
      fc.property(fc.array(part, { minLength: 4, maxLength: 4 }), (parts) => {
        expect(partsOf(idOf(parts), 4)).to.deep.equal(parts)
      }),
    )
  })
})

describe('X-Road REST: headers of a request', () => {
  it('X-Road-Client is mandatory and names a subsystem or a member', () => {
    expect(read({}).client).to.deep.equal(['VN', 'GOV', 'H49', 'motcua'])
    expect(refusalOf(() => xroadRequestOf(request({ headers: {} })))).to.include({
      field: 'X-Road-Client',
      reason: 'missing',
    })
    for (const bad of ['', 'VN', 'VN/GOV', 'VN/GOV/H49/a/b', 'VN/GOV/H49/ '])
      expect(
        refusalOf(() => read({ 'x-road-client': bad })),
        bad,
      ).to.include({ field: 'X-Road-Client' })
  })

  it('a header that is given twice is refused, not read by its last copy', () => {
    const twice: Readonly<Record<string, string>> = {
      'X-Road-Client': 'VN/GOV/H49/motcua, VN/GOV/G22/cong',
      'X-Road-Id': 'a, b',
      'X-Road-UserId': 'VN1, VN2',
      'X-Road-Issue': 'a, b',
      'X-Road-Represented-Party': 'GOV/H49, GOV/G22',
      'X-Road-Security-Server': 'VN/GOV/TRUC/s1, VN/GOV/TRUC/s2',
      'X-Road-Request-Id': 'a, b',
    }
    for (const [name, value] of Object.entries(twice))
      expect(refusalOf(() => read({ [name.toLowerCase()]: value }))).to.include({
        field: name,
        reason: 'given more than once',
      })
  })

  it('X-Road-Id is kept, and made of the instance and a UUID where it is missing', () => {
    expect(read({ 'x-road-id': 'yêu-cầu'.normalize('NFD').replace(/[^a-z-]/g, '') }).id).to.equal('yeu-cau')
    expect(read({}).id).to.match(/^VN-[0-9a-f-]{36}$/)
    const same = request()
    expect(xroadRequestOf(same).id).to.equal(xroadRequestOf(same).id)
    for (const bad of ['', 'a b', 'x'.repeat(129)])
      expect(refusalOf(() => read({ 'x-road-id': bad }))).to.include({ field: 'X-Road-Id' })
  })

  it('X-Road-Request-Id is a UUID of the pair, unique even where callers reuse their ids', () => {
    const given = '3f0c1b1e-7d52-4d6c-9d0b-0123456789ab'
    expect(read({ 'x-road-request-id': given }).requestId).to.equal(given)
    const [one, other] = [read({ 'x-road-id': 'a' }), read({ 'x-road-id': 'a' })]
    expect(one.requestId)
      .to.match(/^[0-9a-f-]{36}$/)
      .and.not.to.equal(other.requestId)
    expect(refusalOf(() => read({ 'x-road-request-id': 'x' }))).to.include({ field: 'X-Road-Request-Id' })
  })

  it('X-Road-UserId begins with the code of a country', () => {
    read({ 'x-road-userid': 'VN001099012345' })
    expect(refusalOf(() => read({ 'x-road-userid': '001099012345' }))).to.include({ field: 'X-Road-UserId' })
  })

  it('X-Road-Issue names the conversation', () => {
    expect(read({ 'x-road-issue': 'H49-261121-0001' }).issue).to.equal('H49-261121-0001')
    const headers = { ...client, 'x-road-issue': 'H49-261121-0001' }
    const body = Buffer.from(JSON.stringify([{ MaHoSo: 'H49-261121-0001', MaTTHC: '1' }]))
    const [content] = xroadRest.decode(request({ headers, body }), agencyWith())
    expect(content).to.have.nested.property('header.conversationId', 'H49-261121-0001')
  })

  it('X-Road-Represented-Party is [class/]code, and the sender where it is given', () => {
    const body = Buffer.from(JSON.stringify({ MaHoSo: 'H49-261121-0001', MaTTHC: '1' }))
    for (const party of ['H49.05', 'GOV/H49.05']) {
      const [content] = xroadRest.decode(
        request({ headers: { ...client, 'x-road-represented-party': party }, body }),
        agencyWith(),
      )
      expect(content).to.have.nested.property('header.sender', 'H49.05')
    }
    expect(refusalOf(() => read({ 'x-road-represented-party': 'VN/GOV/H49' }))).to.include({
      field: 'X-Road-Represented-Party',
    })
  })

  it('X-Road-Security-Server has four parts', () => {
    expect(read({ 'x-road-security-server': 'VN/GOV/TRUC/s1' }).securityServer).to.have.lengthOf(4)
    expect(refusalOf(() => read({ 'x-road-security-server': 'VN/GOV/s1' }))).to.include({
      field: 'X-Road-Security-Server',
    })
  })
})

describe('X-Road REST: X-Road-Request-Hash', () => {
  const sha512 = (data: string | Buffer) => createHash('sha512').update(data).digest()
  const headers = {
    host: 'truc',
    'x-road-client': 'VN/GOV/H49/motcua',
    connection: 'close',
    accept: '*/*',
    'user-agent': 'x',
  }
  const head = 'POST\r\n/r1/VN/GOV/TRUC/a/b?x=%C3%8D\r\nx-road-client:VN/GOV/H49/motcua\r\naccept:*/*\r\n'
  const hashed = { path: '/r1/VN/GOV/TRUC/a/b', target: '/r1/VN/GOV/TRUC/a/b?x=%C3%8D', headers }

  it('is that of the head and of the body together', () => {
    const body = Buffer.from('{"a":1}')
    const expected = sha512(Buffer.concat([sha512(head), sha512(body)])).toString('base64')
    expect(requestHashOf(request({ ...hashed, body }))).to.equal(expected)
  })

  it('is that of the head alone where there is no body', () => {
    expect(requestHashOf(request({ ...hashed, body: Buffer.alloc(0) }))).to.equal(
      sha512(head).toString('base64'),
    )
  })
})

describe('X-Road REST: as the client of a security server', () => {
  async function send(message: Message, more: Agency['options'], answer: Partial<TransportAnswer> = {}) {
    const calls: Parameters<Transport['post']>[0][] = []
    const agency = agencyWith(more)
    const encoded = xroadRest.encode(message, agency)
    if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
    const transport: Transport = {
      post: async (call) => {
        calls.push(call)
        return { status: 200, headers: {}, body: Buffer.from(''), ...answer }
      },
    }
    const keys = { secrets: () => [], privateKey: () => undefined }
    const outcome = await xroadRest.send({ message, deliveryId: 'd-1', encoded }, agency, transport, keys)
    return { outcome, call: calls[0]!, body: JSON.parse(Buffer.from(encoded.body).toString()) as Payload }
  }
  const dossier = messageOf('dossier.submitted')

  it('calls the service of an action under our own subsystem, with the id of the delivery', async () => {
    const more = {
      calls: { 'dossier.submitted': { service, method: 'PUT', path: '/hoso/{subject}', body: 'row' } },
      ...{ userId: 'VN0001', representedParty: 'GOV/H49', securityServer: 'VN/GOV/H49/s1' },
    }
    const { call, body, outcome } = await send({ ...dossier, subjectKey: 'H49 a/b' }, more)
    expect(outcome).to.deep.equal({ kind: 'delivered' })
    expect(call).to.include({
      method: 'PUT',
      url: 'https://ss.example.vn/r1/VN/GOV/H49/motcua/nhan/hoso/H49%20a%2Fb',
    })
    expect(call.headers).to.deep.equal({
      ...{
        accept: 'application/json',
        'content-type': 'application/json; charset=utf-8',
        'x-road-client': 'VN/GOV/TRUC/lienthong',
      },
      ...{ 'x-road-id': 'd-1', 'x-road-userid': 'VN0001', 'x-road-represented-party': 'GOV/H49' },
      'x-road-security-server': 'VN/GOV/H49/s1',
    })
    expect(body).to.deep.equal((dossier.payload['data'] as readonly Payload[])[0])
    expect((await send(dossier, {})).call.headers).to.include({ 'x-road-issue': dossier.subjectKey })
  })

  it('says what it cannot carry', () => {
    const rows = { ...dossier, payload: { data: [{}, {}] } }
    expect(xroadRest.encode(messageOf('pakn.received'), agencyWith()).kind).to.equal('unsupported')
    expect(
      xroadRest.encode(rows, agencyWith({ calls: { 'dossier.submitted': { service, body: 'row' } } })).kind,
    ).to.equal('unsupported')
    expect(xroadRest.encode(dossier, { ...agencyWith(), options: { calls: options.calls } }).kind).to.equal(
      'unsupported',
    )
  })

  const errors: Readonly<Record<string, string>> = {
    'Server.ServerProxy.AccessDenied': 'fault',
    'server.serverproxy.access_denied': 'fault',
    'Server.ServerProxy.UnknownService': 'fault',
    'Server.ClientProxy.UnknownMember': 'fault',
    'Client.MissingHeaderField': 'fault',
    'client.missing_header_field': 'fault',
    'Server.ClientProxy.OutdatedGlobalConf': 'retry',
    'Server.ServerProxy.ServiceDisabled': 'retry',
    'Server.ClientProxy.NetworkError': 'in_doubt',
    'server.serverproxy.service_failed.http_error': 'in_doubt',
  }
  for (const [type, kind] of Object.entries(errors))
    it(`takes the error ${type} of a security server as ${kind}`, async () => {
      const answer = {
        status: type.toLowerCase().startsWith('server') ? 500 : 400,
        headers: { 'x-road-error': type },
      }
      expect((await send(dossier, {}, answer)).outcome).to.include({ kind, code: `xroad_${type}` })
    })

  it('repeats what may have arrived only where the service tells repeats apart', async () => {
    const headers = { 'x-road-error': 'Server.ClientProxy.NetworkError' }
    expect((await send(dossier, { repeatable: true }, { status: 500, headers })).outcome).to.include({
      kind: 'retry',
    })
  })

  it("takes an answer without X-Road-Error as the service's own", async () => {
    expect((await send(dossier, {}, { status: 422, body: Buffer.from('sai') })).outcome).to.include({
      kind: 'refused',
      reason: 'sai',
    })
    expect((await send(dossier, {}, { status: 500 })).outcome).to.include({ kind: 'retry' })
  })

  it('leaves in doubt the answer to another request', async () => {
    expect((await send(dossier, {}, { headers: { 'x-road-id': 'd-2' } })).outcome).to.include({
      kind: 'in_doubt',
      code: 'other_answer',
    })
    expect((await send(dossier, {}, { headers: { 'x-road-id': 'd-1' } })).outcome).to.deep.equal({
      kind: 'delivered',
    })
    const answeredBy = async (service: string) =>
      (await send(dossier, {}, { headers: { 'x-road-id': 'd-1', 'x-road-service': service } })).outcome.kind
    expect(await answeredBy(service)).to.equal('delivered')
    expect(await answeredBy(`${service}khac`), 'of another service').to.equal('in_doubt')
    expect(await answeredBy('%'), 'of none').to.equal('in_doubt')
  })
})

describe('X-Road REST: options', () => {
  it('name whole identifiers, go together, and go over TLS', () => {
    expect(accepts({ clients: ['VN/GOV/H49/a/b'] })).to.equal(false)
    expect(accepts({ provider: 'VN/GOV/TRUC' })).to.equal(false)
    expect(accepts({ calls: { 'dossier.submitted': { service: 'VN/GOV/H49/motcua' } } })).to.equal(false)
    expect(accepts({ calls: { 'khong.co': { service } } })).to.equal(false)
    expect(accepts({ calls: { 'dossier.submitted': { service, path: '/{khongco}' } } })).to.equal(false)
    expect(accepts({ calls: { 'dossier.submitted': { service, path: '/../a?b' } } })).to.equal(false)
    expect(accepts({ url: 'http://10.0.0.1/' })).to.equal(false)
    expect(accepts({ url: 'http://10.0.0.1/', privateLine: true })).to.equal(true)
    expect(xroadRest.options.safeParse({ url: 'https://ss.example.vn' }).success).to.equal(false)
  })
})

describe('X-Road REST: round trips', () => {
  const carried: readonly ActionName[] = [
    'dossier.submitted',
    'status.updated',
    'payment.result',
    'pakn.received',
    'notice.alert',
  ]

  it('reads what it wrote, as an action and as the national service', () => {
    const services = Object.fromEntries(carried.map((action) => [action, { action }]))
    const calls = Object.fromEntries(
      carried.map((action) => [action, { service: `VN/GOV/TRUC/lienthong/${action}` }]),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...carried),
        fc.nat(10_000),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        (action, n, more) => {
          const payload: Payload = { ...samplePayload(action, n), TruongLa: more }
          const message: Message = { ...messageOf(action), payload }
          const encoded = xroadRest.encode(message, agencyWith({ calls }))
          if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
          const asked = request({
            path: `/r1/VN/GOV/TRUC/lienthong/${action}`,
            body: encoded.body,
            headers: { ...client, 'x-road-id': `m-${n}` },
          })
          const [content] = xroadRest.decode(asked, agencyWith({ services }))
          expect(content).to.deep.include({
            kind: 'trusted',
            payload: canonical(actions[action].schema, payload),
          })
          expect(content).to.deep.nested.include({ 'header.senderRef': `m-${n}`, 'header.action': action })
        },
      ),
    )
  })

  it('meets other dialects in one canonical message', () => {
    const data = [
      {
        maHoSo: 'H49-261121-0001',
        MATTHC: '1.009901',
        NgayTiepNhan: '21/11/2026',
        TrangThaiHoSo: 2,
        Fax: '',
      },
    ]
    const [content] = xroadRest.decode(
      request({ body: Buffer.from(JSON.stringify({ isUpdating: 'False', data })) }),
      agencyWith(),
    )
    expect(content).to.deep.include({
      naturalKey: ['dossier', 'H49-261121-0001'],
      payload: {
        data: [
          {
            MaHoSo: 'H49-261121-0001',
            MaTTHC: '1.009901',
            NgayTiepNhan: '20261121000000',
            TrangThaiHoSo: '2',
          },
        ],
      },
    })
  })
})
