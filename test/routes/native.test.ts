import { expect } from 'chai'
import { request as httpRequest } from 'node:http'
import { randomUUID } from 'node:crypto'
import type { Json } from '../../schemas/message.ts'
import { sha256 } from '../../signing/digest.ts'
import { openEnvelope } from '../../signing/open.ts'
import { verifyReceipt } from '../../signing/receipt.ts'
import { withGateway, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, trustRoots, type Party } from '../support/parties.ts'
import { samplePayload } from '../support/payloads.ts'

const province = createParty({ code: 'H49', dialect: 'native-json' })
const department = createParty({ code: 'H49.05', parent: 'H49', dialect: 'native-json' })
const core = createParty({ code: 'G22' })
const plain = createParty({ code: 'G03', dialect: 'native-json' })
const parties = [province, department, core, plain]
const options = { registry: { aliases: { 'portal-core': ['G22'] } } }

const submitted = { action: 'dossier.submitted', payload: samplePayload('dossier.submitted', 1) }

interface Sending {
  readonly party?: Party
  readonly key?: string | null
  readonly type?: string
}

function post(lent: LentGateway, body: unknown, { party = province, key, type }: Sending = {}) {
  const reference = key === undefined ? randomUUID() : key
  return lent.call(party.apiKey, 'POST', '/v1/messages', {
    type: type ?? 'application/json',
    bytes: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    headers: reference === null ? {} : { 'idempotency-key': reference },
  })
}

const receiptIn = (lent: LentGateway, json: unknown) =>
  verifyReceipt((json as { receipt: { jws: string } }).receipt.jws, lent.keys.signing.certificate)

interface Listed {
  readonly deliveries: readonly { readonly content: string; readonly messageId: string }[]
}

async function pulled(lent: LentGateway, party: Party) {
  const { json } = await lent.call(party.apiKey, 'GET', '/v1/mailbox')
  return (json as unknown as Listed).deliveries
}

