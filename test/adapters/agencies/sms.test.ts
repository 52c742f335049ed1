import { expect } from 'chai'
import fc from 'fast-check'
import type { Transport, TransportAnswer, TransportFailure } from '../../../adapters/agencies/dialect.ts'
import { sms } from '../../../adapters/agencies/sms/index.ts'
import { numberIn, segmentsOf, unmarked } from '../../../adapters/agencies/sms/text.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { messageOf } from '../../contracts/dialect.ts'

type Options = Agency['options']
type Call = Parameters<Transport['post']>[0]

const form = { kind: 'form', fields: { phone: '{to}', content: '{text}' } } as const
const options = { url: 'https://sms.example.vn/send', to: ['0900000101'], body: form }
const agencyWith = (more: Options = {}): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'sms' },
  options: { ...options, ...more },
})
const accepts = (more: Options) => sms.options.safeParse({ ...options, ...more }).success

const notice = (payload: Payload): Message => ({ ...messageOf('notice.notification'), payload })
const hello = notice({ TieuDe: 'Xin chào', NoiDung: 'Hết giờ' })

const textOf = (message: Message, more: Options = {}): string => {
  const encoded = sms.encode(message, agencyWith(more))
  return encoded.kind === 'unsupported' ? `! ${encoded.reason}` : Buffer.from(encoded.body).toString()
}

interface Sent {
  readonly outcome: Outcome
  readonly calls: readonly Call[]
}

async function send(
  more: Options,
  answerTo: (call: Call) => TransportAnswer | TransportFailure = () => ok(''),
  { message = hello, secrets = ['khóa'.normalize('NFD').replace(/\p{M}/gu, '')] } = {},
): Promise<Sent> {
  const calls: Call[] = []
  const transport: Transport = {
    post: async (call) => {
      calls.push(call)
      return answerTo(call)
    },
  }
  const agency = agencyWith(more)
  const encoded = sms.encode(message, agency)
  if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
  const keys = { secrets: () => secrets, privateKey: () => undefined }
  return { outcome: await sms.send({ message, deliveryId: 'd-1', encoded }, agency, transport, keys), calls }
}

const ok = (body: string): TransportAnswer => ({ status: 200, headers: {}, body: Buffer.from(body) })
const bodyOf = (call: Call | undefined) => Buffer.from(call?.body ?? '').toString()

describe('sms: what is said', () => {
  it('tells a step and a notice in a short text', () => {
    const data = [{ MaHoSo: 'H49-261121-0001', TrangThai: '10', NoiDungXuLy: '' }]
    expect(textOf({ ...messageOf('status.updated'), payload: { data } })).to.equal(
      'Hồ sơ H49-261121-0001: Đã trả kết quả.',
    )
    expect(textOf(hello)).to.equal('Xin chào. Hết giờ')
    expect(textOf(messageOf('payment.result'))).to.match(/^! sms tells of no payment.result/)
  })

  it('leaves the marks of Vietnamese out where asked to', () => {
    expect(textOf(notice({ TieuDe: 'Đề nghị bổ sung: giấy ĐKKD' }), { diacritics: false })).to.match(
      /^De nghi bo sung: giay DKKD/,
    )
    expect(unmarked('ẤẬẮẶỨỰỢỠỆỂỴỶ ấậắặứựợỡệểỵỷ')).to.equal('AAAAUUOOEEYY aaaauuooeeyy')
  })

  it('counts segments as the network does', () => {
    const counts: readonly (readonly [string, number])[] = [
      ['', 1],
      ['a'.repeat(160), 1],
      ['a'.repeat(161), 2],
      ['a'.repeat(306), 2],
      ['a'.repeat(307), 3],
      ['€'.repeat(80), 1],
      ['€'.repeat(81), 2],
      ['ế'.repeat(70), 1],
      ['ế'.repeat(71), 2],
      [`${'a'.repeat(70)}ế`, 2],
      ['ế'.repeat(135), 3],
    ]
    for (const [text, count] of counts) expect(segmentsOf(text), text.slice(0, 3)).to.equal(count)
  })

  it('reports a text that is too long, and cuts none', () => {
    expect(textOf(notice({ NoiDung: 'ế'.repeat(400) }))).to.equal('! 6 segments, of 5 at most')
    expect(textOf(notice({ NoiDung: 'ế'.repeat(400) }), { diacritics: false })).to.match(/^\. e+$/)
    expect(textOf(notice({ NoiDung: 'ế'.repeat(400) }), { maxSegments: 6 })).to.match(/^\. ế+$/)
  })

  it('writes numbers as the provider reads them, each once, and reports what is none', () => {
    expect(
      ['0900 000 101', '+84900000101', '84.900.000.101', '84900000101'].map((text) => numberIn('84', text)),
    ).to.deep.equal(Array.from({ length: 4 }, () => '84900000101'))
    expect([numberIn('0', '+84900000101'), numberIn('+84', '0900000101')]).to.deep.equal([
      '0900000101',
      '+84900000101',
    ])
    for (const bad of ['900000101', '+1 202 555 0100', '0900000101x', '0900000101,0900000102', ''])
      expect(numberIn('84', bad), bad).to.equal(null)
    const named = (SoDienThoai: string) => notice({ NguoiNhan: [{ SoDienThoai }] })
    expect(sms.encode(named('+84900000101'), agencyWith({ toNamed: true }))).to.have.nested.property(
      'headers.to',
      '84900000101',
    )
    expect(textOf(named('12'), { toNamed: true })).to.equal('! number 2 of 2 is no Vietnamese number')
    expect(textOf(named(''), { to: [], toNamed: true })).to.match(/^! nobody/)
    expect(accepts({ to: ['12'] })).to.equal(false)
    expect(accepts({ to: [] })).to.equal(false)
  })
})

