import { expect } from 'chai'
import fc from 'fast-check'
import type { AgencyKeys, Draft, Transport, TransportAnswer } from '../../../adapters/agencies/dialect.ts'
import { soapPush } from '../../../adapters/agencies/soap-push/index.ts'
import { createHttpTransport } from '../../../adapters/transport/http.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { messageOf } from '../../contracts/dialect.ts'
import { ministryWsdl, withMinistry, type Ministry } from '../../support/ministry.ts'
import { withSink } from '../../support/sink.ts'

type Options = Agency['options']

const fields = {
  hoSo: {
    fields: {
      So: 'MaHoSo',
      ThuTuc: { from: 'MaTTHC', values: { '1.009901': 'TT-01' } },
      NgayNhan: { from: 'NgayTiepNhan', as: 'dateTime' },
      Tep: { each: 'TaiLieuNop', fields: { Ten: 'TenTepDinhKem' } },
    },
  },
}
const operation = { name: 'TiepNhan', fields }
const reading = { code: 'TiepNhanResult.Ma', message: 'TiepNhanResult.MoTa' }
const base: Options = {
  ...{ url: 'https://bo.example.vn/HoSo.asmx', wsdl: ministryWsdl, answer: reading },
  operations: { 'dossier.submitted': operation },
}
/** The same without its WSDL. */
const undescribed: Options = Object.fromEntries(Object.entries(base).filter(([name]) => name !== 'wsdl'))

const agencyWith = (options: Options): Agency => ({
  ...{ code: 'G03', name: 'Bộ', partyClass: 'state', status: 'live', dialect: 'soap-push' },
  options,
})
const dossier: Payload = {
  ...{ MaHoSo: 'H49-261121-1', MaTTHC: '1.009901', NgayTiepNhan: '20261121083000' },
  TaiLieuNop: [{ TenTepDinhKem: 'đơn.pdf' }, { TenTepDinhKem: 'a & <b>.pdf' }],
}
const messageWith = (...data: readonly Payload[]): Message => ({
  ...messageOf('dossier.submitted'),
  payload: { data },
})
const encode = (options: Options, message = messageWith(dossier)) =>
  soapPush.encode(message, agencyWith(options))

function encoded(options: Options, message?: Message): Draft {
  const result = encode(options, message)
  if (result.kind === 'unsupported') throw new Error(result.reason)
  return result
}

const keys: AgencyKeys = { secrets: (name) => [`bí mật <${name}>`], privateKey: () => undefined }

function send(options: Options, transport: Transport, message = messageWith(dossier)): Promise<Outcome> {
  const parcel = { message, deliveryId: 'd', encoded: encoded(options, message) }
  return soapPush.send(parcel, agencyWith(options), transport, keys)
}

/** What a recipient's answer is taken for. */
function outcomeOf(body: string, options: Options = {}, status = 200): Promise<Outcome> {
  const answer: TransportAnswer = { status, headers: {}, body: Buffer.from(body) }
  return send({ ...base, ...options }, { post: () => Promise.resolve(answer) })
}

