import { expect } from 'chai'
import fc from 'fast-check'
import type { Transport } from '../../../adapters/agencies/dialect.ts'
import { email } from '../../../adapters/agencies/email/index.ts'
import { createTransport } from '../../../adapters/transport/ways.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import { messageOf } from '../../contracts/dialect.ts'
import { readLetter, withMailServer } from '../../support/mail.ts'

const options = {
  url: 'smtps://thu.example.vn',
  from: 'truc@example.vn',
  to: ['mot@example.vn', 'hai@example.vn'],
}
const agencyWith = (more: Agency['options'] = {}): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'email' },
  options: { ...options, ...more },
})
const accepts = (more: Agency['options']) => email.options.safeParse({ ...options, ...more }).success

const notice = (payload: Payload): Message => ({ ...messageOf('notice.notification'), payload })
const step = (...data: readonly Payload[]): Message => ({ ...messageOf('status.updated'), payload: { data } })
const first = { MaHoSo: 'H49-261121-0001', TrangThai: '4', ThoiDiemXuLy: '20261121100500', NoiDungXuLy: 'x' }

function mailOf(message: Message, more: Agency['options'] = {}) {
  const encoded = email.encode(message, agencyWith(more))
  if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
  return { headers: encoded.headers, text: Buffer.from(encoded.body).toString() }
}

async function send(
  message: Message,
  more: Agency['options'],
  transport: Transport,
  secrets: readonly string[] = [],
) {
  const agency = agencyWith(more)
  const encoded = email.encode(message, agency)
  if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
  const keys = { secrets: () => secrets, privateKey: () => undefined }
  return email.send({ message, deliveryId: 'd-1', encoded }, agency, transport, keys)
}