describe('sms: what a provider is sent', () => {
  it('takes only placeholders that it knows', () => {
    for (const text of ['{tu}', '{', '{to', '{{to}}']) {
      expect(accepts({ body: { kind: 'form', fields: { a: text } } }), text).to.equal(false)
      expect(accepts({ body: { kind: 'json', value: { a: [text] } } }), text).to.equal(false)
      expect(accepts({ body: { kind: 'xml', text } }), text).to.equal(false)
      expect(accepts({ query: { a: text } }), text).to.equal(false)
      expect(accepts({ headers: { a: text } }), text).to.equal(false)
    }
    expect(accepts({ headers: { 'x-text': '{text}' } }), 'a text is no header').to.equal(false)
    for (const name of ['Host', 'content-length', 'a b', 'Content-Type'])
      expect(accepts({ headers: { [name]: 'a' } })).to.equal(false)
    expect(accepts({ headers: { a: 'x\r\ny: z' } })).to.equal(false)
  })

  it('posts a form, JSON or XML, or asks by GET, with the secret where it is due', async () => {
    const basic = `Basic ${Buffer.from('truc:khoa').toString('base64')}`
    const [byForm] = (await send({ user: 'truc', headers: { Authorization: 'Basic {basic}' } })).calls
    expect(byForm).to.deep.include({ method: 'POST', url: options.url })
    expect(byForm?.headers).to.include({ authorization: basic })
    expect(Object.fromEntries(new URLSearchParams(bodyOf(byForm)))).to.deep.equal({
      phone: '84900000101',
      content: 'Xin chào. Hết giờ',
    })
    const value = { ApiKey: '{secret}', list: [{ Phone: '{to}', Sms: '{text}' }], unicode: 1, id: 'LT-{id}' }
    const [byJson] = (await send({ body: { kind: 'json', value } })).calls
    expect(JSON.parse(bodyOf(byJson))).to.deep.equal({
      ...{
        ApiKey: 'khoa',
        list: [{ Phone: '84900000101', Sms: 'Xin chào. Hết giờ' }],
        unicode: 1,
        id: 'LT-d-1',
      },
    })
    const [byXml] = (await send({ body: { kind: 'xml', text: '<a><b>{text}</b></a>' } })).calls
    expect(bodyOf(byXml)).to.equal('<a><b>Xin chào. Hết giờ</b></a>')
    const [byGet] = (await send({ method: 'GET', query: { to: '{to}', t: '{time}' } })).calls
    expect(byGet?.method).to.equal('GET')
    expect(byGet?.url).to.match(/\?to=84900000101&t=\d{14}$/)
  })

  it('keeps every text in its place, whatever it holds', async () => {
    const wild = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => `${text}"&</b>{secret}=%00{to}`)
    await fc.assert(
      fc.asyncProperty(wild, async (TieuDe) => {
        const message = notice({ TieuDe })
        const text = textOf(message)
        if (text.startsWith('! ')) return
        const given = { message }
        const [byForm] = (await send({}, undefined, given)).calls
        expect(new URLSearchParams(bodyOf(byForm)).get('content')).to.equal(text)
        const [byJson] = (await send({ body: { kind: 'json', value: { a: '{text}' } } }, undefined, given))
          .calls
        expect(JSON.parse(bodyOf(byJson))).to.deep.equal({ a: text })
        const [byQuery] = (await send({ query: { a: '{text}' } }, undefined, given)).calls
        expect(new URL(byQuery!.url).searchParams.get('a')).to.equal(text)
        const [byXml] = (await send({ body: { kind: 'xml', text: '<a>{text}</a>' } }, undefined, given)).calls
        expect(bodyOf(byXml).replace(/<\/?a>/g, '')).not.to.match(/[<>]|&(?!(amp|lt|gt|quot|apos);)/)
      }),
      { numRuns: 50 },
    )
  })

  it('sends nothing where its secret is missing', async () => {
    const { calls, outcome } = await send({ query: { key: '{secret}' } }, undefined, {
      message: hello,
      secrets: [],
    })
    expect(outcome).to.include({ kind: 'fault', code: 'no_secret' })
    expect(calls.length).to.equal(0)
  })

  it('goes over TLS, or a line that is said to be private', () => {
    expect(accepts({ url: 'http://10.0.0.5/sms' })).to.equal(false)
    expect(accepts({ url: 'http://10.0.0.5/sms', privateLine: true })).to.equal(true)
  })
})

