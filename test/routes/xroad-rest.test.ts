import { expect } from 'chai'
import type { Json, Payload } from '../../schemas/message.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf } from '../support/parties.ts'
import { adapterDossier, adapterStep } from '../support/samples/adapter.ts'
import { rawCall } from '../support/raw.ts'
import { withSink } from '../support/sink.ts'

const own = 'VN/GOV/H49/motcua'
const options = {
  ...{ clients: [own], provider: 'VN/GOV/TRUC/lienthong', server: 'VN/GOV/TRUC/s1' },
  services: { tiendo: { service: 'CapNhatTienDoHoSoMC' }, baocao: { action: 'statistics.reported' } },
}
const registry = { aliases: { 'portal-core': ['G22'] } }
const portal = createParty({ code: 'G22', dialect: 'native-json' })
const province = createParty({ code: 'H49', dialect: 'xroad-rest', options })
const stranger = createParty({
  code: 'H37',
  dialect: 'xroad-rest',
  options: { ...options, clients: ['VN/GOV/H37/motcua'] },
})
const other = createParty({ code: 'H30', dialect: 'mailbox' })

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Readonly<Record<string, Json>>
}

interface Scene {
  readonly lent: LentGateway
  /** Calls a service by its path below the provider; a body makes it a POST. */
  call(service: string, body?: Json, more?: Readonly<Record<string, string>>): Promise<Answer>
}

function scene(use: (scene: Scene) => Promise<void>): Promise<void> {
  return withGateway([portal, province, stranger, other], { registry }, (lent) => {
    const call: Scene['call'] = async (service, body, more = {}) => {
      const path = service.startsWith('/') ? service : `/r1/VN/GOV/TRUC/lienthong/${service}`
      const answer = await fetch(`${lent.url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${province.apiKey}`,
          'x-road-client': own,
          'content-type': 'application/json',
          ...more,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      const isJson = answer.headers.get('content-type')?.includes('json') ?? false
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        json: isJson ? (JSON.parse(text) as Answer['json']) : {},
      }
    }
    return use({ lent, call })
  })
}

const code = 'H49.05-261121-0001'
const create = { isUpdating: 'False', data: [adapterDossier(code)] }

