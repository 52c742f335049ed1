import { expect } from 'chai'
import { envelopeScene, type EnvelopeScene } from '../support/adapter-envelope.ts'
import { eventually } from '../support/gateway.ts'
import { rawCall } from '../support/raw.ts'
import { adapterDossier } from '../support/samples/adapter.ts'

const code = 'H49.05-261121-0001'
const path =
  '/XrdAdapter/RestService/forward/mapi/g?VN%3AGOV%3A000.00.00.G22%3Avpcpdvcprovider&http%3A%2F%2F10.0.0.1'

/** The bytes of a text in UTF-8, one character each, as a raw call writes them. */
const bytesOf = (text: string) => Buffer.from(text).toString('latin1')

const look = ({ session }: EnvelopeScene) =>
  JSON.stringify({ session, madonvi: 'H49', service: 'TraCuuHoSo', mahoso: code })

interface Raw {
  readonly headers?: readonly string[]
  readonly body: string
  readonly length?: string
}

/** Posts bytes over a connection that is then closed. */
function post(
  { lent }: EnvelopeScene,
  { headers = [], body, length = `Content-Length: ${body.length}` }: Raw,
) {
  return rawCall(
    lent.url,
    [`POST ${path} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, length],
    body,
  )
}

const json = 'Content-Type: application/json'

describe('the bytes of the adapter envelope', () => {
  const cases: Readonly<Record<string, (here: EnvelopeScene) => Raw>> = {
    'header names in any case, and headers that mean nothing here': (here) => ({
      headers: [
        'CONTENT-TYPE: Application/JSON',
        'dStCoDe: VN:GOV:x',
        'CHARSET: utf-8',
        'accept: application/json',
      ],
      body: look(here),
    }),
    'no content type at all': (here) => ({ body: look(here) }),
    'a charset in quotes': (here) => ({
      headers: ['Content-Type: text/plain;Charset="UTF-8"'],
      body: look(here),
    }),
    'a header of 4 KB': (here) => ({ headers: [json, `dstcode: ${'x'.repeat(4_000)}`], body: look(here) }),
    'line ends around the JSON, within its length': (here) => ({
      headers: [json],
      body: `\r\n${look(here)}\r\n`,
    }),
    'a body in chunks': (here) => ({
      headers: [json],
      length: 'Transfer-Encoding: chunked',
      body: `${look(here).length.toString(16)}\r\n${look(here)}\r\n0\r\n\r\n`,
    }),
    'letters as escapes': (here) => ({
      headers: [json],
      body: look(here).replace('TraCuuHoSo', '\\u0054raCuuHoSo'),
    }),
  }
  for (const [name, raw] of Object.entries(cases))
    it(`take ${name}`, () =>
      envelopeScene({}, async (here) => {
        const { status, head, body } = await post(here, raw(here))
        expect([status, JSON.parse(body)]).to.deep.include({
          error_code: 0,
          message: 'Thành công',
          result: [],
        })
        expect(head.toLowerCase()).to.contain('content-type: application/json; charset=utf-8')
      }))

  it('answer 100 Continue before the body, and the call after it', () =>
    envelopeScene({}, async (here) => {
      const { status, body } = await post(here, { headers: [json, 'Expect: 100-continue'], body: look(here) })
      expect(status).to.equal(100)
      expect(body)
        .to.match(/^HTTP\/1\.1 200 OK\r\n/)
        .and.to.contain('"error_code":0')
    }))

  it('carry Vietnamese letters in and pure ASCII out, whatever the platform of the client reads [dvcqg §21 trap 12]', () =>
    envelopeScene({}, async (here) => {
      const { session } = here
      const data = [adapterDossier(code, { ChuHoSo: 'Đặng Thị Thử Nghiệm' })]
      const push = JSON.stringify({ session, service: 'DongBoHoSoMC', isUpdating: 'False', data })
      const done = await post(here, { headers: [json], body: bytesOf(push) })
      expect(JSON.parse(done.body)).to.include({ error_code: 0 })
      const found = await eventually('the dossier', async () => {
        const answer = await post(here, { headers: [json], body: look(here) })
        return answer.body.includes('MaHoSo') && answer
      })
      expect(found.body)
        .to.match(/^[\x20-\x7e]+$/)
        .and.to.contain('\\u0110\\u1eb7ng Th\\u1ecb')
      expect((JSON.parse(found.body) as { result: object[] }).result[0]).to.include({
        ChuHoSo: 'Đặng Thị Thử Nghiệm',
      })
      expect(found.head.toLowerCase()).to.not.contain('transfer-encoding')
    }))

  it('refuse bytes that are no UTF-8 where no charset is named, in their own form', () =>
    envelopeScene({}, async (here) => {
      const { status, body } = await post(here, {
        headers: [json],
        body: look(here).replace('H49', '\xff\xfe'),
      })
      expect(status).to.equal(200)
      expect(JSON.parse(body)).to.include({ error_code: 400 })
    }))
})