describe('POST /v1/messages with JSON', () => {
  it('takes a message under its Idempotency-Key, and answers a repeat with the first receipt', () =>
    withGateway(parties, options, async (lent) => {
      const first = await post(lent, submitted, { key: 'ref-1' })
      expect(first.status, first.text).to.equal(202)
      expect(receiptIn(lent, first.json)).to.include({
        kind: 'accepted',
        sender: 'H49',
        senderRef: 'ref-1',
        action: 'dossier.submitted',
        messageId: first.json['id'],
      })
      const again = await post(lent, submitted, { key: '"ref-1"' })
      expect(again.status).to.equal(200)
      expect(again.json).to.deep.include({ id: first.json['id'], receipt: first.json['receipt'] })
      const other = await post(lent, { ...submitted, recipients: ['G03'] }, { key: 'ref-1' })
      expect(other.status).to.equal(409)
      expect(other.json).to.include({ code: 'reference_conflict', field: 'Idempotency-Key' })
      expect(receiptIn(lent, other.json)).to.include({ kind: 'refusal', senderRef: 'ref-1' })
    }))

  it('hands it over under the seal of the gateway, which says how the sender was known', () =>
    withGateway(parties, options, async (lent) => {
      const sent = await post(lent, submitted)
      const [item] = await pulled(lent, core)
      const opened = await openAs(lent, core, item!.content)
      const view = await lent.call(province.apiKey, 'GET', `/v1/messages/${String(sent.json['id'])}`)
      const { message } = view.json as unknown as { message: { authenticatedBy: { credentialId: string } } }
      expect(message.authenticatedBy).to.include({ method: 'key' })
      expect(opened.header).to.deep.include({
        sender: 'H49',
        sealedBy: 'TRUC',
        authenticatedBy: message.authenticatedBy,
      })
      expect(opened.payload).to.deep.equal(submitted.payload)
      expect(receiptIn(lent, sent.json).originalDigest).to.equal(sha256(opened.original).toString('hex'))
    }))

  it("says nothing of the kind about a sender's own envelope", () =>
    withGateway(parties, options, async (lent) => {
      const bytes = await envelopeOf(province, submitted.action, submitted.payload)
      const sent = await post(lent, bytes, { type: 'application/xml' })
      const view = await lent.call(province.apiKey, 'GET', `/v1/messages/${String(sent.json['id'])}`)
      expect(sent.status, sent.text).to.equal(202)
      expect(view.json['message']).not.to.have.property('authenticatedBy')
    }))

  it('leaves what is for such a body in its mailbox as JSON', () =>
    withGateway(parties, options, async (lent) => {
      await post(lent, { ...submitted, recipients: ['G03'] })
      const [item] = await pulled(lent, plain)
      expect(JSON.parse(item!.content)).to.deep.include({ sender: 'H49', payload: submitted.payload as Json })
    }))

  it('lets a body speak for one below it, and for no other', () =>
    withGateway(parties, options, async (lent) => {
      const below = await post(lent, { ...submitted, sender: 'H49.05' })
      expect(receiptIn(lent, below.json)).to.include({ kind: 'accepted', sender: 'H49.05' })
      const above = await post(lent, { ...submitted, sender: 'H49' }, { party: department })
      expect(above.status).to.equal(403)
      expect(above.json).to.include({ code: 'forbidden', field: 'sender' })
      expect(receiptIn(lent, above.json), 'a claim is no sender').to.include({
        kind: 'refusal',
        sender: 'H49.05',
        senderRef: '',
      })
    }))

  it('does not take an envelope that this gateway has sealed', () =>
    withGateway(parties, options, async (lent) => {
      await post(lent, submitted)
      const [item] = await pulled(lent, core)
      const { original } = await openAs(lent, core, item!.content)
      const replayed = await post(lent, original, { type: 'application/xml' })
      expect(replayed.status).to.equal(403)
      expect(replayed.json).to.include({ code: 'untrusted_certificate' })
    }))

  const refusals: Readonly<Record<string, readonly [unknown, Sending, number, object]>> = {
    'no Idempotency-Key': [
      submitted,
      { key: null },
      400,
      { code: 'invalid_field', field: 'Idempotency-Key' },
    ],
    'what is no JSON': ['{', {}, 400, { code: 'malformed_request', field: 'body' }],
    'an empty body': ['', {}, 400, { code: 'malformed_request', field: 'body' }],
    'bytes that are no UTF-8': [
      Buffer.concat([Buffer.from('{"action":"'), Buffer.from([0xff]), Buffer.from('","payload":{}}')]),
      {},
      400,
      { code: 'malformed_request', field: 'body' },
    ],
    'a field that is none': [
      { ...submitted, from: 'H49' },
      {},
      400,
      { code: 'invalid_field', field: 'from' },
    ],
    'a field of the payload': [
      {
        ...submitted,
        payload: { data: [{ MaHoSo: 'H49-261121-0001', MaTTHC: '1.009999', NgayTiepNhan: 'x' }] },
      },
      {},
      400,
      { code: 'invalid_field', field: 'data[0].NgayTiepNhan' },
    ],
    'an unknown action': [
      { ...submitted, action: 'x' },
      {},
      400,
      { code: 'unknown_action', field: 'action' },
    ],
    'an unknown recipient': [
      { ...submitted, recipients: ['H99'] },
      {},
      422,
      { code: 'unroutable', field: 'recipients' },
    ],
    'a message that has expired': [{ ...submitted, expiresAt: 1 }, {}, 422, { code: 'expired' }],
    'text that XML cannot carry': [
      { action: 'notice.alert', recipients: ['G03'], payload: { TieuDe: 'a\u0000' } },
      {},
      400,
      { code: 'invalid_field' },
    ],
    'more than an envelope holds': [
      {
        action: 'notice.alert',
        recipients: ['G03'],
        payload: { TieuDe: 'x', more: Array.from({ length: 25 }, () => 'a'.repeat(65_000)) },
      },
      {},
      413,
      { code: 'too_large', field: 'payload' },
    ],
    'more than 2 MiB': ['x'.repeat(2 * 1024 * 1024 + 1), {}, 413, { code: 'too_large' }],
  }
  for (const [name, [body, how, status, expected]] of Object.entries(refusals))
    it(`refuses ${name} with ${status}`, () =>
      withGateway(parties, options, async (lent) => {
        const answer = await post(lent, body, how)
        expect(answer.status, answer.text).to.equal(status)
        expect(answer.json).to.include(expected)
      }))

  it('signs its refusals, of what it could not read too', () =>
    withGateway(parties, options, async (lent) => {
      const answer = await post(lent, '{')
      expect(receiptIn(lent, answer.json)).to.include({
        kind: 'refusal',
        sender: 'H49',
        code: 'malformed_request',
      })
    }))

  it('refuses two keys, and two content types', () =>
    withGateway(parties, options, async ({ url }) => {
      const twice = {
        'Idempotency-Key': ['a', 'b'],
        'Content-Type': ['application/json', 'application/xml'],
      }
      for (const [name, values] of Object.entries(twice)) {
        const headers = { 'Idempotency-Key': ['a'], 'Content-Type': ['application/json'], [name]: values }
        const { status, body } = await postRaw(url, headers)
        expect([status, body['code'], body['field']]).to.deep.equal([400, 'malformed_request', name])
      }
    }))

  it('keeps a payload exactly, whatever its names', () =>
    withGateway(parties, options, async (lent) => {
      const payload = {
        ...{ TieuDe: 'x', constructor: 'c', toString: { hasOwnProperty: 1 } },
        ...{ 'một tên': [null, true, -0.5, 1e21, '', ' ', '\r\n\t'], '': {} },
      }
      await post(lent, { action: 'notice.alert', recipients: ['G03'], payload })
      const [item] = await pulled(lent, plain)
      expect((JSON.parse(item!.content) as { payload: unknown }).payload).to.deep.equal(payload)
    }))
})

/** A POST whose headers may come twice, which fetch does not send. */
function postRaw(url: string, headers: Readonly<Record<string, readonly string[]>>) {
  const flat = Object.entries(headers).flatMap(([name, values]) => values.flatMap((value) => [name, value]))
  const key = ['authorization', `Bearer ${province.apiKey}`, 'host', 'localhost']
  return new Promise<{ status: number; body: Record<string, unknown> }>((resolve, reject) => {
    const sending = httpRequest(
      `${url}/v1/messages`,
      { method: 'POST', headers: [...key, ...flat] },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => (text += chunk))
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }),
        )
      },
    )
    sending.on('error', reject)
    sending.end(JSON.stringify(submitted))
  })
}

function openAs({ keys }: LentGateway, party: Party, content: string) {
  const { certificate } = keys.signing
  const hub = { agency: 'TRUC', partyClass: 'state' as const, certificate, roots: trustRoots('state') }
  return openEnvelope(Buffer.from(content), {
    now: Date.now(),
    ownerOf: (fingerprint) => (fingerprint === certificate.fingerprint ? hub : undefined),
    decryptionKeys: [party.decryption],
    gateways: ['TRUC'],
  })
}