describe('X-Road REST over HTTP', () => {
  it('goes the way of a client: look-up, create, look-up, update, progress, the same again without effect', () =>
    scene(async ({ lent, call }) => {
      expect((await call(`TraCuuHoSo/${code}`)).json).to.deep.equal({ result: [] })
      expect((await call('DongBoHoSoMC', create)).json).to.have.nested.property(
        'messages[0].state',
        'accepted',
      )
      const [found] = (await call(`TraCuuHoSo?MaHoSo=${code}`)).json['result'] as readonly Payload[]
      expect(found).to.include({ MaHoSo: code, TrangThaiHoSo: '2' })
      for (const again of [1, 2]) {
        const update = { isUpdating: 'True', data: adapterDossier(code, { TrangThaiHoSo: 4 }) }
        expect((await call('DongBoHoSoMC', update)).status, `update ${again}`).to.equal(200)
        expect(
          (await call('tiendo', [adapterStep(code, { TrangThai: '9' })])).status,
          `step ${again}`,
        ).to.equal(200)
      }
      const { json } = await lent.call(portal.apiKey, 'GET', '/v1/messages?max=100')
      const seen = (json as unknown as { items: { action: string }[] }).items
        .map(({ action }) => action)
        .sort()
      expect(seen).to.deep.equal(['dossier.submitted', 'dossier.updated', 'status.updated'])
    }))

  it('marks every answer of a service, and says the id back', () =>
    scene(async ({ call }) => {
      const answer = await call('DongBoHoSoMC', create, { 'x-road-id': 'lan-1' })
      expect(Object.fromEntries(answer.headers)).to.include({
        ...{
          'x-road-client': own,
          'x-road-id': 'lan-1',
          'x-road-service': 'VN/GOV/TRUC/lienthong/DongBoHoSoMC',
        },
      })
      expect(answer.headers.get('x-road-request-id')).to.match(/^[0-9a-f-]{36}$/)
      expect(Buffer.from(answer.headers.get('x-road-request-hash') ?? '', 'base64')).to.have.lengthOf(64)
      expect(answer.headers.has('x-road-error')).to.equal(false)
      expect((await call(`TraCuuHoSo/${code}`)).headers.get('x-road-id')).to.match(/^VN-[0-9a-f-]{36}$/)
    }))

  it('takes a message of any action under its X-Road-Id, once', () =>
    scene(async ({ call }) => {
      const report = { MaDonVi: 'H49', KyBaoCao: '2026-11' }
      const [first, again] = [
        await call('baocao', report, { 'x-road-id': 'bc-1' }),
        await call('baocao', report, { 'x-road-id': 'bc-1' }),
      ]
      expect(again.json, again.text).to.deep.equal({ messages: first.json['messages'] })
      const changed = await call('baocao', { ...report, KyBaoCao: '2026-12' }, { 'x-road-id': 'bc-1' })
      expect(changed.status).to.equal(409)
      expect(changed.json).to.include({ type: 'reference_conflict' })
      expect(changed.headers.has('x-road-error'), 'the service says it').to.equal(false)
    }))

  it('says what a service refuses in three fields with its own status, and names the dossier', () =>
    scene(async ({ call }) => {
      const bad = await call('DongBoHoSoMC', { data: [adapterDossier(code, { NgayTiepNhan: 'hôm qua' })] })
      expect([bad.status, Object.keys(bad.json)]).to.deep.equal([400, ['type', 'message', 'detail']])
      expect(bad.json['message']).to.contain(code).and.to.contain('NgayTiepNhan')
      expect(bad.headers.has('x-road-error')).to.equal(false)
      expect((await call('DongBoHoSoMC', 'không phải hồ sơ')).json).to.include({ type: 'invalid_field' })
    }))

  const faults: readonly (readonly [string, string, Readonly<Record<string, string>>, number, string])[] = [
    ['no X-Road-Client', 'TraCuuHoSo/1', { 'x-road-client': '' }, 400, 'Client.InvalidHeaderField'],
    [
      "another body's subsystem",
      'TraCuuHoSo/1',
      { 'x-road-client': 'VN/GOV/H37/motcua' },
      500,
      'Server.ServerProxy.AccessDenied',
    ],
    [
      'two clients',
      'TraCuuHoSo/1',
      { 'x-road-client': `${own}, VN/GOV/H37/motcua` },
      400,
      'Client.DuplicateHeaderField',
    ],
    [
      'an unknown provider',
      '/r1/VN/GOV/KHAC/lienthong/TraCuuHoSo/1',
      {},
      500,
      'Server.ClientProxy.UnknownMember',
    ],
    ['an unknown service', 'KhongCo', {}, 500, 'Server.ServerProxy.UnknownService'],
    ['no service', '/r1/VN/GOV/TRUC/lienthong', {}, 400, 'Client.InvalidRequest'],
    [
      'another security server',
      'TraCuuHoSo/1',
      { 'x-road-security-server': 'VN/GOV/TRUC/s2' },
      500,
      'Server.ClientProxy.InvalidSecurityServer',
    ],
    ['a push by GET', 'DongBoHoSoMC', {}, 400, 'Client.InvalidHttpMethod'],
    [
      'a wrong key',
      'TraCuuHoSo/1',
      { authorization: 'Bearer sai' },
      500,
      'Server.ClientProxy.SslAuthenticationFailed',
    ],
    [
      'a body without X-Road options',
      'TraCuuHoSo/1',
      { authorization: `Bearer ${other.apiKey}` },
      500,
      'Server.ServerProxy.AccessDenied',
    ],
  ]
  for (const [what, service, headers, status, type] of faults)
    it(`refuses ${what} as ${type}`, () =>
      scene(async ({ call }) => {
        const answer = await call(service, undefined, headers)
        expect([answer.status, answer.json['type'], answer.headers.get('x-road-error')]).to.deep.equal([
          status,
          type,
          type,
        ])
        expect(answer.json['detail']).to.match(/^[0-9a-f-]{36}$/)
      }))

  it('lets a client pin this server', () =>
    scene(async ({ call }) => {
      expect(
        (await call(`TraCuuHoSo/${code}`, undefined, { 'x-road-security-server': 'VN/GOV/TRUC/s1' })).status,
      ).to.equal(200)
    }))

  it('writes a fault as XML where it is asked to, JSON where nothing is said', () =>
    scene(async ({ call }) => {
      const xml = await call('KhongCo<', undefined, { accept: 'application/xml' }).catch(() =>
        call('KhongCo', undefined, { accept: 'text/xml' }),
      )
      expect(xml.headers.get('content-type')).to.contain('application/xml')
      expect(xml.text).to.match(
        /^<\?xml version="1.0" encoding="UTF-8"\?><error><type>[\w.]+<\/type><message>[^<]+<\/message><detail>[0-9a-f-]{36}<\/detail><\/error>$/,
      )
      expect((await call('KhongCo')).headers.get('content-type')).to.contain('application/json')
    }))

  it('refuses a header given twice and a path in disguise, as they come on the wire', () =>
    scene(async ({ lent }) => {
      const get = (path: string, ...more: readonly string[]) => {
        const key = `Authorization: Bearer ${province.apiKey}`
        return rawCall(lent.url, [`GET ${path} HTTP/1.1`, 'Host: truc', key, 'Connection: close', ...more])
      }
      const client = `X-Road-Client: ${own}`
      const path = '/r1/VN/GOV/TRUC/lienthong/TraCuuHoSo/1'
      expect((await get(path, client)).status).to.equal(200)
      const twice = await get(path, client, 'X-Road-Client: VN/GOV/H37/motcua')
      expect(twice.body).to.contain('Client.DuplicateHeaderField')
      for (const disguised of [
        path.replace('TRUC', 'x/../TRUC'),
        path.replace('TRUC/', 'TRUC%2F'),
        path.replace('/r1/', '/r1//'),
      ])
        expect((await get(disguised, client)).status, disguised).to.equal(400)
    }))

  it('calls the service of a body at its security server', () =>
    withSink(async (sink) => {
      const calls = {
        'dossier.submitted': { service: 'VN/GOV/H31/motcua/nhanhoso', path: '/{subject}', body: 'rows' },
      }
      const url = sink.url.replace(/\/in$/, '')
      const called = createParty({
        code: 'H31',
        dialect: 'xroad-rest',
        options: { url, client: 'VN/GOV/TRUC/lienthong', calls },
      })
      await withGateway([portal, called], { registry }, async (lent) => {
        const bytes = await envelopeOf(
          portal,
          'dossier.submitted',
          { data: [adapterDossier(code)] },
          { recipients: ['H31'] },
        )
        const sent = await lent.call(portal.apiKey, 'POST', '/v1/messages', {
          type: 'application/xml',
          bytes,
        })
        expect(sent.status, sent.text).to.equal(202)
        const [seen] = await eventually('the call', async () => sink.requests.length > 0 && sink.requests)
        expect(seen?.path).to.equal(`/r1/VN/GOV/H31/motcua/nhanhoso/${code}`)
        expect(seen?.headers).to.include({ 'x-road-client': 'VN/GOV/TRUC/lienthong', 'x-road-issue': code })
        expect(JSON.parse(seen?.body.toString() ?? '')).to.deep.equal([adapterDossier(code)])
      })
    }))
})