describe('email', () => {
  it('tells the steps of a dossier, Vietnamese first, with no empty line of a field', () => {
    const { headers, text } = mailOf(step(first, { ...first, TrangThai: '10' }))
    expect(headers).to.include({
      ...{
        from: 'truc@example.vn',
        to: 'mot@example.vn, hai@example.vn',
        'auto-submitted': 'auto-generated',
      },
      subject: 'Hồ sơ H49-261121-0001: Đã trả kết quả · result returned',
    })
    for (const part of ['Trạng thái: Đang xử lý', 'State: in process', '10:05 21/11/2026'])
      expect(text).to.contain(part)
    expect(text.indexOf('Hồ sơ:')).to.be.below(text.indexOf('Dossier:'))
    expect(text.match(/^Hồ sơ:/gm), 'every step').to.have.lengthOf(2)
    expect(text).not.to.match(/:\s*$/m)
  })

  it('has a text for every notice, and says why it has none for the rest', () => {
    for (const action of [
      'notice.alert',
      'notice.maintenance',
      'notice.incident',
      'notice.notification',
    ] as const)
      expect(mailOf(messageOf(action)).headers['subject']).to.match(/ · \w+: ./)
    expect(email.encode(messageOf('payment.result'), agencyWith())).to.deep.include({ kind: 'unsupported' })
  })

  it("takes a body's own texts, with known placeholders alone", () => {
    const texts = (subject: string) => ({ texts: { 'notice.notification': { subject, text: '{NoiDung}' } } })
    expect(
      mailOf(notice({ TieuDe: 'Báo', NoiDung: 'Nội dung {TieuDe}' }), texts('[{CoQuan}] {TieuDe}')),
    ).to.deep.include({
      text: 'Nội dung {TieuDe}',
    })
    expect(mailOf(notice({ TieuDe: 'Báo' }), texts('[{CoQuan}] {TieuDe}')).headers['subject']).to.equal(
      '[H49] Báo',
    )
    for (const bad of ['{KhongCo}', '{', '}', '{ TieuDe }', '{{TieuDe}}'])
      expect(accepts(texts(bad)), bad).to.equal(false)
    expect(accepts({ texts: { 'payment.result': { subject: '', text: '' } } })).to.equal(false)
  })

  it('writes to those whom a notice names only where told to, hidden from each other', () => {
    const message = notice({
      NguoiNhan: [{ Email: 'ba@example.vn' }, { SoDienThoai: '0900000101' }, { Email: 'ba@example.vn' }],
    })
    expect(mailOf(message).headers).not.to.have.property('bcc')
    expect(mailOf(message, { toNamed: true }).headers).to.include({ bcc: 'ba@example.vn' })
    expect(mailOf(message, { to: [], toNamed: true }).headers).not.to.have.property('to')
    expect(email.encode(notice({}), agencyWith({ to: [], toNamed: true })).kind).to.equal('unsupported')
    const many = Array.from({ length: 30 }, (_, at) => ({ Email: `a${at}@example.vn` }))
    expect(email.encode(notice({ NguoiNhan: many }), agencyWith({ toNamed: true })).kind).to.equal(
      'unsupported',
    )
  })

  it('takes no address that holds another, and no server with a password in its address', () => {
    for (const bad of ['a@b.vn, c@d.vn', 'a@b.vn\r\nBcc: c@d.vn', '<a@b.vn>', 'a b@c.vn', 'a@b']) {
      expect(accepts({ to: [bad] }), bad).to.equal(false)
      expect(accepts({ from: bad }), bad).to.equal(false)
      const message = notice({ NguoiNhan: [{ Email: bad }] })
      expect(email.encode(message, agencyWith({ toNamed: true })).kind, bad).to.equal('unsupported')
    }
    expect(accepts({ url: 'smtps://u:p@thu.example.vn' })).to.equal(false)
    expect(accepts({ url: 'https://thu.example.vn' })).to.equal(false)
    expect(accepts({ to: [] })).to.equal(false)
    expect(accepts({ user: 'a:b' })).to.equal(false)
  })

  it('lets nothing of a message into the headers or to another address', () => {
    const wild = fc
      .string({ unit: 'binary', maxLength: 80 })
      .map((text) => `${text}\r\nBcc: x@example.vn\r\n`)
    fc.assert(
      fc.property(wild, (text) => {
        const { headers } = mailOf(notice({ TieuDe: text, NoiDung: text, MaThongBao: text }))
        for (const value of Object.values(headers)) expect(value).not.to.match(/[\p{Cc}\p{Zl}\p{Zp}]/u)
        expect(headers['to']).to.equal('mot@example.vn, hai@example.vn')
      }),
    )
  })

  it('arrives as it was written, whatever its text', () =>
    withMailServer({}, async ({ port, letters }) => {
      const transport = createTransport({ authorities: [] })
      const way = transport.to(['127.0.0.0/8'])
      const more = { url: `smtp://127.0.0.1:${port}` }
      const text = fc
        .string({ unit: 'grapheme-composite', minLength: 1, maxLength: 60 })
        .filter((each) => each.trim() !== '')
      await fc.assert(
        fc.asyncProperty(text, async (TieuDe) => {
          expect(await send(notice({ TieuDe, NoiDung: TieuDe }), more, way)).to.deep.equal({
            kind: 'delivered',
          })
          const { headers, text: got } = readLetter(letters.at(-1)!)
          const { headers: sent, text: expected } = mailOf(notice({ TieuDe, NoiDung: TieuDe }))
          expect(headers.filter(([name]) => name === 'subject').map(([, value]) => value)).to.deep.equal([
            sent['subject'],
          ])
          expect(got.trimEnd()).to.equal(expected.trimEnd())
          expect(letters.at(-1)?.to).to.deep.equal(options.to)
        }),
        { numRuns: 20 },
      )
      await transport.close()
    }))

  it('has the same Message-ID at each try, and logs in with its secret', () =>
    withMailServer({ login: { user: 'truc', pass: 'bí mật' } }, async ({ port, letters }) => {
      const transport = createTransport({ authorities: [] })
      const way = transport.to(['127.0.0.0/8'])
      const more = { url: `smtp://127.0.0.1:${port}`, user: 'truc' }
      await send(step(first), more, way, ['bí mật'])
      await send(step(first), more, way, ['bí mật'])
      const ids = letters.map(
        (letter) => readLetter(letter).headers.find(([name]) => name === 'message-id')?.[1],
      )
      expect(ids).to.deep.equal(['<d-1@example.vn>', '<d-1@example.vn>'])
      expect(await send(step(first), more, way, ['sai'])).to.include({ kind: 'fault', code: 'smtp_535' })
      expect(await send(step(first), more, way)).to.include({ kind: 'fault', code: 'no_secret' })
      await transport.close()
    }))

  it('tells a refusal for good from one for now, and says so where some addresses took it', () =>
    withMailServer({}, async ({ port, answer }) => {
      const transport = createTransport({ authorities: [] })
      const way = transport.to(['127.0.0.0/8'])
      const outcome = () => send(step(first), { url: `smtp://127.0.0.1:${port}` }, way)
      answer(() => 550)
      expect(await outcome()).to.include({ kind: 'refused', code: 'smtp_550' })
      answer(() => 451)
      expect(await outcome()).to.include({ kind: 'retry', code: 'smtp_451' })
      answer((address) => (address.startsWith('mot') ? null : 550))
      const partly = await outcome()
      expect(partly).to.include({ kind: 'refused' })
      expect('reason' in partly && partly.reason)
        .to.contain('1 of 2 addresses refused')
        .and.not.to.contain('@')
      await transport.close()
    }))
})
