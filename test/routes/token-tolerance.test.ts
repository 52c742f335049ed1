import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Payload } from '../../schemas/message.ts'
import { rawCall } from '../support/raw.ts'
import { lgspDocument, lgspTrace } from '../support/samples/lgsp.ts'
import { tokenRestCreate, tokenRestState, tokenRestStep } from '../support/samples/token-rest.ts'
import { withSink } from '../support/sink.ts'
import { client, formOf, tokenScene, type TokenScene } from '../support/token-door.ts'

const code = 'H49.05-261121-0001'

/** A door with tokens: its calls, and what its client reads of an answer. */
interface Door {
  readonly dialect: string
  readonly tokenPath: string
  readonly dossierPath: string
  readonly dossier: (more?: Payload) => Payload
  readonly stepPath: string
  readonly step: (more?: Payload) => Payload
  readonly code: (answer: Payload) => string
  /** A dossier of which a paper lies at this address. */
  readonly withPaperAt: (url: string) => Payload
  /** The dossier's status, under the client's name, in a call of its own or in the dossier. */
  readonly statePath: string
  readonly state: (status: number) => Payload
}

const doors: readonly Door[] = [
  {
    ...{ dialect: 'token-rest', tokenPath: '/token-rest/token', dossierPath: '/token-rest/NoiHoSo' },
    ...{ stepPath: '/token-rest/CapNhatTienTrinh', statePath: '/token-rest/CapNhatTrangThai' },
    dossier: (more) => tokenRestCreate(code, more),
    step: (more) => tokenRestStep(code, more),
    state: (TrangThai) => tokenRestState(code, { TrangThai, DanhSachGiayToKetQua: [] }),
    code: (answer) => textOf(answer['code']),
    withPaperAt: (url) =>
      tokenRestCreate(code, { ThanhPhanHoSo: [{ GiayToDinhKem: [{ DuongDanTaiTepTin: url }] }] }),
  },
  {
    ...{ dialect: 'lgsp', tokenPath: '/lgsp/token', dossierPath: '/lgsp/adapter/Document/SyncDocument' },
    stepPath: '/lgsp/adapter/Document/UpdateDocumentTraces',
    statePath: '/lgsp/adapter/Document/SyncDocument',
    dossier: (more) => lgspDocument(code, more),
    step: (more) => lgspTrace(code, more),
    state: (Status) => lgspDocument(code, { Status }),
    code: (answer) => textOf(answer['Status']),
    withPaperAt: (url) => lgspDocument(code, { Attachments: [{ Attachmentld: 1, DuongDanTaiTepTin: url }] }),
  },
]

