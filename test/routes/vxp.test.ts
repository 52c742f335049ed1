import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { writeMoment } from '../../adapters/agencies/vxp/moment.ts'
import type { MessageView } from '../../adapters/store/store.ts'
import { textOf } from '../../schemas/fields.ts'
import type { Payload } from '../../schemas/message.ts'
import { operatorKey } from '../support/parties.ts'
import { rawCall } from '../support/raw.ts'
import { samplePayload } from '../support/payloads.ts'
import {
  body,
  neighbour,
  officeSystem,
  provinceSystem,
  secret,
  vxpScene,
  type VxpScene,
} from '../support/vxp.ts'
import { unpaddedHash, vxpClient, type VxpAnswer, type VxpClient } from '../support/vxp-client.ts'

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/edxml/${name}`, import.meta.url), 'utf8')

const letter = fixture('letter.edxml')
const status = fixture('status.edxml')
const documentId = '000.00.05.H49,2026/11/20,27/STN-KT'
/** To the office alone. */
const letterToOffice = letter.replace(/<edXML:To>\s*<edXML:OrganId>H37[\s\S]*?<\/edXML:To>/, '')
const from = { from: '000.00.05.H49' }
const ok = { status: 'OK', ErrorCode: '0', ErrorDesc: '' }

const waiting = (client: VxpClient, messagetype = 'edoc'): Promise<VxpAnswer> =>
  client.call('getReceivedEdocList', { args: { servicetype: 'eDoc', messagetype } })

async function waitingIds(client: VxpClient, messagetype = 'edoc'): Promise<readonly string[]> {
  return (await waiting(client, messagetype)).rows.map(({ docId }) => textOf(docId))
}

async function sent({ province }: VxpScene, file = letterToOffice): Promise<string> {
  const { json } = await province.sendEdoc(file, from)
  expect(json).to.include(ok)
  return textOf(json['DocId'])
}

const xmlOf = ({ json }: VxpAnswer): string => Buffer.from(textOf(json['data']), 'base64').toString('utf8')

async function messages({ lent }: VxpScene): Promise<readonly Payload[]> {
  const { json } = await lent.call(operatorKey, 'GET', '/v1/messages?family=document&max=200')
  return json['items'] as unknown as readonly Payload[]
}

describe('the document axis over HTTP', () => {
  it('goes the way of a real client: send, list, fetch, acknowledge, answer with a status, see it arrive', () =>
    vxpScene(async (scene) => {
      const { province, office } = scene
      const id = await sent(scene)
      const [row] = (await waiting(office)).rows
      expect(row).to.include({
        ...{ serviceType: 'eDoc', messageType: 'edoc', status: 'initial' },
        ...{ from: '000.00.05.H49', to: '000.00.00.G22' },
      })
      expect(row?.['created_time']).to.match(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d$/)
      const docId = textOf(row?.['docId'])
      const edoc = await office.call('getEdoc', { args: { docId, filePath: '/tmp/x' }, body: '{}' })
      expect(edoc.json).to.include(ok)
      expect(xmlOf(edoc)).to.include(`<edXML:DocumentId>${documentId}</edXML:DocumentId>`)
      expect(xmlOf(edoc)).to.include(letter.match(/JVBERi0xLjQKJSB0/)?.[0])
      expect(
        (await office.call('countReceiveEdoc', { args: { messagetype: 'edoc' } })).json['count'],
      ).to.equal(1)
      for (const state of ['processing', 'done', 'done'])
        expect(
          (await office.call('updateStatus', { args: { docId, status: state }, body: '{}' })).json,
        ).to.deep.equal(ok)
      expect((await waiting(office)).json).to.deep.equal({ ...ok, data: [] })
      const seen = (await province.call('getSentEdocList', { args: { messagetype: 'edoc', docId: id } })).rows
      expect(seen).to.have.length(1)
      expect(seen[0]).to.include({
        ...{
          senderDocId: id,
          receiverDocId: docId,
          toCode: 'G22',
          sendStatus: 'done',
          receiveStatus: 'done',
        },
        ...{ notation: '27/STN-KT', messageType: 'edoc' },
      })
      expect((await office.sendEdoc(status, { messagetype: 'status', from: officeSystem })).json).to.include(
        ok,
      )
      const [answer] = await waitingIds(province, 'status')
      expect(xmlOf(await province.call('getEdoc', { args: { docId: answer ?? '' } }))).to.include(
        '<edXML:StatusCode>03</edXML:StatusCode>',
      )
      expect((await province.call('countReceiveStatus', { method: 'GET' })).json['count']).to.equal(1)
    }))

  it('hands the letter of a client to a neighbour of another dialect, with its file', () =>
    vxpScene(async (scene) => {
      const { lent } = scene
      const id = await sent(scene, letter)
      const { json } = await lent.call(neighbour.apiKey, 'GET', '/v1/mailbox')
      const [item] = json['deliveries'] as unknown as readonly { messageId: string; content: string }[]
      const { payload } = JSON.parse(item?.content ?? '{}') as { payload: Payload }
      expect([item?.messageId, payload['DocumentId']]).to.deep.equal([id, documentId])
      const [file] = payload['Attachments'] as readonly Payload[]
      const read = await lent.call(neighbour.apiKey, 'GET', textOf(file?.['Url']).split('?')[0] ?? '')
      expect(read.text).to.match(/^%PDF-1.4/)
    }))

  it('streams a download as the edXML itself', () =>
    vxpScene(async (scene) => {
      await sent(scene)
      const [docId = ''] = await waitingIds(scene.office)
      const answer = await scene.office.call('downloadEdoc', { args: { docId }, method: 'GET' })
      expect(answer.text).to.match(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<edXML /)
    }))

  it('lists the bodies of the directory in the three forms', () =>
    vxpScene(
      async ({ province, office }) => {
        const rows = (await province.call('getAgenciesList')).rows
        expect(rows.map(({ code }) => code)).to.include.members(['H49', '000.00.05.H49', 'G22', 'H37'])
        expect(rows.find(({ code }) => code === 'G22')).to.deep.equal({
          ...{ id: 'G22', code: 'G22', name: 'G22', pid: '', mail: '', oldCode: '000.00.00.G22' },
        })
        const old = (await office.call('getAgenciesListQD20', { args: { level: '1' } })).rows
        expect(old.map(({ code }) => code)).to.have.members([
          '000.00.00.H49',
          '000.00.00.G22',
          '000.00.00.H37',
        ])
        const units = (await province.call('getSynchronizeUnit')).rows
        expect(units.find(({ code }) => code === 'H29')).to.include({ deleted: '1', isAgency: '1' })
        expect(rows.map(({ code }) => code)).not.to.include('H29')
      },
      { more: [body('H29', { retiredAt: 1, successor: 'H49' })] },
    ))

  it('confirms what the registry has below the caller, and leaves the rest to its administrators', () =>
    vxpScene(async ({ province }) => {
      const register = (code: string) =>
        province.call('registerAgency', {
          body: JSON.stringify({ id: '1', pcode: 'H49', code, name: 'Đơn vị' }),
        })
      expect((await register('000.00.05.H49')).json).to.deep.equal(ok)
      for (const code of ['G22', 'H49.99'])
        expect((await register(code)).json).to.include({ status: 'FAIL', ErrorCode: '19' })
      const removed = await province.call('deleteAgency', { args: { AgencyCode: 'H49.05' }, body: '{}' })
      expect(removed.json).to.include({ status: 'FAIL', ErrorCode: '19' })
    }))
})

describe('traps of the document axis', () => {
  it('the same POST twice is one message with one DocId; the same content of a new start is another', () =>
    vxpScene(async (scene) => {
      const client = () => scene.fresh(provinceSystem, '22112026T080000+0001')
      const first = (await client().sendEdoc(letterToOffice, from)).json
      expect((await client().sendEdoc(letterToOffice, from)).json).to.deep.equal(first)
      expect(await messages(scene)).to.have.length(1)
      const later = (await scene.fresh(provinceSystem, '22112026T090000+0001').sendEdoc(letterToOffice, from))
        .json
      expect(later['DocId']).not.to.equal(first['DocId'])
    }))

  it('arguments of earlier calls are not looked at: clients never clear them', () =>
    vxpScene(async (scene) => {
      const { province, office } = scene
      await sent(scene)
      const [docId = ''] = await waitingIds(office)
      await office.call('updateStatus', { args: { docId, status: 'done' }, body: '{}' })
      await province.call('getEdoc', {
        args: { docId: 'cũ'.normalize('NFD').replace(/[^\x20-\x7e]/g, ''), to: 'x' },
      })
      expect((await office.sendEdoc(status, { messagetype: 'status', from: officeSystem })).json).to.include(
        ok,
      )
      expect(await waitingIds(province, 'status')).to.have.length(1)
    }))

  it('docId and docid are one argument, though both are signed', () =>
    vxpScene(async (scene) => {
      await sent(scene)
      const [docId = ''] = await waitingIds(scene.office)
      await scene.office.call('getEdoc', { args: { docId: 'another' } })
      const both = await scene.office.call('updateStatus', {
        ...{ args: { docid: docId, status: 'done' }, body: '{}', tampered: { 'xroadvnpt-docid': docId } },
      })
      expect(both.json).to.deep.equal(ok)
    }))

  it('the hash of the file fits in each spelling, and not otherwise', () =>
    vxpScene(async (scene) => {
      const send = (hash: string) => scene.province.sendEdoc(letterToOffice, { ...from, 'hash-file': hash })
      const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(letterToOffice))).toString(
        'hex',
      )
      for (const hash of [digest, unpaddedHash(letterToOffice), unpaddedHash(`${letterToOffice}\r\n`)])
        expect((await send(hash)).json).to.include(ok)
      const wrong = (await send(unpaddedHash('khác'))).json
      expect(wrong).to.include({ status: 'FAIL', ErrorCode: '22', DocId: '' })
    }))

  it('a header that is not what was signed is refused, as is one who cannot sign', () =>
    vxpScene(async (scene) => {
      const { province, url } = scene
      const tampered = await province.sendEdoc(letterToOffice, from, { 'xroadvnpt-from': 'G22' })
      expect(tampered.json).to.include({ status: 'FAIL', ErrorCode: '15', DocId: '' })
      const strangers = [
        vxpClient({ url, systemId: provinceSystem, secret: 'another-secret-1' }),
        vxpClient({ url, systemId: 'NO.SUCH', secret }),
      ]
      for (const stranger of strangers) {
        const { json, status: http } = await stranger.call('getReceivedEdocList')
        expect([http, json['status'], json['ErrorCode'], json['data']]).to.deep.equal([200, 'FAIL', '15', []])
      }
      expect(await messages(scene)).to.deep.equal([])
    }))

  it('a sender of another system, a stranger as recipient, and what is no edXML are told by code', () =>
    vxpScene(async ({ province, office }) => {
      const answers = [
        await office.sendEdoc(letterToOffice, from),
        await province.sendEdoc(letterToOffice, { ...from, to: '["000.00.00.Z99"]' }),
        await province.sendEdoc('<edXML', from),
        await province.sendEdoc(letterToOffice, { from: 'H37' }),
        await province.sendEdoc(letterToOffice, { ...from, to: 'G22' }),
      ]
      expect(answers.map(({ json }) => [json['ErrorCode'], json['DocId']])).to.deep.equal([
        ...[
          ['19', ''],
          ['18', ''],
          ['10', ''],
          ['22', ''],
          ['22', ''],
        ],
      ])
      const unread = await office.call('getEdoc', { args: { docId: 'no-such' } })
      expect(unread.json).to.include({ status: 'FAIL', ErrorCode: '100' })
      const unnamed = await office.call('updateStatus', { args: { docId: 'x', status: 'xong' } })
      expect(unnamed.json).to.include({ status: 'FAIL', ErrorCode: '22' })
    }))

  it('every answer is ASCII, and has its three fields as text', () =>
    vxpScene(async ({ province }) => {
      for (const { text, json } of [
        await province.call('getAgenciesList'),
        await province.call('getEdoc', { args: { docId: 'x' } }),
      ]) {
        expect(text).to.match(/^[\x20-\x7e]+$/)
        for (const name of ['status', 'ErrorCode', 'ErrorDesc']) expect(json[name]).to.be.a('string')
      }
    }))

  it('bytes on the socket: Expect is answered, the line end lies within Content-Length, POST may be empty', () =>
    vxpScene(async (scene) => {
      const { lent, province } = scene
      const call = (
        verb: string,
        args: Readonly<Record<string, string>>,
        file: string,
        more: readonly string[],
      ) => {
        const type = file === '' ? 'application/json' : 'application/octet-stream'
        const headers = Object.entries(province.headers(args, type)).map(
          ([name, value]) => `${name}: ${value}`,
        )
        const length = `Content-Length: ${Buffer.byteLength(file)}`
        const lines = [`POST /VXPAdapter/adapter/${verb} HTTP/1.1`, 'Host: x', ...headers, length, ...more]
        return rawCall(lent.url, [...lines, 'Connection: close'], Buffer.from(file).toString('latin1'))
      }
      const args = {
        ...from,
        servicetype: 'eDoc',
        messagetype: 'edoc',
        'hash-file': unpaddedHash(letterToOffice),
      }
      const answer = await call('sendEdoc', args, `${letterToOffice}\r\n`, ['Expect: 100-continue'])
      expect(answer.head).to.match(/^HTTP\/1.1 100 Continue/)
      expect(answer.body).to.match(/HTTP\/1.1 200 OK[\s\S]*"ErrorCode":"0"/)
      const empty = await call('getAgenciesList', {}, '', [])
      expect([empty.status, (JSON.parse(empty.body) as Payload)['ErrorCode']]).to.deep.equal([200, '0'])
    }))

  it('a letter to hundreds: the header takes them, each gets a delivery, the same twice has no effect', () => {
    const more = Array.from({ length: 300 }, (_, n) =>
      body(`H49.DON-VI-THU-NGHIEM-${String(n).padStart(6, '0')}`),
    )
    return vxpScene(
      async (scene) => {
        const to = JSON.stringify(more.map(({ code }) => code))
        expect(Object.values(scene.province.headers({ to })).join('').length).to.be.above(16_384)
        const first = (await scene.province.sendEdoc(letterToOffice, { ...from, to })).json
        expect(first).to.include(ok)
        expect((await scene.province.sendEdoc(letterToOffice, { ...from, to })).json).to.deep.equal(first)
        const rows = (
          await scene.province.call('getSentEdocList', { args: { messagetype: 'edoc', docId: '' } })
        ).rows
        expect(new Set(rows.map(({ toCode }) => toCode))).to.have.property('size', 300)
        expect(rows).to.have.length(300)
      },
      { more },
    )
  })

  it('what VXP cannot express is parked with its reason, not hidden', () =>
    vxpScene(async ({ lent, office }) => {
      const bytes = JSON.stringify({
        ...{
          action: 'notice.maintenance',
          recipients: ['G22'],
          payload: samplePayload('notice.maintenance', 1),
        },
      })
      const answer = await lent.call(neighbour.apiKey, 'POST', '/v1/messages', {
        ...{ type: 'application/json', bytes, headers: { 'idempotency-key': 'k-1' } },
      })
      expect(answer.status, answer.text).to.equal(202)
      expect((await waiting(office)).rows).to.deep.equal([])
      const view = (await lent.call(operatorKey, 'GET', `/v1/messages/${String(answer.json['id'])}`))
        .json as unknown as MessageView
      expect(view.deliveries.map(({ state, attempts }) => [state, attempts.at(-1)?.code])).to.deep.equal([
        ['parked', 'unsupported'],
      ])
    }))

  it('a stale timestamp is taken, unless the body is held to a fresh one', () =>
    vxpScene(async ({ fresh }) => {
      const codeOf = async (system: string, timestamp: string) =>
        (await fresh(system, timestamp).call('getAgenciesList')).json['ErrorCode']
      expect(await codeOf(provinceSystem, '01012020T000000+0000')).to.equal('0')
      expect(await codeOf(officeSystem, '01012020T000000+0000')).to.equal('15')
      expect(await codeOf(officeSystem, writeMoment(Date.now()))).to.equal('0')
    }))
})
