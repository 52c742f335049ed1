import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { expect } from 'chai'
import { openParts } from '../../adapters/agencies/body-parts.ts'
import { createLendBody } from '../../routes/incoming.ts'
import { codeOf, fixture, partsOf, read, stored } from '../adapters/agencies/edxml/support.ts'
import { withGateway, type LentGateway } from '../support/gateway.ts'
import { memoryFiles } from '../support/memory-files.ts'
import { createParty } from '../support/parties.ts'
import { withStreamingDoor } from '../support/streaming-door.ts'

const province = createParty({ code: 'H49' })
const office = createParty({ code: 'G22', options: { format: 'json' } })
const neighbour = createParty({ code: 'H37' })
const parties = [province, office, neighbour]
const registry = { aliases: { '000.00.05.H49': ['H49'] } }
const id = '000.00.05.H49,2026/11/20,27/STN-KT'

interface Asked {
  readonly url: string
  readonly lent: LentGateway
  readonly post: (body: string | Readable, apiKey?: string) => Promise<{ status: number; text: string }>
}

function scene(use: (asked: Asked) => Promise<void>): Promise<void> {
  return withGateway(parties, { registry }, (lent) =>
    withStreamingDoor(lent, (url) =>
      use({
        ...{ url, lent },
        async post(body, apiKey = province.apiKey) {
          const answer = await fetch(`${url}/van-ban`, {
            ...{ method: 'POST', duplex: 'half', body: body as string },
            headers: { authorization: `Bearer ${apiKey}` },
          })
          return { status: answer.status, text: await answer.text() }
        },
      }),
    ),
  )
}

/** A letter with one file of this content, written as it is read. */
async function letterWith(content: Buffer): Promise<() => Readable> {
  const files = memoryFiles()
  const { payload } = await read(fixture('letter.edxml'))
  const file = await files.keep(Readable.from([content]))
  const Attachments = [{ ContentId: 'lon', AttachmentName: 'lon.xls', Url: `/v1/files/${file.id}` }]
  const parts = partsOf(stored('document.letter', { ...payload, Attachments }))
  return () => Readable.from(openParts(parts, files.read))
}

interface Delivered {
  readonly action: string
  readonly payload: { readonly Attachments: readonly Readonly<Record<string, string>>[] }
}

async function deliveredTo({ call }: LentGateway): Promise<readonly Delivered[]> {
  const { json } = await call(office.apiKey, 'GET', '/v1/mailbox')
  const deliveries = json['deliveries'] as unknown as readonly { readonly content: string }[]
  return deliveries.map(({ content }) => JSON.parse(content) as Delivered)
}

describe('a door that streams', () => {
  it('takes a letter with its files, which its recipients read; sent again it is a repeat', () =>
    scene(async ({ post, lent }) => {
      const content = randomBytes(3_000_000)
      const body = await letterWith(content)
      expect(await post(body())).to.deep.equal({ status: 200, text: 'accepted' })
      expect(await post(body())).to.deep.equal({ status: 200, text: 'repeat' })
      const [letter, ...others] = await deliveredTo(lent)
      expect(others).to.deep.equal([])
      const [row] = letter?.payload.Attachments ?? []
      expect(row).to.include({ AttachmentName: 'lon.xls', Size: '3000000' })
      const file = await fetch(`${lent.url}${row?.['Url'] ?? ''}`, {
        headers: { authorization: `Bearer ${office.apiKey}` },
      })
      expect(Buffer.from(await file.arrayBuffer()).equals(content)).to.equal(true)
    }))

  it('writes a letter out with its files as they are read', () =>
    scene(async ({ post, url }) => {
      const content = randomBytes(2_000_000)
      expect((await post((await letterWith(content))())).text).to.equal('accepted')
      const answer = await fetch(`${url}/van-ban?id=${encodeURIComponent(id)}`, {
        headers: { authorization: `Bearer ${province.apiKey}` },
      })
      const files = memoryFiles()
      const letter = await read(Buffer.from(await answer.arrayBuffer()), { files, pieceBytes: 65_536 })
      expect(letter.payload['DocumentId']).to.equal(id)
      expect([...files.files.values()].some((file) => file.equals(content))).to.equal(true)
    }))

  it('asks who calls before it reads, and refuses in its own form what it cannot read', () =>
    scene(async ({ post, url }) => {
      expect((await post(fixture('letter.edxml'), 'sai-khoa')).status).to.equal(401)
      expect(await post('<edXML')).to.deep.equal({
        status: 400,
        text: 'malformed_xml: 1:6: document must contain a root element.',
      })
      const answer = await fetch(`${url}/van-ban`, {
        method: 'POST',
        headers: { authorization: `Bearer ${province.apiKey}`, 'content-encoding': 'gzip' },
        body: 'x',
      })
      expect(answer.status).to.equal(415)
    }))

  it('holds bodies to a size, and to a number at once', async () => {
    const lend = createLendBody(10, { streams: 1 })
    const request = (text: string) =>
      Object.assign(Readable.from([Buffer.from(text)]), { headers: {} }) as never
    const all = async (bytes: AsyncIterable<Uint8Array>) => {
      let size = 0
      for await (const piece of bytes) size += piece.byteLength
      return size
    }
    expect(await lend(request('mười'), all)).to.equal(7)
    expect(await codeOf(lend(request('nhiều hơn mười'), all))).to.equal('too_large')
    const second = lend(request('một'), () => codeOf(lend(request('hai'), all)))
    expect(await second).to.equal('too_many_requests')
  })
})
