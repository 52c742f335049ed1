import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { openEnvelope } from '../../signing/open.ts'
import { readCertificate } from '../../signing/certificate.ts'
import { sealEnvelope } from '../../signing/envelope.ts'
import { verifyReceipt } from '../../signing/receipt.ts'
import { createParty, envelopeOf, operatorKey, trustRoots, type Party } from '../support/parties.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { samplePayload } from '../support/payloads.ts'

const xml = 'application/xml'
const province = createParty({ code: 'H49' })
const department = createParty({ code: 'H49.05', parent: 'H49' })
const core = createParty({ code: 'G22' })
const bank = createParty({ code: 'NHTM01', partyClass: 'company' })
const parties = [province, department, core, bank]
const registry = { aliases: { 'portal-core': ['G22'] } }

function post({ call }: LentGateway, apiKey: string | null, bytes: Uint8Array | string, type = xml) {
  return call(apiKey, 'POST', '/v1/messages', { type, bytes })
}

async function submit(
  lent: LentGateway,
  party: Party,
  action: 'dossier.submitted' | 'status.updated' | 'catalog.changed' | 'payment.result',
  header = {},
) {
  return post(lent, party.apiKey, await envelopeOf(party, action, samplePayload(action, 1), header))
}

describe('POST /v1/messages', () => {
  it('answers 202 with a signed receipt, and the same receipt when it is repeated', () =>
    withGateway(parties, { registry }, async (lent) => {
      const bytes = await envelopeOf(province, 'dossier.submitted', samplePayload('dossier.submitted', 1))
      const first = await post(lent, province.apiKey, bytes)
      expect(first.status, first.text).to.equal(202)
      const { id, state, receipt } = first.json as unknown as {
        id: string
        state: string
        receipt: { jws: string }
      }
      expect(state).to.equal('accepted')
      const statement = verifyReceipt(receipt.jws, lent.keys.signing.certificate)
      expect(statement).to.include({
        kind: 'accepted',
        messageId: id,
        sender: 'H49',
        issuer: 'TRUC',
        action: 'dossier.submitted',
      })
      const again = await post(lent, province.apiKey, bytes)
      expect(again.status).to.equal(200)
      expect(again.json).to.deep.include({ id, receipt })
    }))

  it('answers 409 with a signed refusal where the reference was used for other content', () =>
    withGateway(parties, { registry }, async (lent) => {
      const senderRef = randomUUID()
      await submit(lent, province, 'dossier.submitted', { senderRef })
      const other = await submit(lent, province, 'status.updated', { senderRef })
      expect(other.status).to.equal(409)
      expect(other.json).to.include({ code: 'reference_conflict', retryable: false, field: 'SenderRef' })
      const { receipt } = other.json as unknown as { receipt: { jws: string } }
      expect(verifyReceipt(receipt.jws, lent.keys.signing.certificate)).to.include({
        kind: 'refusal',
        senderRef,
        code: 'reference_conflict',
      })
    }))

  it('opens what is encrypted to the gateway', () =>
    withGateway(parties, { registry }, async (lent) => {
      const senderRef = randomUUID()
      const header = {
        sender: 'H49',
        senderRef,
        recipients: [],
        action: 'dossier.submitted',
        sentAt: Date.now(),
        sealedBy: 'H49',
      }
      const inner = await envelopeOf(
        province,
        'dossier.submitted',
        samplePayload('dossier.submitted', 1),
        header,
      )
      const bytes = await sealEnvelope({
        inner,
        header,
        recipient: lent.keys.decryption.certificate,
        key: province.signing,
      })
      const answer = await post(lent, province.apiKey, bytes)
      expect(answer.status, answer.text).to.equal(202)
    }))

  const cases: readonly {
    readonly name: string
    readonly status: number
    readonly expected: Readonly<Record<string, unknown>>
    readonly send: (lent: LentGateway) => Promise<Awaited<ReturnType<typeof post>>>
  }[] = [
    {
      name: 'no key',
      status: 401,
      expected: { code: 'unauthenticated' },
      send: async (lent) => post(lent, null, '<x/>'),
    },
    {
      name: 'a wrong key',
      status: 401,
      expected: { code: 'unauthenticated' },
      send: async (lent) => post(lent, 'x'.repeat(43), '<x/>'),
    },
    {
      name: 'what is no XML',
      status: 400,
      expected: { code: 'malformed_xml' },
      send: async (lent) => post(lent, province.apiKey, 'hello'),
    },
    {
      name: 'an empty body',
      status: 400,
      expected: { code: 'malformed_xml' },
      send: async (lent) => post(lent, province.apiKey, ''),
    },
    {
      name: 'another content type',
      status: 415,
      expected: { code: 'unsupported_media', field: 'Content-Type' },
      send: async (lent) => post(lent, province.apiKey, 'a,b', 'text/csv'),
    },
    {
      name: 'more than 2 MiB',
      status: 413,
      expected: { code: 'too_large' },
      send: async (lent) => post(lent, province.apiKey, Buffer.alloc(2 * 1024 * 1024 + 1, 0x20)),
    },
    {
      name: "another body's envelope",
      status: 403,
      expected: { code: 'forbidden', field: 'Sender' },
      send: async (lent) =>
        post(
          lent,
          bank.apiKey,
          await envelopeOf(province, 'dossier.submitted', samplePayload('dossier.submitted', 1)),
        ),
    },
    {
      name: "the parent's envelope sent by its child",
      status: 403,
      expected: { code: 'forbidden', field: 'Sender' },
      send: async (lent) =>
        post(
          lent,
          department.apiKey,
          await envelopeOf(province, 'dossier.submitted', samplePayload('dossier.submitted', 1)),
        ),
    },
    {
      name: 'the operator as a sender',
      status: 403,
      expected: { code: 'forbidden' },
      send: async (lent) =>
        post(
          lent,
          operatorKey,
          await envelopeOf(province, 'dossier.submitted', samplePayload('dossier.submitted', 1)),
        ),
    },
    {
      name: 'an action that is no row of the table',
      status: 400,
      expected: { code: 'unknown_action', field: 'Action' },
      send: async (lent) => post(lent, province.apiKey, await envelopeOf(province, 'dossier.burned', {})),
    },
    {
      name: 'a recipient that is unknown',
      status: 422,
      expected: { code: 'unroutable', field: 'Recipients' },
      send: (lent) => submit(lent, province, 'dossier.submitted', { recipients: ['H99'] }),
    },
    {
      name: 'a message that has expired',
      status: 422,
      expected: { code: 'expired' },
      send: (lent) => submit(lent, province, 'dossier.submitted', { expiresAt: Date.now() - 1000 }),
    },
  ]
  for (const { name, status, expected, send } of cases)
    it(`refuses ${name} with ${status}`, () =>
      withGateway(parties, { registry }, async (lent) => {
        const answer = await send(lent)
        expect(answer.status, answer.text).to.equal(status)
        expect(answer.json).to.include(expected)
        const { message, detailId } = answer.json as unknown as {
          message: { vi: string; en: string }
          detailId: string
        }
        expect(message.vi.length * message.en.length).to.be.above(0)
        expect(detailId).to.match(/^[0-9a-f-]{36}$/)
      }))

  it('names the field at fault', () =>
    withGateway(parties, { registry }, async (lent) => {
      const payload = {
        data: [{ MaHoSo: 'H49-261121-0001', MaTTHC: '1.009999', NgayTiepNhan: '20260230000000' }],
      }
      const answer = await post(
        lent,
        province.apiKey,
        await envelopeOf(province, 'dossier.submitted', payload),
      )
      expect(answer.status).to.equal(400)
      expect(answer.json).to.include({
        code: 'invalid_field',
        field: 'data[0].NgayTiepNhan',
        reason: 'not a date yyyyMMddHHmmss',
      })
    }))

  it('lets a parent speak for the body below it', () =>
    withGateway(parties, { registry }, async (lent) => {
      const answer = await post(
        lent,
        province.apiKey,
        await envelopeOf(department, 'dossier.submitted', samplePayload('dossier.submitted', 1)),
      )
      expect(answer.status, answer.text).to.equal(202)
    }))

  it('refuses an action that is not granted', () =>
    withGateway(parties, { registry: { ...registry, grants: { H49: ['status.updated'] } } }, async (lent) => {
      expect((await submit(lent, province, 'status.updated')).status).to.equal(202)
      expect((await submit(lent, province, 'dossier.submitted')).json).to.include({
        code: 'forbidden',
        field: 'Action',
      })
    }))

  it('answers 429 with Retry-After beyond the rate of the body', () =>
    withGateway(parties, { registry, env: { RATE_PER_SECOND: '1' } }, async (lent) => {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => submit(lent, province, 'status.updated')),
      )
      const refused = answers.filter(({ status }) => status === 429)
      expect(refused.length).to.be.at.least(2)
      for (const { headers, json } of refused) {
        expect(Number(headers.get('retry-after'))).to.be.at.least(1)
        expect(json).to.include({ code: 'too_many_requests', retryable: true })
      }
    }))
})

