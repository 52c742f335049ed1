import { randomUUID } from 'node:crypto'
import type { ErrorAnswer } from '../schemas/errors.ts'
import type { Header, Payload } from '../schemas/message.ts'
import type { SignedReceipt } from '../schemas/receipt.ts'
import type { Certificate } from '../signing/certificate.ts'
import { sealEnvelope, signEnvelope } from '../signing/envelope.ts'
import type { DecryptionKey, SigningKey } from '../signing/keys.ts'
import { openEnvelope, type KnownCertificate, type Opened } from '../signing/open.ts'
import { createCaller, readError, successOf, type Caller, type CallerOptions } from './http.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { createReader, type GatewayCertificates, type Reader } from './reader.ts'

export type { Content, PulledDelivery } from './mailbox.ts'
export type { CatalogChanges, GatewayCertificates, MessageState, Reader } from './reader.ts'

export interface ObserverOptions extends CallerOptions {
  /** Authorities that the gateway's certificates must come from. */
  readonly trustRoots: readonly Certificate[]
  /** The gateway's certificates where they are known already; else it is asked once, and they must come from `trustRoots`. */
  readonly gatewayCertificates?: GatewayCertificates
}

export interface ClientOptions extends ObserverOptions {
  /** Code of the body that speaks. */
  readonly code: string
  readonly signingKey: SigningKey
  readonly decryptionKeys: readonly DecryptionKey[]
  /** Finds the owner of a certificate that sealed or signed a delivery, the gateway's included. */
  readonly ownerOf: (fingerprint: string) => KnownCertificate | undefined
  /** Code of the gateway, which seals what it delivers. */
  readonly gateway: string
}

/** What the sender says; the rest of the header is filled in. Without `senderRef` a new one is drawn. */
export type Letter = Pick<Header, 'action'> & Partial<Omit<Header, 'sender' | 'action'>>

/** What the gateway says of a message. */
export type SendResult =
  | { readonly kind: 'accepted' | 'repeat'; readonly id: string; readonly receipt: SignedReceipt }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly error: ErrorAnswer
      /** Null where the caller itself is not known. */
      readonly receipt: SignedReceipt | null
    }

export interface Client extends Reader, Mailbox {
  /** Signs, encrypts to the gateway if asked, and sends. The same `senderRef` with the same content is never taken twice. */
  send(letter: Letter, payload: Payload, how?: { readonly encrypt?: boolean }): Promise<SendResult>
  /** The bytes that `send` would send. */
  write(letter: Letter, payload: Payload, how?: { readonly encrypt?: boolean }): Promise<Uint8Array>
  sendRaw(bytes: Uint8Array): Promise<SendResult>
  /** Opens a delivery that was pushed to this body. Rejects with GatewayError. */
  open(bytes: Uint8Array): Promise<Opened>
}

/** Speaks to the gateway without keys of its own: reads states and catalogues, verifies receipts. */
export function createObserver(options: ObserverOptions): Reader {
  return createReader(createCaller(options), options)
}

/** Speaks to the gateway as one body. */
export function createClient(options: ClientOptions): Client {
  const call = createCaller(options)
  const reader = createReader(call, options)
  const write = createWriter(options, reader)
  const open = (bytes: Uint8Array) =>
    openEnvelope(bytes, {
      now: Date.now(),
      ownerOf: options.ownerOf,
      decryptionKeys: options.decryptionKeys,
      gateways: [options.gateway],
    })
  const sendRaw = createSendRaw(call)
  return {
    ...reader,
    ...createMailbox(call, open),
    open,
    write,
    sendRaw,
    send: async (letter, payload, how) => sendRaw(await write(letter, payload, how)),
  }
}

function createWriter({ code, signingKey }: ClientOptions, { certificates }: Reader): Client['write'] {
  return async (letter, payload, { encrypt = false } = {}) => {
    const header = {
      senderRef: randomUUID(),
      recipients: [],
      sentAt: Date.now(),
      ...letter,
      sender: code,
      sealedBy: code,
    }
    const inner = await signEnvelope(header, payload, signingKey)
    if (!encrypt) return inner
    const { encryption } = await certificates()
    return sealEnvelope({ inner, header, recipient: encryption, key: signingKey })
  }
}

const kinds: Readonly<Record<number, 'accepted' | 'repeat'>> = { 202: 'accepted', 200: 'repeat' }

function createSendRaw(call: Caller): Client['sendRaw'] {
  return async (bytes) => {
    const answer = await call({
      method: 'POST',
      path: '/v1/messages',
      contentType: 'application/xml; charset=utf-8',
      body: bytes,
    })
    const { status, json } = answer
    const error = readError(json)
    if (error !== null) return { kind: 'refused', status, error, receipt: receiptIn(json) }
    const { id, receipt } = successOf(answer) as { readonly id: string; readonly receipt: SignedReceipt }
    return { kind: kinds[status] ?? 'accepted', id, receipt }
  }
}

function receiptIn(json: unknown): SignedReceipt | null {
  const { receipt } = json as { readonly receipt?: SignedReceipt | null } // the gateway's contract
  return receipt ?? null
}
