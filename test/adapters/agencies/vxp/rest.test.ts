import { Readable } from 'node:stream'
import { expect } from 'chai'
import fc from 'fast-check'
import { openParts } from '../../../../adapters/agencies/body-parts.ts'
import type { Draft, Transport } from '../../../../adapters/agencies/dialect.ts'
import type { Partner } from '../../../../adapters/agencies/poll.ts'
import { directory } from '../../../../adapters/agencies/vxp/directory.ts'
import { vxp } from '../../../../adapters/agencies/vxp/index.ts'
import { VxpOptions } from '../../../../adapters/agencies/vxp/options.ts'
import { restAxis } from '../../../../adapters/agencies/vxp/rest/axis.ts'
import { restDoor } from '../../../../adapters/agencies/vxp/rest/door.ts'
import { textOf } from '../../../../schemas/fields.ts'
import { fileLink } from '../../../../schemas/file-links.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { unsigned } from '../../../support/parts.ts'
import { body } from '../../../support/vxp.ts'
import { fixture, stored } from '../edxml/support.ts'

type Files = ReturnType<typeof memoryFiles>

const wire = 'rest'
const server = { wire, url: 'https://lgsp.example.vn/v1', systemId: 'G22.W00', username: 'van-thu' }
const login = JSON.stringify({ data: { token: 'the-cho-thu' } })

async function written(encoded: Draft, files: Files): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of openParts(unsigned(encoded.parts ?? []), (id) => files.read(id)))
    pieces.push(piece)
  return Buffer.concat(pieces)
}

function encodedAs(options: Payload, payload: Payload): Draft {
  const encoded = vxp.encode(stored('document.letter', payload), body('H49', { options }))
  if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
  return encoded
}

/** A province's server that answers by the last word of the path. */
const answering = (data: Readonly<Record<string, string>>): Transport => ({
  post({ url }) {
    const name = /(\w+)(?:\?.*)?$/.exec(url)?.[1] ?? ''
    const text = name === 'login' ? login : (data[name] ?? '{"code":20,"message":"lỗi"}')
    return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(text) })
  },
})

const partnerOf = (data: Readonly<Record<string, string>>, keeping: Files): Partner => ({
  agency: body('LGSP', { options: { ...server, systemId: `G22.${Math.random()}` } }),
  ...{ transport: answering(data), keeping, now: () => 0 },
  keys: { secrets: () => ['khoa-he-thong-01'], privateKey: () => undefined },
  settled: () => Promise.resolve(new Map()),
  catalogRow: () => Promise.resolve(undefined),
})

const words = fc
  .string({ unit: fc.constantFrom('a', 'Đ', 'ộ', '&', '<', '"', '\\', '9'), minLength: 1, maxLength: 40 })
  .filter((value) => value.trim() !== '')
const pdf = fc
  .uint8Array({ maxLength: 200 })
  .map((bytes) => Buffer.concat([Buffer.from('%PDF-1.4\n'), bytes]))
const given = fc.record({ subject: words, files: fc.array(pdf, { maxLength: 3 }) })

interface Made {
  readonly payload: Payload
  readonly files: Files
}

async function letterOf(subject: string, contents: readonly Buffer[]): Promise<Made> {
  const files = memoryFiles()
  const attachments: Payload[] = []
  for (const [at, content] of contents.entries()) {
    const kept = await files.keep(Readable.from([content]))
    const named = { id: kept.id, name: `văn bản ${at}.pdf` }
    attachments.push({
      ...{ ContentId: `tep-${at}`, AttachmentName: named.name, ContentType: 'application/pdf' },
      ...{ Size: kept.size, Digest: kept.digest, Url: fileLink(kept) },
    })
  }
  const payload: Payload = {
    ...{ DocumentId: 'H49.05,2026/11/20,27/STN-KT', From: { OrganId: 'H49.05' }, Subject: subject },
    ...{ To: [{ OrganId: 'G22' }], Attachments: attachments },
  }
  return { payload, files }
}

/** Subject, and the bytes of every file in their order. */
async function seen({ payload, files }: { readonly payload: Payload; readonly files: Files }) {
  const rows = (payload['Attachments'] ?? []) as readonly Payload[]
  const ids = rows.map(({ Url }) => /files\/([0-9a-f-]+)/.exec(textOf(Url))?.[1] ?? '')
  return { subject: payload['Subject'], files: ids.map((id) => files.files.get(id)?.toString('hex')) }
}