for (const door of doors) {
  const scene = (use: (scene: TokenScene) => Promise<void>) =>
    tokenScene({ dialect: door.dialect, tokenPath: door.tokenPath }, use)
  const isTaken = ({ json }: { readonly json: Payload }) => door.code(json) === '200'

  describe(`the door of ${door.dialect}, as a compatible gateway has it [dvcqg §19]`, () => {
    it('row 10: an empty list is success without work, and so is no body', () =>
      scene(async ({ call, received }) => {
        expect(isTaken(await call('POST', door.stepPath, []))).to.equal(true)
        expect(isTaken(await call('POST', door.stepPath))).to.equal(true)
        expect(isTaken(await call('POST', door.dossierPath, []))).to.equal(true)
        expect(await received()).to.deep.equal([])
      }))

    it('row 11: answers 100 Continue before the body, and takes the next call on the same connection', () =>
      scene(async ({ lent, token, received }) => {
        const { host } = new URL(lent.url)
        const body = JSON.stringify(door.dossier())
        const head = (path: string, length: number, ...more: readonly string[]) => [
          ...[`POST ${path} HTTP/1.1`, `Host: ${host}`, `Authorization: Bearer ${token}`, ...more],
          ...['Content-Type: application/json', `Content-Length: ${length}`],
        ]
        const lines = head(door.dossierPath, Buffer.byteLength(body), 'Expect: 100-continue')
        const next = [...head(door.stepPath, 2), 'Connection: close'].join('\r\n')
        const written = Buffer.from(body).toString('latin1') // `rawCall` writes bytes
        const { status, body: rest } = await rawCall(lent.url, lines, `${written}${next}\r\n\r\n[]`)
        expect(status).to.equal(100)
        expect(rest.match(/HTTP\/1\.1 200 OK/g)).to.have.lengthOf(2)
        expect(await received()).to.deep.equal(['dossier.submitted'])
      }))

    it('row 15: keeps several tokens of an account alive, for hours', () =>
      scene(async ({ lent }) => {
        const tokens = await Promise.all(
          [1, 2].map(async () => {
            const answer = await fetch(`${lent.url}${door.tokenPath}`, formOf(client))
            return ((await answer.json()) as { access_token: string }).access_token
          }),
        )
        expect(new Set(tokens).size).to.equal(2)
        lent.clock.pass(23 * 3_600_000)
        for (const token of tokens) {
          const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
          const asked = { method: 'POST', headers, body: '[]' }
          const answer = await fetch(`${lent.url}${door.stepPath}`, asked)
          expect(door.code((await answer.json()) as Payload)).to.equal('200')
        }
      }))

    it('row 16 and trap 7: a step that is sent again has no effect, whatever came between', () =>
      scene(async ({ call, received }) => {
        const [one, other] = [door.step(), door.step({ NoiDungXuLy: 'khác', Comment: 'khác' })]
        for (const steps of [[one, other], [other], one, [one]])
          expect(isTaken(await call('POST', door.stepPath, steps))).to.equal(true)
        expect(await received()).to.deep.equal(['status.updated', 'status.updated'])
      }))

    it('row 16: what returns to older content is new', () =>
      scene(async ({ call, received }) => {
        for (const status of [4, 5, 5, 4])
          expect(isTaken(await call('POST', door.statePath, door.state(status)))).to.equal(true)
        expect(await received()).to.have.lengthOf(3)
      }))

    it('row 17: logs neither secrets nor tokens nor people', () =>
      scene(async ({ lent, call, token }) => {
        await call('POST', door.dossierPath, door.dossier())
        await call('POST', door.dossierPath, {
          MaHoSo: '',
          ChuHoSo: 'Phạm Thị Mẫu',
          CitizenName: 'Phạm Thị Mẫu',
        })
        await fetch(`${lent.url}${door.tokenPath}`, formOf({ ...client, client_secret: 'sai-mat-khau' }))
        const log = JSON.stringify(lent.log)
        expect(lent.log).not.to.deep.equal([])
        for (const secret of [client.client_secret, 'sai-mat-khau', token, 'Phạm Thị Mẫu', '0900000101'])
          expect(log).not.to.contain(secret)
      }))

    it('row 18: fetches no address that a dossier names', () =>
      withSink((sink) =>
        scene(async ({ call, received }) => {
          const url = `${sink.url}/tep/1`
          expect(isTaken(await call('POST', door.dossierPath, door.withPaperAt(url)))).to.equal(true)
          expect(await received()).to.deep.equal(['dossier.submitted'])
          expect(sink.requests).to.deep.equal([])
        }),
      ))
  })
}

describe('answers of LGSP', () => {
  it('are pure ASCII, whatever the platform of the client reads [dvcqg §21 trap 12]', () =>
    tokenScene({ dialect: 'lgsp', tokenPath: '/lgsp/token' }, async ({ lent, token }) => {
      const path = '/lgsp/adapter/Document/SyncDocument'
      for (const document of [lgspDocument(code), lgspDocument(code, { DateReceived: 'hôm qua' })]) {
        const answer = await fetch(`${lent.url}${path}`, {
          ...{ method: 'POST', body: JSON.stringify(document) },
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        })
        const text = await answer.text()
        expect(text).to.match(/^[\x20-\x7e]+$/)
        expect(textOf((JSON.parse(text) as Payload)['Message'])).to.match(/Thành công|không/)
      }
    }))
})
