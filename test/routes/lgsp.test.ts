import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Payload } from '../../schemas/message.ts'
import { eventually } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'
import { lgspDocument, lgspStatistic, lgspTrace, lgspVote } from '../support/samples/lgsp.ts'
import { tokenRestCreate } from '../support/samples/token-rest.ts'
import { withSink } from '../support/sink.ts'
import { client, formOf, portal, tokenScene, type TokenScene } from '../support/token-door.ts'

const base = '/lgsp/adapter'
const tokenPath = '/lgsp/token'
const scene = (use: (scene: TokenScene) => Promise<void>) => tokenScene({ dialect: 'lgsp', tokenPath }, use)

const code = 'H49.05-261121-0001'
const taken = { Status: 200, Message: 'Thành công' }

describe('LGSP over HTTP', () => {
  it('takes a dossier, its changes and its traces, and the same again without effect', () =>
    scene(async ({ call, received, latest }) => {
      const changed = lgspDocument(code, { Status: 9, IsSuccess: true, SuccessDate: '20261122100000' })
      for (const document of [lgspDocument(code), lgspDocument(code), changed, changed])
        expect((await call('POST', `${base}/Document/SyncDocument`, document)).json).to.deep.equal(taken)
      for (const traces of [lgspTrace(code), [lgspTrace(code)]])
        expect((await call('POST', `${base}/Document/UpdateDocumentTraces`, traces)).json).to.deep.equal(
          taken,
        )
      expect(await received()).to.deep.equal(['dossier.submitted', 'dossier.updated', 'status.updated'])
      const [row] = (await latest(code, 'dossier.updated'))?.payload['data'] as readonly Payload[]
      expect(row).to.include({ MaHoSo: code, TrangThaiHoSo: '9', NgayKetThucXuLy: '20261122100000' })
    }))

  it('takes statistics and votes as reports of their periods, the last of each in force', () =>
    scene(async ({ call, latest, received }) => {
      for (const report of [lgspStatistic(), lgspStatistic(), lgspStatistic({ Total: 151 })])
        expect((await call('POST', `${base}/Statistic/UpdateStatistic`, report)).json).to.deep.equal(taken)
      expect((await call('POST', `${base}/Vote/UpdateVote`, lgspVote())).json).to.deep.equal(taken)
      const kept = await latest('H49:2026-11', 'statistics.reported')
      expect(kept?.payload).to.include({
        MaDonVi: 'H49',
        KyBaoCao: '2026-11',
        TongSo: '151',
        TyLeDungHan: '98.5',
      })
      const votes = await latest('H49:danh-gia-20261121', 'statistics.reported')
      expect(votes?.payload).to.include({ TotalVoted: 40, PercentGood: 20.5 })
      expect(await received()).to.have.lengthOf(3)
    }))

  it('gives a token for lgspaccesstoken, as text or in base64, and answers 401 to none', () =>
    scene(async ({ lent }) => {
      const access = JSON.stringify({
        ...{ AccessKey: client.client_id, SecretKey: client.client_secret },
        ...{ AppName: 'mot-cua', PartnerCode: '000.00.00.H49' },
      })
      const ask = (lgspaccesstoken: string) =>
        fetch(`${lent.url}${tokenPath}`, {
          ...formOf({ grant_type: 'client_credentials' }),
          headers: { lgspaccesstoken },
        })
      const written = Buffer.from(access).toString('base64')
      const latin = access.replace('bi mật/thử', 'x')
      const { access_token: token } = (await (await ask(written)).json()) as { access_token: string }
      expect((await ask(latin)).status).to.equal(401)
      const answer = await fetch(`${lent.url}${base}/Document/SyncDocument`, {
        ...{ method: 'POST', body: JSON.stringify(lgspDocument(code)) },
        headers: { authorization: `Bearer ${token}`, lgspaccesstoken: written },
      })
      expect(await answer.json()).to.deep.equal(taken)
      const none = await fetch(`${lent.url}${base}/Document/SyncDocument`, { method: 'POST' })
      expect([none.status, ((await none.json()) as Payload)['Status']]).to.deep.equal([401, 401])
    }))

  it('answers 200 with its own Status to what it refuses', () =>
    scene(async ({ call }) => {
      const refused = async (path: string, body: Payload) => {
        const { status, json } = await call('POST', `${base}/${path}`, body)
        expect(status).to.equal(200)
        return `${textOf(json['Status'])} ${textOf(json['Message'])}`
      }
      expect(
        await refused('Document/SyncDocument', lgspDocument(code, { DateReceived: 'hôm qua' })),
      ).to.match(/^400 .*NgayTiepNhan/)
      expect(await refused('Document/SyncDocument', lgspDocument(''))).to.match(/^400 .*MaHoSo/)
      expect(await refused('Document/SyncDocument', lgspDocument(code, { ApplicantsType: 9 }))).to.match(
        /^400/,
      )
      expect(await refused('Statistic/UpdateStatistic', lgspStatistic({ Year: 'x' }))).to.match(/^400 .*Year/)
      expect(await refused('Vote/UpdateVote', lgspVote({ DateCreated: '' }))).to.match(/^400 .*DateCreated/)
      expect(await refused('Khong/Co', {})).to.match(/^404/)
    }))

  it('takes the files of a dossier out of it, larger than a message, and knows it again', () =>
    scene(async ({ call, latest, received, lent }) => {
      const bytes = Buffer.concat([Buffer.from('%PDF-1.7 '), Buffer.alloc(3 * 1024 * 1024, 'a')])
      const Attachments = [{ Attachmentld: 1, AttachmentName: 'don.pdf', Base64: bytes.toString('base64') }]
      for (const time of [1, 2]) {
        const { json } = await call(
          'POST',
          `${base}/Document/SyncDocument`,
          lgspDocument(code, { Attachments }),
        )
        expect(json, `time ${time}`).to.deep.equal(taken)
      }
      expect(await received()).to.deep.equal(['dossier.submitted'])
      const [row] = (await latest(code, 'dossier.submitted'))?.payload['data'] as readonly Payload[]
      const [paper = {}] = row?.['TaiLieuNop'] as readonly Payload[]
      expect(paper)
        .to.include({ TepDinhKemId: '1', TenTepDinhKem: 'don.pdf' })
        .and.not.to.have.property('Base64')
      const read = await lent.call(portal.apiKey, 'GET', textOf(paper['DuongDanTaiTepTin']))
      expect([read.status, read.headers.get('content-type')]).to.deep.equal([200, 'application/pdf'])
      expect(read.text.length).to.equal(bytes.byteLength)
    }))

  it('carries to a platform, with its header, what a client of 2026 has pushed', () =>
    withSink((sink) => {
      const access = { AccessKey: 'khoa', AppName: 'truc', PartnerCode: 'TRUC' }
      const platform = createParty({
        ...{ code: 'G09', dialect: 'lgsp' },
        options: { url: `${sink.url}/adapter`, serverUrl: sink.url, credentialsAs: 'headers', access },
      })
      const door = {
        dialect: 'token-rest',
        tokenPath: '/token-rest/token',
        others: [platform],
        core: ['G09'],
      }
      const secrets = [['G09', 'secret-key', 'bi-mat-thu-nghiem']] as const
      return tokenScene({ ...door, secrets }, async ({ call }) => {
        sink.answer(({ path }) => ({
          status: 200,
          body: path.endsWith('/token') ? '{"access_token":"the","expires_in":"3600"}' : '{"Status":200}',
        }))
        const created = await call('POST', '/token-rest/NoiHoSo', tokenRestCreate(code))
        expect(created.status).to.equal(200)
        const [asked, sent] = await eventually('both', async () => sink.requests.length >= 2 && sink.requests)
        expect([asked?.path, sent?.path]).to.deep.equal(['/in/token', '/in/adapter/Document/SyncDocument'])
        expect(asked?.body.toString()).to.equal('grant_type=client_credentials')
        for (const request of [asked, sent]) {
          const header = Buffer.from(String(request?.headers['lgspaccesstoken']), 'base64').toString()
          expect(JSON.parse(header)).to.deep.equal({ ...access, SecretKey: 'bi-mat-thu-nghiem' })
        }
        expect(sent?.headers.authorization).to.equal('Bearer the')
        const { Attachments, ...document } = JSON.parse(sent?.body.toString() ?? '') as Payload
        expect(document).to.include({
          ...{ DocCode: code, DocTypeCode: '1.009901', CitizenName: 'Phạm Thị Mẫu', ApplicantsType: 1 },
          ...{ ApplicantsId: '022099000123', DateReceived: '20261121083000', IsSuccess: false },
          OrganInchargeIdLevel1: 'H49.05',
        })
        expect((Attachments as readonly Payload[])[0]).to.include({
          Attachmentld: '880101',
          AttachmentName: 'don.pdf',
        })
      })
    }))
})
