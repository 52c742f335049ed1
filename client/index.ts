import { randomUUID } from 'node:crypto'
import { GatewayError } from '../schemas/errors.ts'
import type { Payload } from '../schemas/message.ts'
import type { Certificate } from '../signing/certificate.ts'
import { sealEnvelope, signEnvelope } from '../signing/envelope.ts'
import type { DecryptionKey, SigningKey } from '../signing/keys.ts'
import { openEnvelope, type KnownCertificate, type Opened } from '../signing/open.ts'
import { createUploads, type Uploads } from './files.ts'
import { createCaller, type CallerOptions } from './http.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { createReader, type GatewayCertificates, type Reader } from './reader.ts'

import {
  createJsonSend,
  createSendRaw,
  letterOf,
  type JsonSend,
  type Letter,
  type SendResult,
} from './send.ts'
import type { PayloadOf } from './payloads.ts'

export { GatewayError, type ErrorAnswer, type ErrorCode } from '../schemas/errors.ts'
export type { Receipt, SignedReceipt } from '../schemas/receipt.ts'
export { readCertificate, type Certificate } from '../signing/certificate.ts'
export { signingKey, type DecryptionKey, type SigningKey } from '../signing/keys.ts'
export type { KnownCertificate, Opened } from '../signing/open.ts'
export { readPkcs12, type KeyStore } from '../signing/pkcs12.ts'
export type { FileSource, UploadedFile, UploadHow, Uploads } from './files.ts'
export type { CallerOptions, Retry } from './http.ts'
export type { Lists, MessageFilter, MessageRow, Page } from './lists.ts'
export type { Content, Mailbox, PullAsk, PulledDelivery } from './mailbox.ts'
export type { PayloadOf } from './payloads.ts'
export { verifyPush, type ArrivedPush, type PushCheck, type VerifiedPush } from './push.ts'
export type { CatalogChanges, GatewayCertificates, MessageState, Reader } from './reader.ts'
export type { Letter, SendResult } from './send.ts'

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

export interface Client extends Reader, Mailbox, Uploads {
  /**
   * Signs, encrypts to the gateway if asked, and sends. The payload is typed by the action: `send('status.updated', …)`. The same
   * `senderRef` with the same content is never taken twice.
   */
  send<A extends string>(letter: A | Letter<A>, payload: PayloadOf<A>, how?: How): Promise<SendResult>
  /** The bytes that `send` would send. */
  write<A extends string>(letter: A | Letter<A>, payload: PayloadOf<A>, how?: How): Promise<Uint8Array>
  sendRaw(bytes: Uint8Array): Promise<SendResult>
  /** Opens a delivery that was pushed to this body, sealed. Rejects with GatewayError. */
  open(bytes: Uint8Array): Promise<Opened>
}

/** How a message is written: `encrypt` to the gateway. */
export interface How {
  readonly encrypt?: boolean
}

/** A client of a body that signs nothing: the gateway seals what it sends, and hands over what its mailbox holds as JSON. */
export interface JsonClient extends Reader, Mailbox, Uploads {
  readonly send: JsonSend
  /** An envelope that was signed elsewhere. */
  sendRaw(bytes: Uint8Array): Promise<SendResult>
}

/** Speaks to the gateway without keys of its own: reads states and catalogues, verifies receipts. */
export function createObserver(options: ObserverOptions): Reader {
  return createReader(createCaller(options), options)
}

/** Speaks to the gateway as one body that has no keys of its own, in plain JSON. */
export function createJsonClient(options: ObserverOptions): JsonClient {
  const call = createCaller(options)
  const unable = () => Promise.reject(new GatewayError('undecryptable', { reason: 'this client has no key' }))
  return {
    ...createReader(call, options),
    ...createMailbox(call, unable),
    ...createUploads(call),
    send: createJsonSend(call),
    sendRaw: createSendRaw(call),
  }
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
    ...createUploads(call),
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
      ...letterOf(letter),
      sender: code,
      sealedBy: code,
    }
    const inner = await signEnvelope(header, payload as Payload, signingKey) // a typed payload is JSON
    if (!encrypt) return inner
    const { encryption } = await certificates()
    return sealEnvelope({ inner, header, recipient: encryption, key: signingKey })
  }
}
