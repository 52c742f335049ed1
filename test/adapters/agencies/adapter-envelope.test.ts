import { expect } from 'chai'
import fc from 'fast-check'
import { adapterEnvelope } from '../../../adapters/agencies/adapter-envelope/index.ts'
import type { Transport, Trusted } from '../../../adapters/agencies/dialect.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Payload } from '../../../schemas/message.ts'
import { parsePayload } from '../../../schemas/parse.ts'
import { messageOf } from '../../contracts/dialect.ts'
import { samplePayload } from '../../support/payloads.ts'
import { adapterDossier, adapterStep } from '../../support/samples/adapter.ts'
import { withoutEmpty } from '../../support/without-empty.ts'

const url = 'http://127.0.0.1:9/VXPAdapter/RestService/forward/nhanhsdvcqg'
const agencyWith = (options: Agency['options']): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'adapter-envelope' },
  options,
})

/** What a call of a service becomes. */
function decode(
  body: Readonly<Record<string, unknown>>,
  options: Agency['options'] = {},
): readonly Trusted[] {
  const request = {
    ...{ method: 'POST', path: '/adapter/g', query: {}, headers: {} },
    body: Buffer.from(JSON.stringify(body)),
  }
  return adapterEnvelope.decode(request, agencyWith(options)) as readonly Trusted[]
}

const create = (row: Payload) => decode({ service: 'DongBoHoSoMC', isUpdating: 'False', data: [row] })
const rowIn = (contents: readonly Trusted[]): Payload =>
  (contents[0]?.payload['data'] as readonly Payload[])[0] ?? {}

/** Partners' scalars travel as text. */
const asText = (payload: Payload) =>
  JSON.parse(JSON.stringify(payload), (_name, value: unknown) =>
    typeof value === 'number' ? String(value) : value,
  ) as Payload