describe('sms: what a provider answers', () => {
  const success = {
    path: 'Result.Code',
    values: ['100', '0'],
    retryValues: ['99'],
    reasonPath: 'Result.Message',
  }
  const said = async (body: string, more: Options = { success }) => (await send(more, () => ok(body))).outcome

  it('reads success where the options say it stands', async () => {
    expect(await said('{"Result":{"Code":100}}')).to.deep.equal({ kind: 'delivered' })
    expect(await said('{"Result":{"Code":"0"}}')).to.deep.equal({ kind: 'delivered' })
    expect(await said('{"Result":{"Code":"99","Message":"bận"}}')).to.deep.equal({
      kind: 'retry',
      code: 'sms_99',
      reason: 'bận',
    })
    expect(await said('{"Result":{"Code":"104","Message":"Sai đầu số 84900000101"}}')).to.deep.equal({
      ...{ kind: 'refused', code: 'sms_104', reason: 'Sai đầu số …' },
    })
    expect(await said('OK\n', { success: { path: '', values: ['OK'] } })).to.deep.equal({ kind: 'delivered' })
    expect(await said('cái gì cũng được', {})).to.deep.equal({ kind: 'delivered' })
  })

  it('leaves in doubt what it cannot read', async () => {
    for (const body of ['', '<html>', '{}', '{"Result":{}}', '{"Result":{"Code":{}}}', '[]', 'null'])
      expect(await said(body), body).to.include({ kind: 'in_doubt', code: 'unreadable_answer' })
  })

  it('is sent when every number was, and in doubt when some were', async () => {
    const more = { to: ['0900000101', '0900000102', '0900000103'] }
    const answering = (status: (phone: string) => number) =>
      send(more, (call) => ({
        ...ok(''),
        status: status(new URLSearchParams(bodyOf(call)).get('phone') ?? ''),
      }))
    const all = await answering(() => 200)
    expect(all.outcome).to.deep.equal({ kind: 'delivered' })
    expect(all.calls.length).to.equal(3)
    expect((await answering((phone) => (phone.endsWith('2') ? 503 : 200))).outcome).to.include({
      ...{ kind: 'in_doubt', code: 'partly_sent', reason: '2 of 3 sent; http_503 HTTP 503' },
    })
    expect((await answering((phone) => (phone.endsWith('2') ? 503 : 400))).outcome).to.include({
      kind: 'retry',
    })
    expect((await answering(() => 400)).outcome).to.include({ kind: 'refused' })
    expect((await answering(() => 401)).outcome).to.include({ kind: 'fault' })
  })
})
