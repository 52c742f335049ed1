import { expect } from 'chai'
import { withGateway, type LentGateway } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'
import { rawCall, type RawAnswer } from '../support/raw.ts'

const province = createParty({ code: 'H49' })
const key = `Authorization: Bearer ${province.apiKey}`
const common = ['Host: truc.example.vn', 'Connection: close']

type Use = (lent: LentGateway) => Promise<void>
const lend = (use: Use) => () => withGateway([province], {}, use)
const ask = ({ url }: LentGateway, request: string, ...headers: readonly string[]) =>
  rawCall(url, [request, ...common, ...headers])

function codeOf({ body }: RawAnswer): string {
  return String((JSON.parse(body) as { code?: unknown }).code)
}

describe('methods', () => {
  const wrong: readonly (readonly [request: string, allow: string])[] = [
    ['DELETE /v1/messages', 'POST'],
    ['PATCH /v1/messages/x', 'GET, HEAD'],
    ['POST /v1/certificates', 'GET, HEAD'],
    ['POST /health/live', 'GET, HEAD'],
    ['POST /openapi.json', 'GET, HEAD'],
    ['PUT /docs', 'GET, HEAD'],
    ['PROPFIND /v1/mailbox', 'GET'],
    ['GET /v1/mailbox/x/ack', 'POST'],
  ]
  it(
    'answers 405 with what is allowed, in the one form of errors, whoever asks',
    lend(async (lent) => {
      for (const [request, allow] of wrong) {
        const answer = await ask(lent, `${request} HTTP/1.1`)
        expect(answer.status, request).to.equal(405)
        expect(allowOf(answer), request).to.include.members(allow.split(', '))
        expect(codeOf(answer), request).to.equal('method_not_allowed')
      }
    }),
  )

  it(
    'answers OPTIONS with what is allowed on a path, from all its rows, and 404 elsewhere',
    lend(async (lent) => {
      const known = await ask(lent, 'OPTIONS /v1/messages HTTP/1.1')
      expect([known.status, known.body]).to.deep.equal([204, ''])
      expect(allowOf(known)).to.include('POST')
      const view = await ask(lent, 'OPTIONS /v1/messages/x HTTP/1.1')
      expect(allowOf(view)).to.deep.equal(['GET', 'HEAD'])
      expect((await ask(lent, 'OPTIONS /nothing HTTP/1.1')).status).to.equal(404)
    }),
  )

  it(
    'answers HEAD as GET without a body, but lends nothing by it',
    lend(async (lent) => {
      const head = await ask(lent, 'HEAD /v1/certificates HTTP/1.1')
      expect([head.status, head.body]).to.deep.equal([200, ''])
      const mailbox = await ask(lent, 'HEAD /v1/mailbox HTTP/1.1', key)
      expect([mailbox.status, mailbox.body]).to.deep.equal([405, ''])
    }),
  )

  it(
    'answers 404 in the form of errors where no door is, by any method',
    lend(async (lent) => {
      for (const method of ['GET', 'POST', 'DELETE', 'TRACE']) {
        const answer = await ask(lent, `${method} /v1/nothing HTTP/1.1`, key)
        expect([answer.status, codeOf(answer)], method).to.deep.equal([404, 'not_found'])
      }
    }),
  )
})

