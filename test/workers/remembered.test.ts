import { expect } from 'chai'
import { lgsp } from '../../adapters/agencies/lgsp/index.ts'
import type { Dialect, Transport, TransportAnswer } from '../../adapters/agencies/dialect.ts'
import { openParts } from '../../adapters/agencies/body-parts.ts'
import { tokenRest } from '../../adapters/agencies/token-rest/index.ts'
import type { Claimed, Store } from '../../adapters/store/store.ts'
import type { ActionName } from '../../schemas/actions.ts'
import type { Json, Payload } from '../../schemas/message.ts'
import { createAttempt, type AttemptDeps } from '../../workers/attempt.ts'
import { messageOf } from '../contracts/dialect.ts'
import { forEachEngine, withStore } from '../support/database.ts'
import { createParty } from '../support/parties.ts'

const code = 'H49-20261121-0000001'
const fileId = '01930000-0000-7000-8000-0000000000aa'
const token = '{"access_token":"the","expires_in":3600}'

interface Call {
  readonly path: string
  readonly body: string
  /** Whether the body was written as it went, and not held. */
  readonly isStreamed: boolean
}

/** A partner's server that keeps what it is sent, and answers by `answer`. */
function createPartner(dialect: Dialect, answer: (path: string, calls: number) => string | TransportAnswer) {
  const calls: Call[] = []
  const { agency } = createParty({
    ...{ code: 'G09', dialect: dialect.name },
    options: {
      url: 'https://bo.example.vn',
      clientId: 'truc',
      ...(dialect === tokenRest && { results: 'upload' }),
    },
  })
  const transport: Transport = {
    async post({ url, body, streamed }) {
      const { pathname } = new URL(url)
      if (pathname === '/token') return { status: 200, headers: {}, body: Buffer.from(token) }
      const pieces: Uint8Array[] = [body]
      for await (const piece of streamed?.open() ?? []) pieces.push(piece)
      const sent = Buffer.concat(pieces).toString()
      calls.push({ path: pathname.slice(1), body: sent, isStreamed: body.byteLength === 0 && sent !== '' })
      const said = answer(pathname.slice(1), calls.length)
      return typeof said === 'string' ? { status: 200, headers: {}, body: Buffer.from(said) } : said
    },
  }
  async function* file() {
    yield await Promise.resolve(Buffer.from('tệp kết quả'))
  }
  return {
    calls,
    /** One attempt of one process. */
    async attempt(store: Store, action: ActionName, data: Json) {
      const deps: Partial<AttemptDeps> = {
        directory: () => ({ agency: () => agency }) as unknown as ReturnType<AttemptDeps['directory']>,
        dialectOf: () => dialect,
        transportOf: () => transport,
        keysOf: () => ({ secrets: () => ['bi-mat'], privateKey: () => undefined }),
        openParts: (parts) => openParts(parts, () => Promise.resolve(file())),
        ...{ store, publicUrl: null, leaseMs: 60_000, now: Date.now },
      }
      const message = { ...messageOf(action), payload: { data } }
      const claimed = { recipient: 'G09', deliveryId: fileId, doubtedAt: null, message } as unknown as Claimed
      return (await createAttempt(deps as AttemptDeps)(claimed)).outcome
    },
  }
}

const rowsOf = ({ body }: Call): readonly Payload[] => JSON.parse(body) as readonly Payload[]
const down: TransportAnswer = { status: 503, headers: {}, body: Buffer.from('') }

forEachEngine('what a recipient has said, over restarts', (engine) => {
  it('names a dossier as its create was answered, in another process too', () =>
    withStore(engine, async ({ store, connect }) => {
      const partner = createPartner(tokenRest, () => '{"code":200,"data":{"idHoSo":"cua-ho-1"}}')
      await partner.attempt(store, 'dossier.submitted', [{ MaHoSo: code, MaTTHC: '1.1' }])
      const other = await connect('w2')
      const step = { MaHoSo: code, TrangThai: '4', ThoiDiemXuLy: '20261121100000' }
      expect(await partner.attempt(other, 'status.updated', [step])).to.deep.equal({ kind: 'delivered' })
      await partner.attempt(other, 'status.updated', [{ MaHoSo: 'H49-khac', TrangThai: '4' }])
      const [, told, unknown] = partner.calls
      expect(rowsOf(told!)[0]).to.include({ IDHoSo: 'cua-ho-1', MaHoSo: code })
      expect(rowsOf(unknown!)[0]).to.deep.equal({ MaHoSo: 'H49-khac', TrangThai: 4 })
    }))

  it('goes on behind the rows that were taken, in another process too', () =>
    withStore(engine, async ({ store, connect }) => {
      const partner = createPartner(lgsp, (_path, calls) => (calls === 2 ? down : '{"Status":200}'))
      const steps = Array.from({ length: 15 }, (_, n) => ({ MaHoSo: code, NoiDungXuLy: `${n + 1}` }))
      expect(await partner.attempt(store, 'status.updated', steps)).to.include({ kind: 'retry' })
      const other = await connect('w2')
      expect(await partner.attempt(other, 'status.updated', steps)).to.deep.equal({ kind: 'delivered' })
      const sent = partner.calls.map((call) => rowsOf(call).map(({ Comment }) => Comment))
      expect(sent.map((rows) => [rows[0], rows.length])).to.deep.equal([
        ['1', 10],
        ['11', 5],
        ['11', 5],
      ])
    }))
})

describe('files of results to an API of 2026', () => {
  const state = {
    ...{ MaHoSo: code, TrangThai: '9' },
    DanhSachGiayToKetQua: [
      { TenGiayTo: 'kq.pdf', DuongDanTepTinKetQua: `/v1/files/${fileId}?sha256=${'ab'.repeat(32)}` },
    ],
  }
  const uploaded = '{"code":200,"data":[{"response":{"data":[{"IdTepTin":"kq-1","HashTepTin":"h"}]}}]}'

  it('are streamed, once each, before the call that names them', () =>
    withStore('sqlite', async ({ store }) => {
      const partner = createPartner(tokenRest, (path) => (path === 'Upload' ? uploaded : '{"code":200}'))
      const twice = [...state.DanhSachGiayToKetQua, ...state.DanhSachGiayToKetQua]
      await partner.attempt(store, 'status.updated', [{ ...state, DanhSachGiayToKetQua: twice }])
      expect(partner.calls.map(({ path, isStreamed }) => [path, isStreamed])).to.deep.equal([
        ['Upload', true],
        ['CapNhatTrangThai', false],
      ])
      expect(partner.calls[0]?.body).to.contain('tệp kết quả').and.to.contain('filename="kq.pdf"')
      const [row] = rowsOf(partner.calls[1]!)
      const named = { TenGiayTo: 'kq.pdf', IdGiayTo: 'kq-1', HashTepTin: 'h' }
      expect(row?.['DanhSachGiayToKetQua']).to.deep.equal([named, named])
    }))

  for (const [name, answer, kind] of [
    ['is down', down, 'retry'],
    ['does not say what it calls the file', '{"code":200,"data":[]}', 'fault'],
    ['refuses the file', '{"code":400,"message":"Tệp quá lớn"}', 'refused'],
  ] as const)
    it(`end the attempt where the upload ${name}: nothing of the message has gone`, () =>
      withStore('sqlite', async ({ store }) => {
        const partner = createPartner(tokenRest, () => answer)
        expect(await partner.attempt(store, 'status.updated', [state])).to.include({ kind })
        expect(partner.calls.map(({ path }) => path)).to.deep.equal(['Upload'])
      }))
})
