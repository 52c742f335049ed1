import { expect } from 'chai'
import fc from 'fast-check'
import { adapterEnvelope } from '../../../adapters/agencies/adapter-envelope/index.ts'
import type { Transport, TransportAnswer, Trusted } from '../../../adapters/agencies/dialect.ts'
import { facade } from '../../../adapters/agencies/facade/index.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { messageOf } from '../../contracts/dialect.ts'
import { samplePayload } from '../../support/payloads.ts'
import { adapterDossier, adapterStep } from '../../support/samples/adapter.ts'
import { withoutEmpty } from '../../support/without-empty.ts'

const url = 'https://motcua.example.vn/KetNoiMotCuaQuocGia'
const agencyWith = (options: Agency['options'] = {}): Agency => ({
  ...{ code: 'H22', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'facade' },
  options: { url, ...options },
})

interface Call {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What a call becomes. */
function decode({ path, query = {}, body }: Call, options: Agency['options'] = {}): readonly Trusted[] {
  const request = { method: 'POST', path, query, headers: {}, body: Buffer.from(JSON.stringify(body)) }
  return facade.decode(request, agencyWith(options)) as readonly Trusted[]
}

const dossierMessage = (action: 'dossier.submitted' | 'dossier.updated', ...rows: Payload[]): Message => ({
  ...messageOf(action),
  payload: { data: rows },
})

interface Sent {
  readonly outcome: Outcome
  readonly calls: readonly { readonly url: string; readonly rows: readonly Payload[] }[]
  readonly authorization: string | undefined
}

/** Delivers a message to a façade that gives these answers in turn. */
async function deliver(message: Message, answers: readonly string[], secrets: string[] = []): Promise<Sent> {
  const agency = agencyWith()
  const encoded = facade.encode(message, agency)
  if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
  const calls: { url: string; rows: readonly Payload[]; headers: Readonly<Record<string, string>> }[] = []
  const transport: Transport = {
    post: ({ url, body, headers }) => {
      calls.push({ url, rows: JSON.parse(Buffer.from(body).toString()) as Payload[], headers })
      const answer: TransportAnswer = {
        ...{ status: 200, headers: {} },
        body: Buffer.from(answers[calls.length - 1] ?? ''),
      }
      return Promise.resolve(answer)
    },
  }
  const keys = { secrets: () => secrets, privateKey: () => undefined }
  const outcome = await facade.send({ message, deliveryId: 'd', encoded }, agency, transport, keys)
  return { outcome, calls, authorization: calls[0]?.headers['authorization'] }
}

const taken = '{"error_code":"0","message":"Đồng bộ hồ sơ Thành công"}'
const exists = (code: string) => `{"error_code":${code},"message":"Mã hồ sơ đã tồn tại"}`

const paths = {
  'dossier.submitted': '/facade/ThemMoi',
  'dossier.updated': '/facade/CapNhat',
  'status.updated': '/facade/DongBoTienTrinh',
} as const

describe('the façade', () => {
  for (const [action, path] of Object.entries(paths) as [keyof typeof paths, string][])
    it(`decodes ${action} as it has encoded it, but for fields that say nothing`, () => {
      fc.assert(
        fc.property(fc.nat(100_000), (n) => {
          const payload = samplePayload(action, n)
          const encoded = facade.encode({ ...messageOf(action), payload }, agencyWith())
          if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
          const decoded = decode({ path, body: JSON.parse(Buffer.from(encoded.body).toString()) })
          const rows = decoded.flatMap((content) => content.payload['data'] as readonly Payload[])
          expect({ data: rows }).to.deep.equal(withoutEmpty(payload))
          for (const { header } of decoded) expect(header).to.include({ sender: 'H22', action })
        }),
      )
    })

  it('reads the operation from the last word of the path, in any case, whatever stands before it [dvcqg §21 trap 5]', () => {
    const row = adapterDossier('H22-261121-0001')
    const actionOf = (path: string, query = {}) => decode({ path, query, body: [row] })[0]?.header.action
    expect(actionOf('/facade/ThemMoi')).to.equal('dossier.submitted')
    expect(actionOf('/KetNoiMotCuaQuocGia/themmoi')).to.equal('dossier.submitted')
    for (const path of ['/facade/a/b/CapNhat', '/facade/CapNhat/'])
      expect(actionOf(path), path).to.equal('dossier.updated')
    expect(actionOf('/facade/DongBoTienTrinh')).to.equal('status.updated')
    expect(actionOf('/apiBTXH/DongBoDVC')).to.equal('dossier.updated')
    const hg = '/test/api/SynsTTHCC/DongBoHoSoMC'
    expect(actionOf(hg, { isUpdating: 'False' })).to.equal('dossier.submitted')
    expect(actionOf(hg, { isupdating: 'True' })).to.equal('dossier.updated')
    expect(() => actionOf(hg, { isUpdating: 'có' })).to.throw('not True or False')
    expect(() => actionOf('/facade/KhongCo')).to.throw('KhongCo')
  })

  it('makes the same messages of dossiers and steps as the adapter envelope does [dvcqg §21 traps 6, 10]', () => {
    const dossiers = [
      adapterDossier('G09.20-20260609-0092637', { TrangThaiHoSo: '', TruongRieng: { a: 1 } }),
      adapterDossier('G01.839.108.000-240529-0122', { TaiLieuNop: { MaThanhPhanHoSo: '' } }),
    ]
    const pushes = [
      ['/facade/ThemMoi', 'DongBoHoSoMC', 'False', dossiers],
      ['/facade/CapNhat', 'DongBoHoSoMC', 'True', dossiers],
      ['/facade/DongBoTienTrinh', 'CapNhatTienDoHoSoMC', '', [adapterStep('H22-1'), adapterStep('H22-1')]],
    ] as const
    for (const [path, service, isUpdating, data] of pushes) {
      const body = Buffer.from(JSON.stringify({ madonvi: 'H22', service, isUpdating, data }))
      const request = { method: 'POST', path: '/adapter/g', query: {}, headers: {}, body }
      const theirs = adapterEnvelope.decode(request, { ...agencyWith(), options: {} }) as readonly Trusted[]
      const ours = decode({ path, body: data })
      const said = (contents: readonly Trusted[]) =>
        contents.map((content) => ({ ...content, original: null }))
      expect(said(ours), path).to.deep.equal(said(theirs))
    }
  })

  it('takes a word of the body’s own for an operation', () => {
    const body = [adapterDossier('H22-261121-0001')]
    const [content] = decode({ path: '/facade/GuiHoSo', body }, { operations: { GuiHoSo: 'ThemMoi' } })
    expect(content?.header.action).to.equal('dossier.submitted')
  })

  it('speaks for the unit that MaDinhDanhDV names, in either generation of its code', () => {
    const senderOf = (MaDinhDanhDV: string, options = {}) =>
      decode(
        { path: '/facade/ThemMoi', query: { MaDinhDanhDV }, body: [adapterDossier('H22-1')] },
        options,
      )[0]?.header.sender
    for (const own of ['', 'H22', '000.00.01.H22']) expect(senderOf(own)).to.equal('H22')
    expect(senderOf('H22.05')).to.equal('H22.05')
    expect(senderOf('SGD', { units: { SGD: 'H22.07' } })).to.equal('H22.07')
  })

  it('takes one object for a list of one, nothing for an empty list, and refuses what is none', () => {
    const row = adapterDossier('H22-261121-0001')
    expect(decode({ path: '/facade/ThemMoi', body: row })).to.have.lengthOf(1)
    for (const nothing of [[], null, ''])
      expect(decode({ path: '/facade/ThemMoi', body: nothing })).to.be.empty
    for (const bad of ['hồ sơ', [1], 7])
      expect(() => decode({ path: '/facade/ThemMoi', body: bad })).to.throw('not a list of objects')
  })

  it('keeps what it does not know, such as the certificate document of the social protection ministry', () => {
    const row = adapterDossier('H22-261121-0001', {
      CertificateExtentData: '<GiayTo><Ten>Đơn</Ten></GiayTo>',
    })
    const [content] = decode({ path: '/apiBTXH/DongBoDVC', body: [row] })
    expect((content?.payload['data'] as Payload[])[0]).to.include({
      CertificateExtentData: '<GiayTo><Ten>Đơn</Ten></GiayTo>',
    })
  })

  it('says what it cannot carry', () => {
    expect(facade.encode(messageOf('payment.result'), agencyWith()).kind).to.equal('unsupported')
    const nowhere = { ...agencyWith(), options: {} }
    expect(facade.encode(messageOf('dossier.submitted'), nowhere).kind).to.equal('unsupported')
  })

  it('posts each dossier by itself to its address, bare, in a list of one', async () => {
    const rows = [adapterDossier('H22-1'), adapterDossier('H22-1', { TrangThaiHoSo: '4' })]
    const { outcome, calls } = await deliver(dossierMessage('dossier.updated', ...rows), [taken, taken])
    expect(outcome).to.deep.equal({ kind: 'delivered' })
    expect(calls.map(({ url }) => url)).to.deep.equal([`${url}/CapNhat`, `${url}/CapNhat`])
    expect(calls.map(({ rows }) => rows)).to.deep.equal(rows.map((row) => [row]))
  })

  it('sends what the façade has already to the address for updates, by each of its codes', async () => {
    for (const code of ['"3"', '"-3"', '"0"', '3', '-3']) {
      const { outcome, calls } = await deliver(dossierMessage('dossier.submitted', adapterDossier('H22-1')), [
        exists(code),
        taken,
      ])
      expect(outcome, code).to.deep.equal({ kind: 'delivered' })
      expect(calls.map(({ url }) => url)).to.deep.equal([`${url}/ThemMoi`, `${url}/CapNhat`])
      expect(calls[0]?.rows).to.deep.equal(calls[1]?.rows)
    }
    const never = await deliver(dossierMessage('dossier.submitted', adapterDossier('H22-1')), [
      exists('3'),
      exists('3'),
    ])
    expect(never.outcome).to.include({ kind: 'refused', code: 'exists' })
  })

  it('takes a dossier for taken by its code and its words together, and nothing else [dvcqg §21 traps 1, 2]', async () => {
    const outcomeOf = async (answer: string) =>
      (await deliver(dossierMessage('dossier.submitted', adapterDossier('H22-1')), [answer])).outcome
    expect((await outcomeOf('{"error_code":0,"message":"THÀNH CÔNG"}')).kind).to.equal('delivered')
    expect((await outcomeOf(taken.normalize('NFD'))).kind).to.equal('delivered')
    expect(await outcomeOf('{"error_code":"0","message":"Đã nhận"}')).to.include({ code: 'unclear_answer' })
    for (const nothing of ['', '<html>Bảo trì</html>', '[]'])
      expect((await outcomeOf(nothing)).kind, nothing).to.equal('retry')
    expect(await outcomeOf('{"error_code":"-1","message":"Sai mã TTHC"}')).to.deep.equal({
      ...{ kind: 'refused', code: 'error_code_-1', reason: 'Sai mã TTHC' },
    })
    expect(await outcomeOf('{"error_code":"7","message":"không thành công"}')).to.include({ kind: 'refused' })
  })

  it('sends progress in chunks of ten, and reads the answer as text', async () => {
    const steps = Array.from({ length: 23 }, (_, at) => adapterStep('H22-1', { NoiDungXuLy: `Bước ${at}` }))
    const message = { ...messageOf('status.updated'), payload: { data: steps } }
    const good = await deliver(message, ['Cập nhật thành công', '"Thành công"', taken])
    expect(good.outcome).to.deep.equal({ kind: 'delivered' })
    expect(good.calls.map(({ rows }) => rows.length)).to.deep.equal([10, 10, 3])
    expect(good.calls.flatMap(({ rows }) => rows)).to.deep.equal(steps)
    for (const answer of ['{"error_code":"7","message":"Không thành công"}', 'Chưa thành công'])
      expect((await deliver(message, [answer])).outcome.kind, answer).not.to.equal('delivered')
    const broken = await deliver(message, [taken, '<html>'])
    expect(broken.outcome.kind).to.equal('retry')
    expect(broken.calls, 'nothing after the chunk that was not taken').to.have.lengthOf(2)
  })

  it('shows the token that its body has put, and none where there is none', async () => {
    const message = dossierMessage('dossier.submitted', adapterDossier('H22-1'))
    expect((await deliver(message, [taken])).authorization).to.equal(undefined)
    expect((await deliver(message, [taken], ['moi', 'cu'])).authorization).to.equal('Bearer moi')
  })
})
