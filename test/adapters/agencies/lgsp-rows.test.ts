import { expect } from 'chai'
import type {
  Notes,
  Transport,
  TransportAnswer,
  TransportFailure,
} from '../../../adapters/agencies/transport.ts'
import { openParts, type BodyPart } from '../../../adapters/agencies/body-parts.ts'
import { lgsp } from '../../../adapters/agencies/lgsp/index.ts'
import type { ActionName } from '../../../schemas/actions.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { textOf } from '../../../schemas/fields.ts'
import { messageOf } from '../../contracts/dialect.ts'
import { samplePayload } from '../../support/payloads.ts'

const code = 'H49.05-261121-0001'
const fileId = '01930000-0000-7000-8000-0000000000aa'
const taken: TransportAnswer = { status: 200, headers: {}, body: Buffer.from('{"Status":200}') }
const token = Buffer.from('{"access_token":"the","expires_in":3600}')

const agencyWith = (options: Agency['options']): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'lgsp' },
  options: { url: 'https://lgsp.example.vn/adapter', clientId: 'truc', ...options },
})

/** A platform that answers its calls in turn, `taken` at the end; and what it was sent, over all attempts. */
function createPlatform(answers: readonly (TransportAnswer | TransportFailure)[] = []) {
  const bodies: Json[] = []
  const notes = new Map<string, string>()
  const kept: Notes = {
    find: (thing) => Promise.resolve(notes.get(thing.join()) ?? null),
    keep: async (thing, note) => void notes.set(thing.join(), note),
  }
  const transport: Transport = {
    async post({ url, body, streamed }) {
      if (url.endsWith('/token')) return { status: 200, headers: {}, body: token }
      const pieces: Uint8Array[] = [body]
      for await (const piece of streamed?.open() ?? []) pieces.push(piece)
      bodies.push(JSON.parse(Buffer.concat(pieces).toString()) as Json)
      return answers[bodies.length - 1] ?? taken
    },
  }
  async function* file() {
    yield await Promise.resolve(Buffer.from('tệp'))
  }
  const stream = (parts: readonly BodyPart[]) =>
    Promise.resolve({ size: 1, sha256: '', open: () => openParts(parts, () => Promise.resolve(file())) })
  return {
    bodies,
    /** One attempt. */
    async attempt(action: ActionName, data: readonly Payload[], options: Agency['options'] = {}) {
      const message = { ...messageOf(action), payload: { data } }
      const agency = agencyWith(options)
      const encoded = lgsp.encode(message, agency)
      if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
      const parcel = { message, deliveryId: 'd', encoded, stream, notes: kept }
      return lgsp.send(parcel, agency, transport, { secrets: () => ['x'], privateKey: () => undefined })
    },
  }
}

const steps = (count: number): readonly Payload[] =>
  Array.from({ length: count }, (_, n) => ({ MaHoSo: code, NoiDungXuLy: `bước ${n + 1}`, TrangThai: '4' }))

const commentsIn = (body: Json): readonly string[] =>
  (Array.isArray(body) ? (body as readonly Payload[]) : [body as Payload]).map((row) =>
    textOf(row['Comment']),
  )

describe('rows of one message to LGSP', () => {
  it('go ten to a call in their order, one alone as the object that clients write', async () => {
    const { bodies, attempt } = createPlatform()
    expect(await attempt('status.updated', steps(21))).to.deep.equal({ kind: 'delivered' })
    expect(bodies.map((body) => (Array.isArray(body) ? body.length : 'object'))).to.deep.equal([
      10,
      10,
      'object',
    ])
    expect(bodies.flatMap(commentsIn)).to.deep.equal(steps(21).map(({ NoiDungXuLy }) => NoiDungXuLy))
  })

  it('go one to a call where the option says so, and in one call where they are few', async () => {
    const single = createPlatform()
    await single.attempt('status.updated', steps(3), { rowsPerCall: 1 })
    expect(single.bodies.map((body) => Array.isArray(body))).to.deep.equal([false, false, false])
    const few = createPlatform()
    await few.attempt('status.updated', steps(3))
    expect(few.bodies).to.have.lengthOf(1)
    expect(commentsIn(few.bodies[0] ?? null)).to.deep.equal(['bước 1', 'bước 2', 'bước 3'])
  })

  const passing: Readonly<Record<string, readonly [TransportAnswer | TransportFailure, string]>> = {
    unavailable: [{ status: 503, headers: {}, body: Buffer.from('') }, 'retry'],
    'answer lost': [{ failure: 'ambiguous', code: 'timeout', reason: 'no answer' }, 'in_doubt'],
    refused: [
      { status: 200, headers: {}, body: Buffer.from('{"Status":400,"Message":"Sai ngày"}') },
      'refused',
    ],
  }
  for (const [name, [answer, kind]] of Object.entries(passing))
    it(`stop at the call that is not taken, and go on from there: ${name}`, async () => {
      const { bodies, attempt } = createPlatform([taken, answer])
      const first = await attempt('status.updated', steps(25))
      expect(first.kind).to.equal(kind)
      expect('reason' in first && first.reason).to.match(/^rows 11 to 20 of 25: /)
      expect(await attempt('status.updated', steps(25))).to.deep.equal({ kind: 'delivered' })
      const sent = bodies.map((body) => commentsIn(body)[0])
      expect(sent).to.deep.equal(['bước 1', 'bước 11', 'bước 11', 'bước 21'])
    })

  it('carry their files in each call', async () => {
    const { bodies, attempt } = createPlatform()
    const [dossier = {}] = samplePayload('dossier.submitted', 1)['data'] as readonly Payload[]
    const paper = {
      TenTepDinhKem: 'a.pdf',
      DuongDanTaiTepTin: `/v1/files/${fileId}?sha256=${'ab'.repeat(32)}`,
    }
    const rows = [1, 2].map((n) => ({ ...dossier, GhiChu: `lần ${n}`, TaiLieuNop: [paper] }))
    await attempt('dossier.updated', rows, { rowsPerCall: 1 })
    const base64 = Buffer.from('tệp').toString('base64')
    const inside = (body: Json) => ((body as Payload)['Attachments'] as readonly Payload[])[0]?.['Base64']
    expect(bodies.map(inside)).to.deep.equal([base64, base64])
    expect(bodies.map((body) => (body as Payload)['Note'])).to.deep.equal(['lần 1', 'lần 2'])
  })
})