const soap = (body: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`
const result = (inner: string) =>
  soap(
    `<TiepNhanResponse xmlns="http://bo.example.vn/"><TiepNhanResult>${inner}</TiepNhanResult></TiepNhanResponse>`,
  )
const fault = (code: string) =>
  soap(`<s:Fault><faultcode>${code}</faultcode><faultstring>Hỏng</faultstring></s:Fault>`)

/** Sends to a real service, by the real way out. */
function sendTo(ministry: Ministry, options: Options, message?: Message): Promise<Outcome> {
  const transport = createHttpTransport()
  return send({ ...base, ...options, url: ministry.url }, transport.to(['127.0.0.0/8']), message).finally(
    () => transport.close(),
  )
}

describe('the SOAP push', () => {
  it('calls the operation of a WSDL in the order, types and namespaces of its types, whatever the order of the fields', () =>
    withMinistry(async (ministry) => {
      expect(await sendTo(ministry, {})).to.deep.equal({ kind: 'delivered' })
      expect(ministry.calls).to.deep.equal([
        {
          hoSo: {
            NgayNhan: new Date('2026-11-21T08:30:00+07:00'),
            ...{ So: 'H49-261121-1', ThuTuc: 'TT-01', Tep: [{ Ten: 'đơn.pdf' }, { Ten: 'a & <b>.pdf' }] },
          },
        },
      ])
      expect(ministry.requests[0])
        .to.contain('xmlns:d="http://bo.example.vn/du-lieu"')
        .and.contain('<d:NgayNhan ')
    }))

  it('carries every text there and back as it was', () =>
    withMinistry(async (ministry) => {
      const texts = fc.stringMatching(/^[^\s\p{C}](?:[^\p{C}]{0,30}[^\s\p{C}])?$/u)
      const codes = fc.stringMatching(/^[A-Z0-9.-]{1,20}$/)
      await fc.assert(
        fc.asyncProperty(codes, fc.array(texts, { minLength: 1, maxLength: 3 }), async (So, names) => {
          const TaiLieuNop = names.map((TenTepDinhKem) => ({ TenTepDinhKem }))
          await sendTo(ministry, {}, messageWith({ MaHoSo: So, TaiLieuNop }))
          const Tep = names.map((Ten) => ({ Ten }))
          expect(ministry.calls.at(-1)).to.deep.equal({ hoSo: { So, Tep } })
        }),
        { numRuns: 40 },
      )
    }))

  it('needs no WSDL where a namespace and the order of the fields say it all', async () =>
    withMinistry(async (ministry) => {
      const options = { ...undescribed, url: ministry.url, namespace: 'http://bo.example.vn/' }
      const transport = createHttpTransport()
      const outcome = await send(options, transport.to(['127.0.0.0/8'])).finally(() => transport.close())
      expect(outcome).to.deep.equal({ kind: 'delivered' })
      expect(ministry.requests[0]).to.contain(
        '<TiepNhan xmlns="http://bo.example.vn/"><hoSo><So>H49-261121-1</So>',
      )
    }))

  it('speaks SOAP 1.1 and 1.2, with the action where each has it', () =>
    withSink(async (sink) => {
      const transport = createHttpTransport()
      const way = transport.to(['127.0.0.0/8'])
      await send({ ...base, url: sink.url }, way)
      await send({ ...base, url: sink.url, soap: '1.2' }, way)
      const operations = { 'dossier.submitted': { ...operation, soapAction: 'urn:khac' } }
      await send({ ...base, url: sink.url, operations }, way)
      await transport.close()
      const [first, second, third] = sink.requests
      expect(first?.headers).to.include({ soapaction: '"http://bo.example.vn/TiepNhan"' })
      expect(first?.headers['content-type']).to.equal('text/xml; charset=utf-8')
      expect(second?.headers['content-type']).to.equal(
        'application/soap+xml; charset=utf-8; action="http://bo.example.vn/TiepNhan"',
      )
      expect(second?.body.toString()).to.contain('http://www.w3.org/2003/05/soap-envelope')
      expect(third?.headers).to.include({ soapaction: '"urn:khac"' })
    }))

  it('shows who calls by WS-Security, by basic authentication, by a header of its own or in the body', () =>
    withSink(async (sink) => {
      const transport = createHttpTransport()
      const call = async (options: Options) => {
        await send({ ...base, ...options, url: sink.url }, transport.to(['127.0.0.0/8']))
        const { headers, body } = sink.requests.at(-1)!
        return { headers, text: body.toString() }
      }
      const token = { kind: 'username-token', username: 'truc' }
      const digest = await call({ security: token })
      expect(digest.text)
        .to.contain('#PasswordDigest')
        .and.contain('<wsse:Username>truc<')
        .and.not.contain('bí mật')
      const plain = await call({ security: { ...token, password: 'text', timestamp: true } })
      expect(plain.text).to.contain('bí mật &lt;password&gt;</wsse:Password>').and.contain('<wsu:Timestamp')
      const basic = await call({ security: { kind: 'basic', username: 'truc' } })
      const [, code = ''] = String(basic.headers.authorization).split(' ')
      expect(Buffer.from(code, 'base64').toString()).to.equal('truc:bí mật <password>')
      const block = {
        name: 'AuthHeader',
        namespace: 'urn:h',
        fields: { User: 'truc', Pass: { secret: 'other' } },
      }
      const header = await call({ header: block })
      expect(header.text).to.contain('<own:User>truc</own:User><own:Pass>bí mật &lt;other&gt;</own:Pass>')
      const placed = { matKhau: { otherwise: '' }, ...fields } // elements of the operation itself stand in the order of the fields
      const operations = {
        'dossier.submitted': { ...operation, fields: placed, secrets: { matKhau: 'password' } },
      }
      const body = await call({ operations })
      expect(body.text).to.contain('<matKhau>bí mật &lt;password&gt;</matKhau><hoSo>')
      await transport.close()
    }))

  it('sends nothing without a secret that it needs', async () => {
    const options = { ...base, security: { kind: 'basic', username: 'truc' } }
    const transport: Transport = { post: () => Promise.reject(new Error('was sent')) }
    const parcel = { message: messageWith(dossier), deliveryId: 'd', encoded: encoded(options) }
    const outcome = await soapPush.send(parcel, agencyWith(options), transport, {
      ...keys,
      secrets: () => [],
    })
    expect(outcome).to.include({ kind: 'fault', code: 'no_secret' })
  })

  it('reports what the operation has no element for, unless it is to be left out', () => {
    const reasonOf = (payload: Payload, more: object = {}) => {
      const operations = { 'dossier.submitted': { ...operation, ...more } }
      const said = encode({ ...base, operations }, messageWith(payload))
      return said.kind === 'unsupported' ? said.reason : ''
    }
    const more = {
      ...dossier,
      GhiChu: 'x',
      TaiLieuNop: [{ TenTepDinhKem: 'a', IsDeleted: 'False' }],
      Rieng: { a: '1' },
    }
    expect(reasonOf(more)).to.equal('TiepNhan cannot carry TaiLieuNop[].IsDeleted, GhiChu, Rieng.a')
    expect(reasonOf(more, { leaves: ['GhiChu', 'Rieng', 'TaiLieuNop'] })).to.equal('')
    expect(reasonOf(more, { leaves: ['*'] })).to.equal('')
    expect(reasonOf(more, { fields: { So: { from: 'Rieng', as: 'json' } }, leaves: ['*'] })).to.equal('')
    expect(encode(base, messageWith(dossier, dossier))).to.include({ kind: 'unsupported' })
    expect(encode(base, messageOf('payment.result'))).to.deep.equal({
      ...{ kind: 'unsupported', reason: 'no operation is set for payment.result' },
    })
  })

  it('reports texts that XML cannot carry, and the CDATA section that would not be escaped', () => {
    for (const MaHoSo of ['H49\u0001', '<![CDATA[]]><x/><![CDATA[]]>', '\ud800'])
      expect(encode(base, messageWith({ MaHoSo })), MaHoSo).to.include({ kind: 'unsupported' })
  })

  it('reads the code of an answer as the options say, and the word of it where no code is listed', async () => {
    expect(await outcomeOf(result('<Ma>00</Ma>'))).to.deep.equal({ kind: 'delivered' })
    expect(await outcomeOf(result('<Ma><![CDATA[0]]></Ma>'))).to.deep.equal({ kind: 'delivered' })
    expect(await outcomeOf(result('<Ma>07</Ma><MoTa>Sai  mã\nthủ tục</MoTa>'))).to.deep.equal({
      ...{ kind: 'refused', code: 'answer_07', reason: 'Sai mã thủ tục' },
    })
    const answer = {
      ...reading,
      codes: { '1': 'processed', '9': 'retry', '8': 'fault' },
      words: { 'đã tồn tại': 'known' },
    }
    expect((await outcomeOf(result('<Ma>1</Ma>'), { answer })).kind).to.equal('processed')
    expect((await outcomeOf(result('<Ma>9</Ma>'), { answer })).kind).to.equal('retry')
    expect((await outcomeOf(result('<Ma>8</Ma>'), { answer })).kind).to.equal('fault')
    expect((await outcomeOf(result('<Ma>5</Ma><MoTa>Hồ sơ ĐÃ TỒN TẠI</MoTa>'), { answer })).kind).to.equal(
      'delivered',
    )
  })

  it('reads an answer that is JSON inside its element', async () => {
    const answer = { json: 'TiepNhanResult', code: 'error_code', message: 'message' }
    const json = (text: string) =>
      soap(
        `<TiepNhanResponse xmlns="http://bo.example.vn/"><TiepNhanResult>${text}</TiepNhanResult></TiepNhanResponse>`,
      )
    expect((await outcomeOf(json('{"error_code":0}'), { answer })).kind).to.equal('delivered')
    expect(await outcomeOf(json('{"error_code":"-1","message":"Lỗi"}'), { answer })).to.include({
      reason: 'Lỗi',
    })
    expect((await outcomeOf(json('không phải JSON'), { answer })).kind).to.equal('in_doubt')
  })

  it('takes a fault for a refusal, for what may pass or for a broken configuration, by its code', async () => {
    expect(await outcomeOf(fault('s:Client'), {}, 500)).to.deep.equal({
      ...{ kind: 'refused', code: 'fault_Client', reason: 'Hỏng' },
    })
    expect((await outcomeOf(fault('s:Server'), {}, 500)).kind).to.equal('retry')
    expect((await outcomeOf(fault('wsse:FailedAuthentication'), {}, 500)).kind).to.equal('fault')
    expect((await outcomeOf(fault('s:Client'), { faults: { Client: 'retry' } }, 500)).kind).to.equal('retry')
    expect((await outcomeOf(fault('s:Client'), {}, 401)).kind).to.equal('fault')
    const inner = '<e:Subcode><e:Value>x:TrungMa</e:Value></e:Subcode>'
    const later = `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value>${inner}</e:Code><e:Reason><e:Text xml:lang="vi">Trùng</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>`
    expect(await outcomeOf(later, { soap: '1.2' }, 400)).to.include({ kind: 'refused', reason: 'Trùng' })
    expect((await outcomeOf(later, { soap: '1.2', faults: { TrungMa: 'known' } }, 500)).kind).to.equal(
      'delivered',
    )
  })

  it('leaves in doubt what does not say what became of it, or asks again where repeats are told apart', async () => {
    const doctype = `<!DOCTYPE x [<!ENTITY a "00">]>${result('<Ma>&a;</Ma>')}`
    for (const text of ['<html>Đăng nhập</html>', 'OK', result('<Khac/>'), doctype]) {
      expect((await outcomeOf(text)).kind, text).to.equal('in_doubt')
      expect((await outcomeOf(text, { repeatable: true })).kind, text).to.equal('retry')
    }
    const lost: Transport = {
      post: async () => ({ failure: 'ambiguous', code: 'timeout', reason: 'no answer' }),
    }
    expect((await send(base, lost)).kind).to.equal('in_doubt')
    expect((await send({ ...base, repeatable: true }, lost)).kind).to.equal('retry')
    expect((await outcomeOf('')).kind, 'a one-way answer').to.equal('delivered')
  })

  it('fetches nothing for a description and reads no file for it', async () => {
    const accepts = (wsdl: string) => soapPush.options.safeParse({ ...base, wsdl }).success
    const importing = '<xsd:import namespace="urn:x" schemaLocation="/etc/passwd"/>'
    expect(accepts(ministryWsdl.replace('<wsdl:types>', `<wsdl:types>${importing}`))).to.equal(false)
    expect(accepts(`<!DOCTYPE x>${ministryWsdl}`)).to.equal(false)
    expect(accepts('/etc/hostname')).to.equal(false)
  })

  it('checks a description and what is called by it when it is saved', () => {
    const faultsOf = (options: Options) => {
      const read = soapPush.options.safeParse({ ...base, ...options })
      return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    }
    const calling = (more: object) => ({ operations: { 'dossier.submitted': { ...operation, ...more } } })
    expect(faultsOf({})).to.deep.equal([])
    expect(faultsOf({ wsdl: '<a' }).join()).to.match(/^wsdl: /)
    expect(faultsOf({ wsdl: '<a/>' })).to.deep.equal(['wsdl: is no WSDL 1.1: its root is not definitions'])
    const without = (name: string) =>
      ministryWsdl.replace(new RegExp(`<wsdl:${name} [\\s\\S]*</wsdl:${name}>`), '')
    expect(faultsOf({ wsdl: without('service') })).to.deep.equal(['wsdl: has no service with a port'])
    expect(faultsOf({ wsdl: without('binding') })).to.deep.equal(['wsdl: has no binding for its port'])
    for (const name of ['TraCuu', 'describe', 'constructor'])
      expect(faultsOf(calling({ name }))).to.deep.equal([
        `operations.dossier.submitted.name: the WSDL has no operation ${name}`,
      ])
    expect(faultsOf(calling({ fields: { hoSo: { fields: { SoHoSo: 'MaHoSo' } } } }))).to.deep.equal([
      'operations.dossier.submitted.fields: the WSDL has no element SoHoSo',
    ])
    expect(faultsOf(calling({ secrets: { khoa: 'password' } }))).to.deep.equal([
      'operations.dossier.submitted.fields: the WSDL has no element khoa',
    ])
    const open = ministryWsdl.replace('</s:sequence>', '<s:any/></s:sequence>')
    expect(
      faultsOf({ ...calling({ fields: { hoSo: { fields: { SoHoSo: 'MaHoSo' } } } }), wsdl: open }),
    ).to.deep.equal([])
    expect(
      faultsOf({ wsdl: ministryWsdl.replaceAll('s:element name="Tep"', 's:element name="tep"') }),
    ).to.deep.equal(['operations.dossier.submitted.fields: the WSDL has no element Tep'])
  })

  it('repeats an element for each row of a list, of objects or of values, and writes fixed values', () =>
    withSink(async (sink) => {
      const transport = createHttpTransport()
      const lists = {
        Nguon: { otherwise: 'TRUC' },
        Ten: { each: 'TaiLieuNop', from: 'TenTepDinhKem' },
        The: { each: 'NhanDan', from: '$row' },
        Muc: { each: 'NhanDan', fields: { Chu: '$row' } },
      }
      const asked = {
        ...{ url: sink.url, namespace: 'http://bo.example.vn/' },
        operations: { 'dossier.submitted': { name: 'TiepNhan', fields: lists, leaves: ['MaHoSo'] } },
      }
      const payload = {
        MaHoSo: 'H49-261121-1',
        TaiLieuNop: [{ TenTepDinhKem: 'a' }, { TenTepDinhKem: 'b & c' }, {}],
        NhanDan: ['một', 'hai'],
      }
      await send(asked, transport.to(['127.0.0.0/8']), messageWith(payload))
      await transport.close()
      expect(sink.requests[0]?.body.toString()).to.contain(
        '<Nguon>TRUC</Nguon><Ten>a</Ten><Ten>b &amp; c</Ten><The>một</The><The>hai</The><Muc><Chu>một</Chu></Muc><Muc><Chu>hai</Chu></Muc>',
      )
      const control = messageWith({ ...payload, NhanDan: ['\u0001'] })
      expect(encode(asked, control)).to.include({ kind: 'unsupported' })
    }))

  it('reads the code that a service has put into the detail of its fault, and the words of its text', async () => {
    const detailed = (code: string, text: string) =>
      soap(
        `<s:Fault><faultcode>s:Server</faultcode><faultstring>${text}</faultstring><detail><e:Loi xmlns:e="urn:loi"><e:Ma>${code}</e:Ma></e:Loi></detail></s:Fault>`,
      )
    const options = {
      faultCode: 'detail.Loi.Ma',
      ...{
        faults: { E07: 'refused', E09: 'known' },
        faultWords: { 'đã tồn tại': 'known', 'sai khóa': 'fault' },
      },
    }
    const kindOf = async (code: string, text: string, more: Options = options) =>
      (await outcomeOf(detailed(code, text), more, 500)).kind
    expect(await outcomeOf(detailed('E07', 'Hỏng'), options, 500)).to.deep.equal({
      ...{ kind: 'refused', code: 'fault_E07', reason: 'Hỏng' },
    })
    expect(await kindOf('E09', 'x')).to.equal('delivered')
    expect(await kindOf('E01', 'Hồ sơ ĐÃ TỒN TẠI')).to.equal('delivered')
    expect(await kindOf('E01', 'Sai khóa truy cập')).to.equal('fault')
    expect(await kindOf('E01', 'Quá tải'), 'as any fault of a server').to.equal('retry')
    expect(await kindOf('E07', 'Hồ sơ đã tồn tại'), 'a code goes before words').to.equal('refused')
    expect(await kindOf('E07', 'Hồ sơ đã tồn tại', {}), 'unless options say more').to.equal('retry')
    const later = `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason><e:Text xml:lang="vi">x</e:Text></e:Reason><e:Detail><Loi><Ma>E07</Ma></Loi></e:Detail></e:Fault></e:Body></e:Envelope>`
    expect((await outcomeOf(later, { ...options, soap: '1.2' }, 500)).kind).to.equal('refused')
  })

  it('asks for TLS unless the line is said to be private, and for a namespace where there is no WSDL', () => {
    const accepts = (options: Options) => soapPush.options.safeParse(options).success
    expect(accepts({ ...base, url: 'http://bo.example.vn/' })).to.equal(false)
    expect(accepts({ ...base, url: 'http://bo.example.vn/', privateLine: true })).to.equal(true)
    expect(accepts(undescribed)).to.equal(false)
    expect(accepts({ ...base, operations: { 'no.action': operation } })).to.equal(false)
    const field = { ...operation, fields: { attributes: 'MaHoSo' } }
    expect(accepts({ ...base, operations: { 'dossier.submitted': field } })).to.equal(false)
  })
})
