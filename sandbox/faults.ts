import { generateKeyPairSync } from 'node:crypto'
import {
  createClient,
  type Client,
  type ClientOptions,
  type Letter,
  type SendResult,
} from '../client/index.ts'
import { readCertificate } from '../signing/certificate.ts'
import { sealEnvelope, signEnvelope, type EnvelopeHeader } from '../signing/envelope.ts'
import { createAuthority, issueCertificate } from '../signing/issue.ts'
import { signingKey, type SigningKey } from '../signing/keys.ts'
import type { KnownCertificates } from './rows.ts'
import type { SendOrder } from './orders.ts'
import type { Fault } from './samples.ts'

export interface Sender {
  readonly client: Client
  readonly options: ClientOptions
  readonly known: KnownCertificates
  /** Keeps the bytes of a message that was accepted, so that it can be sent again by hand. */
  readonly keep: (sample: string, bytes: Uint8Array) => void
}

export interface Task {
  readonly sender: Sender
  readonly letter: Letter & { readonly senderRef: string; readonly recipients: readonly string[] }
  readonly order: SendOrder
}

/** One way to go wrong each; the gateway must refuse them all. */
export const faults: Record<Fault, (task: Task) => Promise<SendResult>> = {
  tampered: spoilt((xml) => xml.replace('</NoiDungXuLy>', ' (đã sửa)</NoiDungXuLy>')),
  'weak-algorithm': spoilt((xml) => xml.replace(/#(rsa|ecdsa)-sha256"/, '#$1-sha1"')),
  doctype: spoilt((xml) => `<!DOCTYPE Envelope>${xml}`),
  'not-xml': spoilt(() => 'Đây không phải là phong bì XML.'),
  async 'unknown-certificate'(task) {
    const { client, options } = task.sender
    return client.sendRaw(await signEnvelope(headerOf(task), task.order.payload, strayKey(options.code)))
  },
  /** Encrypted to the sender's own key instead of the gateway's. */
  async 'wrong-recipient'(task) {
    const { client, options, known } = task.sender
    const inner = await signEnvelope(headerOf(task), task.order.payload, options.signingKey)
    const own = known.certificates.find(({ agency, use }) => agency === options.code && use === 'encrypt')
    const recipient = readCertificate(own?.pem ?? '')
    return client.sendRaw(
      await sealEnvelope({ inner, header: headerOf(task), recipient, key: options.signingKey }),
    )
  },
  async 'wrong-api-key'({ sender: { client, options }, letter, order }) {
    const stranger = createClient({ ...options, apiKey: 'khong-phai-khoa-cua-ai' })
    return stranger.sendRaw(await client.write(letter, order.payload))
  },
}

/** Signs as it should be done, then changes the text of the envelope. */
function spoilt(spoil: (xml: string) => string): (task: Task) => Promise<SendResult> {
  return async ({ sender: { client }, letter, order }) => {
    const bytes = await client.write(letter, order.payload)
    return client.sendRaw(Buffer.from(spoil(Buffer.from(bytes).toString('utf8'))))
  }
}

function headerOf({ letter, sender: { options } }: Task): EnvelopeHeader {
  return { ...letter, sender: options.code, sealedBy: options.code, sentAt: Date.now() }
}

/** A key whose certificate comes from an authority that nobody trusts. */
function strayKey(name: string): SigningKey {
  const now = Date.now()
  const organization = 'Sandbox CA khong duoc tin cay'
  const authority = createAuthority({ name: organization, organization, now, years: 1 })
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const certificate = issueCertificate(authority, {
    name,
    organization,
    publicKey,
    now,
    days: 1,
    use: 'sign',
  })
  return signingKey(privateKey, certificate)
}