describe('load', () => {
  it('is refused with 429 beyond the bound of requests under way, and health still answers', () =>
    withGateway(parties, { registry, env: { MAX_IN_FLIGHT: '1' } }, async (lent) => {
      const waiting = lent.call(core.apiKey, 'GET', '/v1/mailbox?wait=5')
      await eventually('refused', async () => {
        const answer = await lent.call(core.apiKey, 'GET', '/v1/mailbox')
        return answer.status === 429 && answer.headers.get('retry-after') === '1'
      })
      expect((await lent.call(null, 'GET', '/health/live')).status).to.equal(200)
      await waiting
      expect((await lent.call(core.apiKey, 'GET', '/v1/mailbox')).status).to.equal(200)
    }))
})

describe('GET /v1/messages/{id}', () => {
  it('shows state, deliveries, attempts and receipts to the parties and the operator, and nothing to others', () =>
    withGateway(parties, { registry }, async (lent) => {
      const { json } = await submit(lent, province, 'dossier.submitted')
      const path = `/v1/messages/${String(json['id'])}`
      for (const key of [province.apiKey, core.apiKey, operatorKey]) {
        const view = await lent.call(key, 'GET', path)
        expect(view.status, view.text).to.equal(200)
        expect(view.json).to.include({ id: json['id'], state: 'accepted' })
        expect(
          (view.json as unknown as { deliveries: { recipient: string }[] }).deliveries.map(
            ({ recipient }) => recipient,
          ),
        ).to.deep.equal(['G22'])
        expect(view.text).not.to.contain('payload')
      }
      for (const key of [bank.apiKey, department.apiKey])
        expect((await lent.call(key, 'GET', path)).status).to.equal(404)
      expect((await lent.call(null, 'GET', path)).status).to.equal(401)
      expect((await lent.call(operatorKey, 'GET', '/v1/messages/none')).status).to.equal(404)
    }))
})

