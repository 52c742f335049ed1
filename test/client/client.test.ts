import { expect } from 'chai'
import fc from 'fast-check'
import { createClient, createObserver } from '../../client/index.ts'
import { answerOf, GatewayError, type ErrorCode } from '../../schemas/errors.ts'
import type { Receipt } from '../../schemas/receipt.ts'
import { sealEnvelope, signEnvelope } from '../../signing/envelope.ts'
import { openEnvelope } from '../../signing/open.ts'
import { signReceipt } from '../../signing/receipt.ts'
import {
  body,
  certificates,
  gateway,
  newSigningKey,
  optionsFor,
  ownerOf,
  partner,
  strangers,
  withServer,
  type Asked,
} from './stand-in.ts'

const receipt: Receipt = {
  id: 'r1',
  kind: 'accepted',
  issuer: 'TRUC',
  messageId: 'm1',
  sender: 'H49',
  senderRef: 'ref-1',
  action: 'status.updated',
  contentDigest: 'aa',
  originalDigest: 'bb',
  at: 1_790_000_000_000,
}
const payload = { data: [{ MaHoSo: 'H49-261121-0001', TrangThai: '2', NoiDungXuLy: 'Tiếp nhận hồ sơ' }] }
const letter = { action: 'status.updated', senderRef: 'ref-1', recipients: ['G22'] }

const refusal = (code: ErrorCode) => {
  const error = new GatewayError(code, { field: 'Body' })
  return { status: error.row.status, json: { ...answerOf(error), receipt: null } }
}
const open = (bytes: Uint8Array) =>
  openEnvelope(bytes, { now: Date.now(), ownerOf, decryptionKeys: [gateway.decryption], gateways: ['TRUC'] })

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  )
}

describe('client: send', () => {
  it('sends an envelope signed by the body, with its key, and hands back id and receipt', async () => {
    const signed = await signReceipt(receipt, gateway.signing)
    await withServer(
      () => ({ status: 202, json: { id: 'm1', state: 'accepted', receipt: signed } }),
      async (url, asked) => {
        const result = await createClient(optionsFor(url)).send(letter, payload)
        expect(result).to.deep.equal({ kind: 'accepted', id: 'm1', receipt: signed })
        const [request] = asked as [Asked]
        expect(request).to.include({ method: 'POST', path: '/v1/messages' })
        expect(request.authorization).to.equal('Bearer khoa-thu-nghiem-0001')
        const opened = await open(request.body)
        expect(opened.sealed).to.equal(false)
        expect(opened.payload).to.deep.equal(payload)
        expect(opened.header).to.include({ sender: 'H49', sealedBy: 'H49', senderRef: 'ref-1' })
      },
    )
  })

  it('encrypts to the certificate of the gateway when asked', async () => {
    await withServer(
      () => ({ status: 200, json: certificates }),
      async (url) => {
        const bytes = await createClient(optionsFor(url)).write(letter, payload, { encrypt: true })
        expect(Buffer.from(bytes).includes('H49-261121-0001')).to.equal(false)
        const opened = await open(bytes)
        expect(opened.sealed).to.equal(true)
        expect(opened.payload).to.deep.equal(payload)
      },
    )
  })

  it('draws a new reference where none is given', async () => {
    const client = createClient(optionsFor('http://127.0.0.1:9'))
    const references = await Promise.all(
      [1, 2].map(
        async () => (await open(await client.write({ action: letter.action }, payload))).header.senderRef,
      ),
    )
    expect(new Set(references)).to.have.property('size', 2)
  })

  it('sends the very same bytes again after an answer that says retryable', async () => {
    const signed = await signReceipt(receipt, gateway.signing)
    await withServer(
      (_asked, round) =>
        round < 3
          ? refusal('unavailable')
          : { status: 200, json: { id: 'm1', state: 'accepted', receipt: signed } },
      async (url, asked) => {
        const result = await createClient(optionsFor(url)).send(letter, payload)
        expect(result.kind).to.equal('repeat')
        expect(asked).to.have.length(3)
        for (const { body: sent } of asked) expect(sent.equals(asked[0]!.body)).to.equal(true)
      },
    )
  })

  it('gives up on a retryable answer after its attempts, and says what it was', async () => {
    await withServer(
      () => refusal('unavailable'),
      async (url, asked) => {
        const result = await createClient(optionsFor(url)).send(letter, payload)
        expect(result).to.include({ kind: 'refused', status: 503 })
        expect(asked).to.have.length(3)
      },
    )
  })

  it('does not repeat what is refused for good', async () => {
    await withServer(
      () => refusal('bad_signature'),
      async (url, asked) => {
        const result = await createClient(optionsFor(url)).send(letter, payload)
        expect(result.kind === 'refused' && result.error.code).to.equal('bad_signature')
        expect(asked).to.have.length(1)
      },
    )
  })

  it('rejects with unavailable when nobody answers, or something that is no gateway', async () => {
    expect(await codeOf(createClient(optionsFor('http://127.0.0.1:9')).send(letter, payload))).to.equal(
      'unavailable',
    )
    await withServer(
      () => ({ status: 502 }),
      async (url, asked) => {
        expect(await codeOf(createClient(optionsFor(url)).send(letter, payload))).to.equal('unavailable')
        expect(asked).to.have.length(3)
      },
    )
  })
})

