import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Json, Payload } from '../../schemas/message.ts'
import { lendToSuite } from '../support/lend.ts'
import { confirm, getBill, init, marked, query } from '../support/payments.ts'
import { adapterDossier, adapterStep } from '../support/samples/adapter.ts'
import { lgspDocument, lgspStatistic, lgspTrace, lgspVote } from '../support/samples/lgsp.ts'
import { tokenRestCreate, tokenRestState, tokenRestStep } from '../support/samples/token-rest.ts'
import { withSandbox } from '../support/sandbox.ts'
import { vxpClient } from '../support/vxp-client.ts'

type Headers = Readonly<Record<string, string>>

/** Posts JSON, a form or a file, or asks, and reads the JSON that comes back. */
async function call(url: string, body?: Json | FormData | URLSearchParams, headers: Headers = {}) {
  const isPlain = body instanceof FormData || body instanceof URLSearchParams
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(isPlain || body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: isPlain ? body : JSON.stringify(body) }),
  })
  return { status: answer.status, json: (await answer.json()) as Payload }
}

const listIn = (value: Json | undefined): readonly Payload[] => value as readonly Payload[]

describe('the rows of credentials.json, used as the software that they are for uses them', function () {
  this.timeout(60_000)
  const sandbox = lendToSuite(withSandbox, { timeoutMs: 120_000 })

  const documentSystem = () => {
    const { credential } = sandbox()
    const [url, systemId] = [credential('H23', 'url'), credential('H23', 'systemId')]
    return vxpClient({ url, systemId, secret: credential('H23', 'secret') })
  }

  async function tokenOf(code: string, url: string): Promise<Headers> {
    const { credential } = sandbox()
    const { status, json } = await call(
      `${url}/token`,
      new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: credential(code, 'clientId'),
        client_secret: credential(code, 'clientSecret'),
      }),
    )
    expect(status, JSON.stringify(json)).to.equal(200)
    return { authorization: `Bearer ${textOf(json['access_token'])}` }
  }

  it('token REST: token, next code, upload, create, progress, state, look-up', async () => {
    const { credential, settled } = sandbox()
    const url = credential('H15', 'url')
    const token = await tokenOf('H15', url)
    const maHoSo = textOf((await call(`${url}/GetNextValue?code=H15`, undefined, token)).json['value'])
    expect(maHoSo).to.match(/^H15-\d{8}-\d{7}$/)
    const form = new FormData()
    form.set('files', new Blob(['%PDF-1.7 đơn']), 'don.pdf')
    const uploaded = await call(`${url}/Upload`, form, token)
    const { response } = listIn(uploaded.json['data'])[0] ?? {}
    const [file] = listIn((response as Payload)['data'])
    const paper = { IdGiayTo: file?.['IdTepTin'] ?? '', HashTepTin: file?.['HashTepTin'] ?? '' }
    const components = [{ GiayToDinhKem: [{ ...paper, TenGiayTo: 'don.pdf' }] }]
    const own = { MaDonViTiepNhan: 'H15', ThanhPhanHoSo: components }
    const created = await call(`${url}/NoiHoSo`, tokenRestCreate(maHoSo, own), token)
    expect(created.json, JSON.stringify(created.json)).to.deep.include({ code: 200 })
    const { idHoSo = '' } = created.json['data'] as Payload
    for (const [path, row] of [
      ['CapNhatTienTrinh', { ...tokenRestStep(maHoSo), IDHoSo: idHoSo }],
      ['CapNhatTrangThai', { ...tokenRestState(maHoSo), IdHoSo: idHoSo }],
    ] as const)
      expect((await call(`${url}/${path}`, [row], token)).json, path).to.deep.include({ code: 200 })
    expect(await settled('H15', maHoSo, 3)).to.deep.equal([
      ...['dossier.submitted', 'status.updated', 'status.updated'],
    ])
    const found = await call(`${url}/TraCuuHoSo?MaHoSo=${maHoSo}`, undefined, token)
    expect(found.json['data']).to.include({ MaHoSo: maHoSo, TrangThaiHoSo: '9' })
  })

  it('LGSP: token, SyncDocument, UpdateDocumentTraces, statistics and votes', async () => {
    const { credential, settled } = sandbox()
    const url = credential('H16', 'url')
    const token = await tokenOf('H16', url)
    const code = 'H16.05-261121-0001'
    const own = { OrganInchargeIdLevel1: 'H16' }
    const base64 = Buffer.from('%PDF-1.7 đơn').toString('base64')
    const Attachments = [{ Attachmentld: 1, AttachmentName: 'don.pdf', Base64: base64 }]
    const unit = { OrganizationInchargeIdlevel1: 'H16' }
    for (const [path, body] of [
      ['Document/SyncDocument', lgspDocument(code, { ...own, Attachments })],
      ['Document/SyncDocument', lgspDocument(code, { ...own, Attachments, Status: 9 })],
      ['Document/UpdateDocumentTraces', lgspTrace(code)],
      ['Statistic/UpdateStatistic', lgspStatistic(unit)],
      ['Vote/UpdateVote', lgspVote({ OrganizationInchargeIdLevel1: 'H16' })],
    ] as const)
      expect((await call(`${url}/adapter/${path}`, body, token)).json, path).to.deep.equal({
        Status: 200,
        Message: 'Thành công',
      })
    expect(await settled('H16', code, 3)).to.deep.equal([
      ...['dossier.submitted', 'dossier.updated', 'status.updated'],
    ])
    expect(await settled('H16', 'H16:2026-11', 1)).to.deep.equal(['statistics.reported'])
    expect(await settled('H16', 'H16:danh-gia-20261121', 1)).to.deep.equal(['statistics.reported'])
  })

  it('the adapter envelope: login, create, progress, look-up', async () => {
    const { credential, settled } = sandbox()
    const url = `${credential('H22', 'url')}/mapi`
    const account = { username: credential('H22', 'username'), password: credential('H22', 'password') }
    const { json } = await call(`${url}/login`, account)
    const service = (name: string, more: Payload) =>
      call(`${url}/g`, { session: json['session'] ?? '', madonvi: 'H22', service: name, ...more })
    const code = 'H22.05-261121-0001'
    const pushed = await service('DongBoHoSoMC', { isUpdating: 'False', data: [adapterDossier(code)] })
    expect(pushed.json).to.include({ error_code: 0 })
    expect((await service('CapNhatTienDoHoSoMC', { data: [adapterStep(code)] })).json).to.include({
      error_code: 0,
    })
    expect(await settled('H22', code, 2)).to.deep.equal(['dossier.submitted', 'status.updated'])
    const found = await service('TraCuuHoSo', { mahoso: code })
    expect(listIn(found.json['result'])[0]).to.include({ MaHoSo: code, TrangThaiHoSo: '4' })
  })

  it('the façade: create, again with other content as an update, progress', async () => {
    const { credential, settled } = sandbox()
    const url = credential('H37', 'url')
    const code = 'H37.05-261121-0001'
    const changed = [adapterDossier(code, { TrangThaiHoSo: '4' })]
    const taken = { error_code: '0', message: 'Đồng bộ thành công' }
    expect((await call(`${url}/ThemMoi`, [adapterDossier(code)])).json).to.deep.equal(taken)
    expect((await call(`${url}/ThemMoi`, changed)).json['message']).to.contain('đã tồn tại')
    expect((await call(`${url}/CapNhat`, changed)).json).to.deep.equal(taken)
    expect((await call(`${url}/DongBoTienTrinh`, [adapterStep(code)])).json).to.deep.equal(taken)
    expect(await settled('H37', code, 3)).to.deep.equal([
      ...['dossier.submitted', 'dossier.updated', 'status.updated'],
    ])
  })

  it('VXP: the list of bodies, a letter, and where it stands', async () => {
    const client = documentSystem()
    expect((await client.call('getAgenciesList')).json).to.include({ status: 'OK', ErrorCode: '0' })
    const fixture = readFileSync(new URL('../fixtures/edxml/letter.edxml', import.meta.url), 'utf8')
    const letter = fixture.replaceAll('000.00.05.H49', 'H23').replaceAll('H37', 'G03')
    const { json } = await client.sendEdoc(letter, { from: 'H23' })
    expect(json, JSON.stringify(json)).to.include({ status: 'OK', ErrorCode: '0' })
    const sent = await client.call('getSentEdocList', {
      args: { servicetype: 'eDoc', messagetype: 'edoc', docId: textOf(json['DocId']) },
    })
    expect(sent.rows, JSON.stringify(sent.json)).not.to.deep.equal([])
  })

  it('the payment platform: INIT, CONFIRM, QUERY, GET_BILL', async () => {
    const { credential, settled } = sandbox()
    const url = credential('NHTM02', 'url')
    const [MaDoiTac, secret] = [credential('NHTM02', 'partnerCode'), credential('NHTM02', 'secret')]
    const MaThamChieu = 'NHTM022611210001'
    const say = async (fields: Readonly<Record<string, unknown>>) =>
      (await call(url, marked({ ...fields, MaDoiTac, MaThamChieu }, 'sha256', secret) as Payload)).json
    expect(await say(init)).to.include({
      MaLoi: '00',
      UrlThanhToan: `https://thanhtoan.example.vn/${MaThamChieu}`,
    })
    expect(await say({ ...confirm, UrlBienLai: 'https://bienlai.example.vn/1' })).to.include({ MaLoi: '00' })
    expect(await say(query)).to.include({ MaLoi: '00', TrangThaiGD: '1' })
    expect(await say(getBill)).to.include({ MaLoi: '00', UrlBienLai: 'https://bienlai.example.vn/1' })
    expect(await settled('NHTM02', MaThamChieu, 2)).to.have.members(['payment.requested', 'payment.result'])
  })
})