describe('the mailbox', () => {
  const pull = (lent: LentGateway, party: Party, query = '') =>
    lent.call(party.apiKey, 'GET', `/v1/mailbox${query}`)
  const ack = (lent: LentGateway, party: Party, id: string, answer: object) =>
    lent.call(party.apiKey, 'POST', `/v1/mailbox/${id}/ack`, {
      type: 'application/json',
      bytes: JSON.stringify(answer),
    })
  type Listed = { deliveries: { deliveryId: string; content: string; messageId: string }[] }

  it("hands a sealed envelope to its recipient alone, and ends it with the recipient's answer", () =>
    withGateway(parties, { registry }, async (lent) => {
      const { json } = await submit(lent, province, 'dossier.submitted')
      expect(((await pull(lent, bank)).json as unknown as Listed).deliveries).to.deep.equal([])
      const [item] = ((await pull(lent, core)).json as unknown as Listed).deliveries
      expect(item?.messageId).to.equal(json['id'])
      const opened = await openAs(lent, core, item!.content)
      expect(opened.header).to.include({ sender: 'H49', sealedBy: 'H49' })
      expect(opened.outerHeader).to.include({ sealedBy: 'TRUC', deliveryId: item!.deliveryId })
      expect(opened.payload).to.deep.equal(samplePayload('dossier.submitted', 1))
      expect((await ack(lent, bank, item!.deliveryId, { outcome: 'processed' })).status).to.equal(404)
      expect((await ack(lent, core, item!.deliveryId, { outcome: 'processed' })).json).to.deep.equal({
        state: 'processed',
      })
      expect((await ack(lent, core, item!.deliveryId, { outcome: 'processed' })).status).to.equal(200)
      expect((await ack(lent, core, item!.deliveryId, { outcome: 'refused' })).json).to.include({
        code: 'already_settled',
      })
      const view = await lent.call(province.apiKey, 'GET', `/v1/messages/${String(json['id'])}`)
      const { state, receipts } = view.json as unknown as { state: string; receipts: { jws: string }[] }
      expect(state).to.equal('processed')
      expect(
        receipts.map(({ jws }) => verifyReceipt(jws, lent.keys.signing.certificate).kind),
      ).to.have.members(['accepted', 'delivered', 'processed'])
    }))

  it('keeps the order of a dossier: the next comes when the one before has ended', () =>
    withGateway(parties, { registry }, async (lent) => {
      const first = await submit(lent, province, 'dossier.submitted')
      const second = await submit(lent, province, 'dossier.submitted')
      const [item, ...more] = ((await pull(lent, core, '?max=10')).json as unknown as Listed).deliveries
      expect([item?.messageId, more.length]).to.deep.equal([first.json['id'], 0])
      await ack(lent, core, item!.deliveryId, { outcome: 'refused', reason: 'Thiếu giấy tờ' })
      const [next] = ((await pull(lent, core)).json as unknown as Listed).deliveries
      expect(next?.messageId).to.equal(second.json['id'])
    }))

  it('waits for what is to come', () =>
    withGateway(parties, { registry }, async (lent) => {
      const waiting = pull(lent, core, '?wait=10')
      const sent = await submit(lent, province, 'dossier.submitted')
      const listed = (await waiting).json as unknown as Listed
      expect(listed.deliveries.map(({ messageId }) => messageId)).to.deep.equal([sent.json['id']])
    }))

  it('puts a retry off, and refuses an answer that comes without a lease', () =>
    withGateway(parties, { registry }, async (lent) => {
      await submit(lent, province, 'dossier.submitted')
      const [item] = ((await pull(lent, core)).json as unknown as Listed).deliveries
      expect(
        (await ack(lent, core, item!.deliveryId, { outcome: 'retry', reason: 'bận' })).json,
      ).to.deep.equal({ state: 'due' })
      expect(((await pull(lent, core)).json as unknown as Listed).deliveries).to.deep.equal([])
      expect((await ack(lent, core, item!.deliveryId, { outcome: 'processed' })).json).to.include({
        code: 'lease_lost',
      })
    }))

  it('refuses a bad question and a bad answer by the field', () =>
    withGateway(parties, { registry }, async (lent) => {
      expect((await pull(lent, core, '?max=0')).json).to.include({ code: 'invalid_field', field: 'max' })
      expect((await ack(lent, core, randomUUID(), { outcome: 'lost' })).json).to.include({
        code: 'invalid_field',
        field: 'outcome',
      })
      expect((await ack(lent, core, randomUUID(), { outcome: 'processed' })).status).to.equal(404)
    }))

  function openAs({ keys }: LentGateway, party: Party, content: string) {
    const certificate = keys.signing.certificate
    const roots = trustRoots('state')
    const own = {
      agency: 'H49',
      partyClass: 'state' as const,
      certificate: province.signing.certificate,
      roots,
    }
    const hub = { agency: 'TRUC', partyClass: 'state' as const, certificate, roots }
    return openEnvelope(Buffer.from(content), {
      now: Date.now(),
      ownerOf: (fingerprint) => [own, hub].find((known) => known.certificate.fingerprint === fingerprint),
      decryptionKeys: [party.decryption],
      gateways: ['TRUC'],
    })
  }
})

