import { GatewayError } from '../schemas/errors.ts'
import type { Json, Message } from '../schemas/message.ts'
import type { Receipt, SignedReceipt } from '../schemas/receipt.ts'
import { checkCertificate, readCertificate, type Certificate } from '../signing/certificate.ts'
import { canonicalJson } from '../signing/digest.ts'
import { verifyReceipt } from '../signing/receipt.ts'
import { successOf, type Caller } from './http.ts'
import { createLists, type Lists } from './lists.ts'

/** The gateway's certificates: what its receipts and seals are verified with, and what is encrypted to it. */
export interface GatewayCertificates {
  readonly code: string
  readonly receipts: Certificate
  readonly seals: Certificate
  readonly encryption: Certificate
}

/** A message as its sender, a recipient or the operator sees it. `state` is `accepted` while a delivery is still to be made. */
export interface MessageState {
  readonly id: string
  readonly state: string
  readonly message: Omit<Message, 'payload'>
  readonly deliveries: readonly {
    readonly id: string
    readonly recipient: string
    readonly state: string
    readonly dueAt: number | null
    readonly attempts: readonly {
      readonly at: number
      readonly durationMs: number
      readonly outcome: string
      readonly code: string | null
      readonly reason: string | null
    }[]
  }[]
  readonly receipts: readonly SignedReceipt[]
}

export interface CatalogChanges {
  readonly changes: readonly {
    readonly cursor: number
    readonly code: string
    readonly op: 'upsert' | 'remove'
    readonly body: Json
    readonly at: number
  }[]
  /** What to ask with next. */
  readonly next: number
}

export interface Reader extends Lists {
  readonly certificates: () => Promise<GatewayCertificates>
  readonly message: (id: string) => Promise<MessageState>
  /** A receipt by its id. */
  readonly receipt: (id: string) => Promise<SignedReceipt>
  /** The sender's signed envelope of a message, as XML. */
  readonly envelope: (id: string) => Promise<string>
  /** Changes of a public catalogue after the cursor `since`; start with 0. */
  readonly catalogChanges: (catalog: string, since?: number) => Promise<CatalogChanges>
  /** What the gateway signed. Rejects with `bad_signature` when the receipt was changed or somebody else signed it. */
  readonly verifyReceipt: (signed: SignedReceipt) => Promise<Receipt>
}

export interface ReaderOptions {
  /** Authorities that the gateway's certificates must come from. */
  readonly trustRoots: readonly Certificate[]
  /** The gateway's certificates where they are known already; else it is asked once. */
  readonly gatewayCertificates?: GatewayCertificates
}

/** The questions that any caller may ask, also one that signs nothing, such as an operator. */
export function createReader(call: Caller, { trustRoots, gatewayCertificates }: ReaderOptions): Reader {
  let known = gatewayCertificates === undefined ? undefined : Promise.resolve(gatewayCertificates)

  async function ask(): Promise<GatewayCertificates> {
    const answer = await call({ method: 'GET', path: '/v1/certificates' })
    const pems = successOf(answer) as Record<keyof GatewayCertificates, string>
    const certificates = {
      code: pems.code,
      receipts: readCertificate(pems.receipts),
      seals: readCertificate(pems.seals),
      encryption: readCertificate(pems.encryption),
    }
    const now = Date.now()
    checkCertificate(certificates.receipts, trustRoots, now)
    checkCertificate(certificates.seals, trustRoots, now)
    checkCertificate(certificates.encryption, trustRoots, now, 'encrypt')
    return certificates
  }

  /** A failure is not remembered: the next caller asks again. */
  function certificates(): Promise<GatewayCertificates> {
    known ??= ask().catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }

  return {
    certificates,
    ...createLists(call),
    async receipt(id) {
      const answer = await call({ method: 'GET', path: `/v1/receipts/${encodeURIComponent(id)}` })
      return successOf(answer) as SignedReceipt
    },
    async envelope(id) {
      const answer = await call({ method: 'GET', path: `/v1/messages/${encodeURIComponent(id)}/envelope` })
      if (answer.status !== 200) successOf(answer) // throws what the gateway said
      return answer.text
    },
    async message(id) {
      const answer = await call({ method: 'GET', path: `/v1/messages/${encodeURIComponent(id)}` })
      return successOf(answer) as MessageState
    },
    async catalogChanges(catalog, since = 0) {
      const path = `/v1/catalogs/${encodeURIComponent(catalog)}/changes?since=${since}`
      return successOf(await call({ method: 'GET', path })) as CatalogChanges
    },
    async verifyReceipt({ receipt, jws }) {
      const signed = verifyReceipt(jws, (await certificates()).receipts)
      if (canonicalJson({ ...signed }) !== canonicalJson({ ...receipt }))
        throw new GatewayError('bad_signature', { reason: 'receipt is not what was signed' })
      return signed
    },
  }
}