describe('client: mailbox', () => {
  const header = { ...letter, sender: 'G22', recipients: ['H49'], sentAt: Date.now() }
  const item = (content: string, deliveryId: string) => ({
    ...{
      deliveryId,
      messageId: 'm1',
      sender: 'G22',
      senderRef: 'ref-1',
      action: letter.action,
      subjectKey: '',
    },
    ...{ contentType: 'application/xml', content, leaseUntil: 0 },
  })

  it('opens what is sealed to the body, marks what cannot be opened, and acknowledges', async () => {
    const inner = await signEnvelope({ ...header, sealedBy: 'G22' }, payload, partner.signing)
    const outer = { header: { ...header, sealedBy: 'TRUC' }, recipient: body.decryption.certificate }
    const sealed = Buffer.from(await sealEnvelope({ ...outer, inner, key: gateway.signing })).toString()
    const forged = Buffer.from(
      await sealEnvelope({ ...outer, inner, key: newSigningKey('TRUC', strangers) }),
    ).toString()
    await withServer(
      ({ path }) =>
        path.endsWith('/ack')
          ? { status: 200, json: { state: 'processed' } }
          : { status: 200, json: { deliveries: [item(sealed, 'd1'), item(forged, 'd2')] } },
      async (url, asked) => {
        const client = createClient(optionsFor(url))
        const [good, bad] = await client.pull({ max: 7, waitSeconds: 2 })
        expect(asked[0]?.path).to.equal('/v1/mailbox?max=7&wait=2')
        expect(good?.content.kind === 'opened' && good.content.payload).to.deep.equal(payload)
        expect(bad?.content.kind === 'unreadable' && bad.content.error.code).to.equal('untrusted_certificate')
        await client.acknowledge('d1', 'refused', 'sai thẩm quyền')
        expect(asked[1]?.path).to.equal('/v1/mailbox/d1/ack')
        expect(JSON.parse(String(asked[1]?.body))).to.deep.equal({
          outcome: 'refused',
          reason: 'sai thẩm quyền',
        })
      },
    )
  })

  it('rejects with the code of the gateway', async () => {
    await withServer(
      () => refusal('already_settled'),
      async (url) => {
        expect(await codeOf(createClient(optionsFor(url)).acknowledge('d1', 'processed'))).to.equal(
          'already_settled',
        )
      },
    )
  })
})

describe('client: receipts', () => {
  const verifier = (url: string) => createObserver(optionsFor(url))

  it('verifies what the gateway signed, asking for its certificates once', async () => {
    await withServer(
      () => ({ status: 200, json: certificates }),
      async (url, asked) => {
        const reader = verifier(url)
        const signed = await signReceipt(receipt, gateway.signing)
        expect(await reader.verifyReceipt(signed)).to.deep.equal(receipt)
        await reader.verifyReceipt(signed)
        expect(asked).to.have.length(1)
      },
    )
  })

  it('refuses a receipt that another key signed', async () => {
    const signed = await signReceipt(receipt, newSigningKey('TRUC'))
    await withServer(
      () => ({ status: 200, json: certificates }),
      async (url) => {
        expect(await codeOf(verifier(url).verifyReceipt(signed))).to.equal('bad_signature')
      },
    )
  })

  it('refuses a receipt whose shown text is not what was signed, whatever the field', async () => {
    const signed = await signReceipt(receipt, gateway.signing)
    await withServer(
      () => ({ status: 200, json: certificates }),
      async (url) => {
        const reader = verifier(url)
        const names = Object.keys(receipt) as (keyof Receipt)[]
        await fc.assert(
          fc.asyncProperty(fc.constantFrom(...names), fc.string({ minLength: 1 }), async (name, text) => {
            const shown = { ...receipt, [name]: `${String(receipt[name])}${text}` }
            expect(await codeOf(reader.verifyReceipt({ receipt: shown, jws: signed.jws }))).to.equal(
              'bad_signature',
            )
          }),
          { numRuns: 50 },
        )
      },
    )
  })

  it('does not take certificates of the gateway from an authority it does not trust, and asks again', async () => {
    const stranger = { ...certificates, receipts: newSigningKey('TRUC', strangers).certificate.pem }
    const signed = await signReceipt(receipt, gateway.signing)
    await withServer(
      (_asked, round) => ({ status: 200, json: round === 1 ? stranger : certificates }),
      async (url) => {
        const reader = verifier(url)
        expect(await codeOf(reader.verifyReceipt(signed))).to.equal('untrusted_certificate')
        expect(await codeOf(reader.verifyReceipt(signed))).to.equal('none')
      },
    )
  })
})