describe('GET /v1/catalogs/{catalog}/changes', () => {
  it('gives the changes after a cursor', () =>
    withGateway(
      parties,
      { registry: { ...registry, subscriptions: { 'catalog.changed': ['G22'] } } },
      async (lent) => {
        await submit(lent, province, 'catalog.changed')
        await submit(lent, province, 'catalog.changed')
        const catalog = samplePayload('catalog.changed', 1)['DanhMuc'] as string
        const page = await lent.call(bank.apiKey, 'GET', `/v1/catalogs/${catalog}/changes?since=0`)
        const { changes, next } = page.json as unknown as { changes: { cursor: number }[]; next: number }
        expect(changes.length).to.equal(2)
        const rest = await lent.call(
          bank.apiKey,
          'GET',
          `/v1/catalogs/${catalog}/changes?since=${changes[0]!.cursor}`,
        )
        expect((rest.json as unknown as { changes: unknown[] }).changes).to.deep.equal(changes.slice(1))
        expect(next).to.equal(changes[1]!.cursor)
        expect(
          (await lent.call(bank.apiKey, 'GET', `/v1/catalogs/${catalog}/changes?since=x`)).status,
        ).to.equal(400)
      },
    ))
})

describe('health and figures', () => {
  it('is live, ready and measured without a key', () =>
    withGateway(parties, { registry }, async (lent) => {
      expect((await lent.call(null, 'GET', '/health/live')).json).to.deep.equal({ live: true })
      const ready = await lent.call(null, 'GET', '/health/ready')
      expect([ready.status, ready.json]).to.deep.equal([
        200,
        { ready: true, checks: { store: 'ok', signing: 'ok', broker: 'ok' } },
      ])
      await submit(lent, province, 'dossier.submitted')
      const metrics = await lent.call(null, 'GET', '/metrics')
      expect(metrics.text).to.match(
        /lt_submits_total\{action="dossier.submitted",outcome="accepted",code=""\} 1/,
      )
      expect(metrics.text).to.match(/lt_deliveries\{state="due"\} 1/)
      expect(metrics.text).to.match(/lt_backlog_seconds\{recipient="G22"\} \d/)
    }))

  it('shows the certificates that verify its receipts', () =>
    withGateway(parties, { registry }, async (lent) => {
      const { json } = await lent.call(null, 'GET', '/v1/certificates')
      expect(readCertificate(String(json['receipts'])).fingerprint).to.equal(
        lent.keys.signing.certificate.fingerprint,
      )
    }))

  it('answers 404 with an error a person can read', () =>
    withGateway(parties, { registry }, async (lent) => {
      const answer = await lent.call(null, 'GET', '/nothing')
      expect([answer.status, answer.json['code']]).to.deep.equal([404, 'not_found'])
    }))
})