describe('paths in disguise', () => {
  const refused = [
    '//v1//messages/x',
    '/v1//certificates',
    '//evil.example.vn/v1/certificates',
    '/v1/./certificates',
    '/v1/messages/../certificates',
    '/v1/messages/..',
    '/v1/messages/..%2fcertificates',
    '/v1/messages/..%2F..%2Fopenapi.json',
    '/v1/messages/%2e%2e/certificates',
    '/v1%2fcertificates',
    '/v1/messages/a%5cb',
    '/v1/messages/a\\b',
    '/v1/messages/a%00',
    '/v1/messages/a%0d%0aset-cookie:x=1',
    '/docs/..%2f..%2fpackage.json',
    '/docs/%2e%2e/package.json',
    '/v1/messages/%ff',
  ]
  it(
    'are refused',
    lend(async (lent) => {
      for (const path of refused) {
        const answer = await ask(lent, `GET ${path} HTTP/1.1`, key)
        expect([answer.status, codeOf(answer)], path).to.deep.equal([400, 'malformed_request'])
      }
    }),
  )

  const unknown = [
    '/V1/certificates',
    '/v1/Certificates',
    '/v1/certificates/',
    '/v1/certificates.',
    '/v1/certificates;a=b',
    '/v1/%63ertificates',
    '/openapi.json/',
    '/docs/',
    '/docs/package.json',
    '/docs/swagger-ui-bundle.js.map',
    '/HEALTH/live',
  ]
  it(
    'are no doors in another spelling',
    lend(async (lent) => {
      for (const path of unknown) {
        const answer = await ask(lent, `GET ${path} HTTP/1.1`, key)
        expect([answer.status, codeOf(answer)], path).to.deep.equal([404, 'not_found'])
      }
    }),
  )

  it(
    'cannot name another host: the path alone decides',
    lend(async (lent) => {
      const answer = await ask(lent, 'GET http://evil.example.vn/v1/certificates HTTP/1.1')
      expect(answer.status).to.equal(200)
      expect(answer.head).not.to.include('evil')
    }),
  )
})

describe('headers', () => {
  const body = ['Content-Type: application/xml', 'Content-Length: 4']
  const twice: readonly (readonly string[])[] = [
    [key, key],
    [key, 'authorization: Bearer another-key-of-some-length'],
    [key, 'Content-Type: application/xml', 'content-type: application/json', 'Content-Length: 4'],
    [key, ...body, 'Idempotency-Key: a', 'Idempotency-Key: b'],
    [key, ...body, 'Content-Encoding: gzip', 'Content-Encoding: identity'],
    [key, ...body, 'Host: other.example.vn'],
  ]
  it(
    'that decide may come once',
    lend(async ({ url }) => {
      for (const headers of twice) {
        const answer = await rawCall(url, ['POST /v1/messages HTTP/1.1', ...common, ...headers], '<x/>')
        expect([answer.status, codeOf(answer)], headers.join()).to.deep.equal([400, 'malformed_request'])
      }
    }),
  )

  const smuggled: readonly (readonly string[])[] = [
    ['Content-Length: 4', 'Content-Length: 40'],
    ['Content-Length: 4', 'Content-Length: 4'],
    ['Content-Length: 4', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    ['Transfer-Encoding: xchunked'],
    ['Content-Length: +4'],
    ['Content-Length : 4'],
    ['X-A: b\nX-C: d'],
    ['X-A: b\u0000c'],
  ]
  it(
    'that hide a second request end the connection',
    lend(async ({ url }) => {
      for (const headers of smuggled) {
        const second = 'GET /v1/certificates HTTP/1.1\r\nHost: x\r\n\r\n'
        const answer = await rawCall(
          url,
          ['POST /v1/messages HTTP/1.1', 'Host: x', key, 'Content-Type: application/xml', ...headers],
          `<x/>${second}`,
        )
        expect(answer.status, headers.join()).to.equal(400)
        expect(answer.body, headers.join()).not.to.include('CERTIFICATE')
      }
    }),
  )

  it(
    'of an answer hold nothing that a request said',
    lend(async (lent) => {
      const answers = await Promise.all([
        ask(lent, 'GET /v1/messages/x%0d%0aSet-Cookie:%20injected=1 HTTP/1.1', key),
        ask(lent, 'GET /v1/catalogs/injected/changes?since=%0d%0aSet-Cookie:injected HTTP/1.1', key),
        ask(
          lent,
          'GET /injected HTTP/1.1',
          key,
          'Origin: https://injected.example.vn',
          'X-Request-Id: injected',
        ),
        ask(lent, 'PUT /v1/messages/injected HTTP/1.1', 'X-HTTP-Method-Override: GET'),
      ])
      for (const { head, status } of answers) {
        expect(head).not.to.match(/injected|set-cookie|access-control/i)
        expect(status).to.be.within(400, 499)
      }
    }),
  )
})

function allowOf({ head }: RawAnswer): readonly string[] {
  return (/^allow: (.*)$/im.exec(head)?.[1] ?? '').split(', ')
}