describe('VXP by REST, decode of encode', () => {
  it('is the letter with each of its files once, sent as a form to a province and taken at a door', () =>
    fc.assert(
      fc.asyncProperty(given, async ({ subject, files: contents }) => {
        const made = await letterOf(subject, contents)
        const encoded = encodedAs(server, made.payload)
        const keeping = memoryFiles()
        const request = {
          ...{ method: 'POST', path: '/vxp-rest/v1/sendEdoc', query: {}, body: new Uint8Array(0) },
          headers: { 'content-type': encoded.contentType },
        }
        const guest = { agency: body('H49'), options: VxpOptions.parse({ wire }) }
        const bytes = Readable.from([await written(encoded, made.files)])
        const { document } = await restDoor.take({ bytes, keeping }, request, guest)
        expect(document).to.deep.include({ sender: 'H49.05', recipients: ['G22'], action: 'document.letter' })
        expect(await seen({ payload: document.payload, files: keeping })).to.deep.equal(await seen(made))
      }),
      { numRuns: 30 },
    ))

  it('is the letter with each of its files once, given by getEdoc and fetched by a poll', () =>
    fc.assert(
      fc.asyncProperty(given, async ({ subject, files: contents }) => {
        const made = await letterOf(subject, contents)
        const data = (await written(encodedAs({ wire }, made.payload), made.files)).toString('utf8')
        const keeping = memoryFiles()
        const partner = partnerOf({ getEdoc: `{"code":0,"data":${data}}` }, keeping)
        const document = await restAxis.fetch('7', partner)
        expect(await seen({ payload: document.payload, files: keeping })).to.deep.equal(await seen(made))
      }),
      { numRuns: 30 },
    ))
})

describe('traps of the REST profile of a province', () => {
  const letter = fixture('letter.edxml')
  const held = (edxml: string, more: object = {}) =>
    JSON.stringify({ code: 0, message: '', data: { edxml, ...more } })
  const fetched = (answer: string, keeping = memoryFiles()) =>
    restAxis.fetch('7', partnerOf({ getEdoc: answer }, keeping))

  for (const [how, edxml] of [
    ['as text', letter],
    ['as text after a mark and line ends', `\ufeff\r\n${letter}`],
    ['in base64', Buffer.from(letter).toString('base64')],
  ] as const)
    it(`edxml may come ${how}: the profile does not say`, async () => {
      const { payload } = await fetched(held(edxml))
      expect(payload['DocumentId']).to.equal('000.00.05.H49,2026/11/20,27/STN-KT')
    })

  it('attachments may be null, and a file that stands in the edXML too is kept once', async () => {
    const keeping = memoryFiles()
    const without = (await fetched(held(letter, { attachments: null }), keeping)).payload
    const [named] = without['Attachments'] as readonly Payload[]
    const fileName = textOf(named?.['AttachmentName'])
    const beside = { attachments: [{ fileName, fileContent: Buffer.from('%PDF-1.4').toString('base64') }] }
    const { payload } = await fetched(held(letter, beside), keeping)
    expect(payload['Attachments']).to.have.length((without['Attachments'] as readonly Payload[]).length)
  })

  it('an answer without a document, or with an error in a 200, leaves the letter where it is', async () => {
    const answers = [held(''), '{"code":0,"data":null}', '{"code":20,"message":"lỗi hệ thống"}', '<html>']
    for (const answer of answers)
      expect(await fetched(answer).catch(String), answer).to.contain('unavailable')
  })

  it('the directory comes by GET; rows without a code, and older codes that are none, are left out', async () => {
    const rows = [
      { code: 'H49.05', oldCode: '000.00.05.H49', name: ' Sở Thử ', pid: 7 },
      { code: 'H37', oldCode: null, name: null },
      { code: 'G22', oldCode: 'g22', code102: '' },
      { code: null, name: 'Không mã' },
    ]
    const answer = JSON.stringify({ code: 0, data: rows })
    const read = await directory.read(partnerOf({ getAgenciesList: answer }, memoryFiles()))
    expect(read).to.deep.equal([
      { code: 'H49.05', other: '000.00.05.H49', name: 'Sở Thử', parent: '7' },
      { code: 'H37', other: '', name: '', parent: '' },
      { code: 'G22', other: '', name: '', parent: '' },
    ])
    for (const data of [[], 'x', [{ name: 'Không mã' }]]) {
      const partner = partnerOf({ getAgenciesList: JSON.stringify({ code: 0, data }) }, memoryFiles())
      expect(await directory.read(partner).catch(String)).to.contain('unavailable')
    }
  })

  it('docId may be a number, and status null', async () => {
    const rows = '{"code":"0","data":[{"docId":7,"status":null,"to":"G22"},{"docId":8,"status":"done"}]}'
    const waiting = await restAxis.list(partnerOf({ syncReceivedEdocList: rows }, memoryFiles()))
    expect([...new Set(waiting.map(({ id }) => id))]).to.deep.equal(['7'])
  })
})