describe('the adapter envelope', () => {
  it('decodes what it has encoded to the same payload, but for fields that say nothing', () => {
    fc.assert(
      fc.property(fc.nat(100_000), (n) => {
        const payload = samplePayload('dossier.submitted', n)
        const encoded = adapterEnvelope.encode(
          { ...messageOf('dossier.submitted'), payload },
          agencyWith({ url }),
        )
        if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
        const [content] = create(JSON.parse(Buffer.from(encoded.body).toString()) as Payload)
        expect(content?.payload).to.deep.equal(withoutEmpty(payload))
        expect(content?.header).to.include({ sender: 'H49', action: 'dossier.submitted' })
      }),
    )
  })

  it('pushes to the portal what its own door reads as the same', () => {
    const portal = { url: 'https://adapter.vn/forward', username: 'truc' }
    const carried = [
      'dossier.submitted',
      'dossier.updated',
      'status.updated',
      'question.asked',
      'pakn.answered',
    ] as const
    fc.assert(
      fc.property(fc.constantFrom(...carried), fc.nat(100_000), (action, n) => {
        const payload = samplePayload(action, n)
        const encoded = adapterEnvelope.encode({ ...messageOf(action), payload }, agencyWith({ portal }))
        if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
        const contents = decode(JSON.parse(Buffer.from(encoded.body).toString()) as Payload)
        expect(contents.map(({ header }) => header.action)).to.include(action)
        const rowsOf = (each: Payload) => (each['data'] as readonly Payload[] | undefined) ?? [each]
        expect(contents.flatMap((each) => rowsOf(each.payload))).to.deep.equal(
          rowsOf(asText(withoutEmpty(payload))),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('says what it cannot carry', () => {
    const encode = (payload: Payload, options: Agency['options'] = { url }) =>
      adapterEnvelope.encode({ ...messageOf('dossier.submitted'), payload }, agencyWith(options)).kind
    const row = adapterDossier('H49-261121-1')
    expect(encode({ data: [row] })).to.equal('encoded')
    expect(encode({ data: [row, row] })).to.equal('unsupported')
    expect(encode({ data: [row] }, {})).to.equal('unsupported')
    expect(adapterEnvelope.encode(messageOf('payment.result'), agencyWith({ url })).kind).to.equal(
      'unsupported',
    )
  })

  it('posts each kind of thing to the path that the agency has for it', async () => {
    const urls = {
      url,
      taxUrl: 'https://a.vn/nhantbthuedvcqg',
      promotionUrl: 'https://a.vn/addtthcKhuyenMai',
    }
    const agency = agencyWith({ ...urls, promotionProcedures: ['2.000033'] })
    const posted = async (
      action: 'dossier.submitted' | 'payment.requested',
      payload: Payload,
      body: string,
    ) => {
      const message = { ...messageOf(action), payload }
      const encoded = adapterEnvelope.encode(message, agency)
      if (encoded.kind === 'unsupported') return [encoded.reason]
      const called: string[] = []
      const transport: Transport = {
        post: (call) => {
          called.push(call.url, Buffer.from(call.body).toString())
          return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(body) })
        },
      }
      const keys = { secrets: () => [], privateKey: () => undefined }
      const { kind } = await adapterEnvelope.send(
        { message, deliveryId: 'd', encoded },
        agency,
        transport,
        keys,
      )
      return [kind, ...called]
    }
    const notice = {
      MaHoSo: 'H49-1',
      MaTTHC: '2.000033.000.00.00.H49',
      MaSoThue: '0100000001',
      TenThuongNhan: 'Mẫu',
    }
    const status = (code: number) => `{"status":${code},"message":"x","description":""}`
    const said = (payload: Payload) => JSON.stringify(payload)
    expect(await posted('dossier.submitted', { data: [notice] }, status(200))).to.deep.equal([
      ...['delivered', urls.promotionUrl, said(notice)],
    ])
    expect((await posted('dossier.submitted', { data: [notice] }, status(404)))[0]).to.equal('refused')
    const tax = { MaThamChieu: 'T1', SoTien: '150000' }
    expect(await posted('payment.requested', tax, '{"error_code":0}')).to.deep.equal([
      ...['delivered', urls.taxUrl, said(tax)],
    ])
    const dossier = { ...notice, MaTTHC: '1.009901' }
    expect((await posted('dossier.submitted', { data: [dossier] }, '{"error_code":0}'))[1]).to.equal(url)
  })

  it('reads isUpdating as text with a capital letter, bare, or as a digit [dvcqg §21 trap 5]', () => {
    const actionOf = (isUpdating: unknown) =>
      decode({ service: 'DongBoHoSoMC', isUpdating, data: [adapterDossier('H49-1')] })[0]?.header.action
    for (const yes of ['True', 'true', true, '1', 1]) expect(actionOf(yes)).to.equal('dossier.updated')
    for (const no of ['False', false, '0', 0, '', null, undefined])
      expect(actionOf(no)).to.equal('dossier.submitted')
    expect(() => actionOf('có')).to.throw('not True or False')
  })

  it('knows a field in any case and form, and keeps those it does not know', () => {
    const row = rowIn(
      create({
        ...{ mahoso: 'H49-1', MATTHC: '1.009901', TENLINHVUC: null, loaidoituong: 1, maDoiTuong: '' },
        ...{
          NgayTiepNhan: '2026-11-21 08:30:00',
          NgayHenTra: '21-11-2026',
          NgayNopHoSo: '2026-11-21T01:30:00.000Z',
        },
        ...{ TaiLieuNop: { isdeleted: false, tentepdinhkem: 'a.pdf' }, TruongRieng: { a: [null, 1] } },
      }),
    )
    expect(row).to.deep.equal({
      ...{ MaHoSo: 'H49-1', MaTTHC: '1.009901', LoaiDoiTuong: '1' },
      ...{ NgayTiepNhan: '20261121083000', NgayHenTra: '20261121000000', NgayNopHoSo: '20261121083000' },
      ...{ TaiLieuNop: [{ IsDeleted: 'False', TenTepDinhKem: 'a.pdf' }], TruongRieng: { a: [null, 1] } },
    })
    expect(() => parsePayload('dossier.submitted', { data: [row] })).not.to.throw()
  })

  it('refuses a name given twice with different values, in any case', () => {
    expect(() => create({ MaHoSo: 'H49-1', mahoso: 'H49-2' })).to.throw('is given twice')
    expect(() => decode({ service: 'DongBoHoSoMC', SERVICE: 'TraCuuHoSo' })).to.throw('is given twice')
    expect(rowIn(create({ MaHoSo: 'H49-1', mahoso: 'H49-1' }))).to.deep.equal({ MaHoSo: 'H49-1' })
  })

  it('makes one message of a dossier, and one of each step', () => {
    const [a, b] = ['H49-261121-0001', 'H49-261121-0002'] as const
    const dossiers = decode({
      service: 'DongBoHoSoMC',
      data: [adapterDossier(a), adapterDossier(b), adapterDossier(a)],
    })
    expect(dossiers.map(({ naturalKey }) => naturalKey)).to.deep.equal([
      ['dossier', a],
      ['dossier', b],
    ])
    expect(dossiers[0]?.payload['data']).to.have.lengthOf(2)
    const steps = decode({
      service: 'CapNhatTienDoHoSoMC',
      data: [adapterStep(a), adapterStep(a), adapterStep(b)],
    })
    expect(steps).to.have.lengthOf(3)
    expect(steps[0]?.naturalKey).to.deep.equal(steps[1]?.naturalKey)
    expect(steps[0]?.naturalKey).to.have.lengthOf(6)
  })

  it('carries a phone number in Fax, an empty state and an empty component code [dvcqg §21 trap 6]', () => {
    const row = rowIn(create(adapterDossier('H49-1', { TrangThaiHoSo: '', MaThanhPhanHoSo: '' })))
    expect(row).to.include({ Fax: '0900000101' }).and.not.to.have.property('TrangThaiHoSo')
    expect(parsePayload('dossier.submitted', { data: [row] }).flags.join()).to.contain('TrangThaiHoSo')
  })

  it('carries the codes of 2026 and of several levels [dvcqg §21 trap 10]', () => {
    for (const code of ['G09.20-20260609-0092637', 'G01.839.108.000-240529-0122'])
      expect(create(adapterDossier(code))[0]?.naturalKey).to.deep.equal(['dossier', code])
  })

  it('speaks for the body itself in either generation of its code, and names any other', () => {
    const senderOf = (madonvi: string, options = {}) =>
      decode({ service: 'DongBoHoSoMC', madonvi, data: [adapterDossier('H49-1')] }, options)[0]?.header.sender
    for (const own of ['', 'H49', '000.00.00.H49']) expect(senderOf(own)).to.equal('H49')
    expect(senderOf('H49.05')).to.equal('H49.05')
    expect(senderOf('G03')).to.equal('G03')
    expect(senderOf('STTTT', { units: { STTTT: 'H49.07' } })).to.equal('H49.07')
  })

  it('takes a petition under its own action, and a service under another name', () => {
    const petition = { MaPAKN: 'PAKN.20261121.0007', MaDonVi: 'H49.05', NoiDungTraLoi: 'Đã trả lời.' }
    const options = { services: { TraLoiPAKN: 'DongBoKetQuaPAKN' } }
    const [content] = decode({ service: 'TraLoiPAKN', data: [petition] }, options)
    expect(content).to.deep.include({ payload: petition, naturalKey: ['pakn.answered', petition.MaPAKN] })
  })

  it('reads what the agency answered: every spelling of success, what it has already, and what says nothing [dvcqg §21 trap 2]', async () => {
    const outcomeOf = async (body: string, options: Agency['options'] = {}) => {
      const message = { ...messageOf('dossier.submitted'), payload: { data: [adapterDossier('H49-1')] } }
      const agency = agencyWith({ url, ...options })
      const encoded = adapterEnvelope.encode(message, agency)
      if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
      const transport: Transport = {
        post: () => Promise.resolve({ status: 200, headers: {}, body: Buffer.from(body) }),
      }
      const keys = { secrets: () => [], privateKey: () => undefined }
      return adapterEnvelope.send({ message, deliveryId: 'd', encoded }, agency, transport, keys)
    }
    for (const success of ['0', '"0"', '"00"'])
      expect((await outcomeOf(`{"error_code":${success}}`)).kind).to.equal('delivered')
    expect((await outcomeOf('{"error_code":"3","message":"Mã hồ sơ đã tồn tại"}')).kind).to.equal('delivered')
    expect(await outcomeOf('{"error_code":-1,"message":"Sai mã TTHC"}')).to.deep.equal({
      ...{ kind: 'refused', code: 'error_code_-1', reason: 'Sai mã TTHC' },
    })
    expect((await outcomeOf('<html>')).kind).to.equal('in_doubt')
    expect((await outcomeOf('{"error_code":1}', { acceptedCodes: ['1'] })).kind).to.equal('delivered')
  })

  it('posts without TLS only where the line is said to be private', () => {
    const accepts = (options: unknown) => adapterEnvelope.options.safeParse(options).success
    expect(accepts({ url: 'http://10.0.0.5/nhanhsdvcqg' })).to.equal(false)
    expect(accepts({ url: 'http://10.0.0.5/nhanhsdvcqg', privateLine: true })).to.equal(true)
  })
})
