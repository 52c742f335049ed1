import { expect } from 'chai'
import fc from 'fast-check'
import { contentIdOf, parameterOf, readMultipart } from '../../../adapters/agencies/mime.ts'

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

interface Read {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

async function read(bytes: Uint8Array, boundary: string, size = 7): Promise<readonly Read[]> {
  const parts: Read[] = []
  for await (const { headers, bytes: content } of readMultipart(inPieces(bytes, size), boundary)) {
    const pieces: Buffer[] = []
    for await (const piece of content) pieces.push(piece)
    parts.push({ headers, body: Buffer.concat(pieces) })
  }
  return parts
}

const partOf = (headers: string, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`--b1\r\n${headers}\r\n\r\n`), body, Buffer.from('\r\n')])

const failure = (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    () => 'was read',
    (error: unknown) => (error as { readonly reason?: string }).reason ?? String(error),
  )

describe('multipart bodies', () => {
  it('gives back the bytes of every part, however they come', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 64 }),
        async (contents, size) => {
          const parts = contents.map((content, at) => partOf(`Content-ID: <p${at}>`, content))
          const parsed = await read(Buffer.concat([...parts, Buffer.from('--b1--\r\n')]), 'b1', size)
          expect(parsed.map(({ body }) => [...body])).to.deep.equal(contents.map((content) => [...content]))
          expect(parsed.map(({ headers }) => headers['content-id'])).to.deep.equal(
            contents.map((_, at) => `<p${at}>`),
          )
        },
      ),
    ))

  it('passes over what stands before the first part, after the last, and a part that nobody reads', async () => {
    const body = Buffer.concat([
      Buffer.from('preamble\r\n'),
      partOf('A: 1', Buffer.from('one')),
      partOf('A: 2', Buffer.from('two')),
      Buffer.from('--b1-- epilogue'),
    ])
    const seen: (string | undefined)[] = []
    for await (const { headers } of readMultipart(inPieces(body, 3), 'b1')) seen.push(headers['a'])
    expect(seen).to.deep.equal(['1', '2'])
  })

  it('decodes base64, and refuses what is none or another coding', async () => {
    const coded = (coding: string, text: string) =>
      read(
        Buffer.concat([
          partOf(`Content-Transfer-Encoding: ${coding}`, Buffer.from(text)),
          Buffer.from('--b1--'),
        ]),
        'b1',
      )
    expect((await coded('base64', 'eGlu\r\nIGNow6Bv'))[0]?.body.toString()).to.equal('xin chào')
    expect(await failure(coded('base64', '@@@@'))).to.equal('not base64')
    expect(await failure(coded('quoted-printable', 'x'))).to.contain('quoted-printable')
  })

  it('refuses a body that ends before its boundary, and headers without an end', async () => {
    expect(await failure(read(partOf('A: 1', Buffer.from('one')), 'b1'))).to.equal('ends before its boundary')
    expect(await failure(read(Buffer.from('no parts'), 'b1'))).to.equal('ends before its boundary')
    expect(await failure(read(Buffer.from('x'), ''))).to.equal('no boundary')
    const long = Buffer.from(`--b1\r\nA: ${'x'.repeat(40_000)}`)
    expect(await failure(read(long, 'b1', 4096))).to.contain('too long')
  })

  it('reads parameters quoted or bare, and ids with brackets or cid: or both', () => {
    const header = 'multipart/related;type="text/xml";boundary=Boundary; start="<a\\"b>"'
    expect(parameterOf(header, 'boundary')).to.equal('Boundary')
    expect(parameterOf(header, 'start')).to.equal('<a"b>')
    expect(parameterOf(header, 'none')).to.equal('')
    for (const id of ['<tep-1>', 'cid:tep-1', 'cid:cid:tep-1', ' tep-1 '])
      expect(contentIdOf(id)).to.equal('tep-1')
  })
})
