import { expect } from 'chai'
import { base, facadeScene, type FacadeScene } from '../support/facade.ts'
import { rawCall } from '../support/raw.ts'
import { adapterDossier } from '../support/samples/adapter.ts'

const code = 'H49.05-261121-0001'

/** The bytes of a text in UTF-8, one character each, as a raw call writes them. */
const bytesOf = (text: string) => Buffer.from(text).toString('latin1')
const rowsOf = (more = {}) => JSON.stringify([adapterDossier(code, { ChuHoSo: 'Đặng Thị Thử', ...more })])

interface Raw {
  readonly headers?: readonly string[]
  readonly body: string
  readonly length?: string
}

function post({ lent }: FacadeScene, { headers = [], body, length }: Raw) {
  const line = length ?? `Content-Length: ${body.length}`
  const lines = [`POST ${base}/ThemMoi HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, line]
  return rawCall(lent.url, lines, body)
}

describe('the bytes of the façade', () => {
  const cases: Readonly<Record<string, Raw>> = {
    'no content type at all': { body: bytesOf(rowsOf()) },
    'header names in any case, and headers that mean nothing here': {
      headers: ['CONTENT-TYPE: Application/JSON', 'ACCEPT: */*', `x-rac: ${'x'.repeat(4_000)}`],
      body: bytesOf(rowsOf()),
    },
    'a mark before the JSON and line ends around it': { body: bytesOf(`\ufeff\r\n${rowsOf()}\r\n`) },
    'letters and names as escapes': {
      body: rowsOf()
        .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .replace('MaHoSo', '\\u004daHoSo'),
    },
    'a body in chunks': {
      length: 'Transfer-Encoding: chunked',
      body: `${bytesOf(rowsOf()).length.toString(16)}\r\n${bytesOf(rowsOf())}\r\n0\r\n\r\n`,
    },
  }
  for (const [name, raw] of Object.entries(cases))
    it(`take ${name} [dvcqg §19 rule 11]`, () =>
      facadeScene({}, async (here) => {
        const { status, head, body } = await post(here, raw)
        expect([status, JSON.parse(body)]).to.deep.equal([
          200,
          { error_code: '0', message: 'Đồng bộ thành công' },
        ])
        expect(head.toLowerCase()).to.contain('content-type: application/json; charset=utf-8')
        const look = await here.call(`${base}/TraCuuHoSo?mahoso=${code}`)
        expect(look.message).to.contain('"ChuHoSo":"Đặng Thị Thử"')
      }))

  it('answer 100 Continue before the body, and the call after it', () =>
    facadeScene({}, async (here) => {
      const { status, body } = await post(here, {
        headers: ['Expect: 100-continue'],
        body: bytesOf(rowsOf()),
      })
      expect(status).to.equal(100)
      expect(body).to.match(/^HTTP\/1\.1 200 OK\r\n/)
    }))

  it('answer letters as they are, composed, for clients that look for words in the text as it came [dvcqg §21 trap 1]', () =>
    facadeScene({}, async (here) => {
      await post(here, { body: bytesOf(rowsOf()) })
      const { body } = await post(here, { body: bytesOf(rowsOf({ TrangThaiHoSo: '9' })) })
      expect(body).to.equal(`{"error_code":"3","message":"Mã ${code} đã tồn tại"}`)
      expect(body.normalize('NFC')).to.equal(body)
    }))

  for (const successCode of [0, '00'] as const)
    it(`spell success as ${JSON.stringify(successCode)} where the body asks for it [dvcqg §19 rule 12]`, () =>
      facadeScene({ successCode }, async (here) => {
        expect(JSON.parse((await post(here, { body: '[]' })).body)).to.deep.include({
          error_code: successCode,
        })
        const bad = JSON.parse((await post(here, { body: '[{}]' })).body) as { error_code: unknown }
        expect(bad.error_code).to.equal(typeof successCode === 'number' ? 400 : '400')
      }))
})
