import { createHash, randomBytes } from 'node:crypto'
import { v7 } from 'uuid'
import type { Acceptance, Ending, NewDelivery, Store } from '../../../adapters/store/store.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import type { ReceiptKind, SignedReceipt } from '../../../schemas/receipt.ts'
import { contentHash, referenceKey, sha256 } from '../../../signing/digest.ts'

/** The time of the tests: they pass their own clock. */
export const t0 = 1_780_000_000_000

export interface MessageWish {
  readonly sender?: string
  readonly senderRef?: string
  readonly recipients?: readonly string[]
  readonly subjectKey?: string
  readonly payload?: Payload
  readonly receivedAt?: number
  readonly expiresAt?: number
  readonly priority?: number
  readonly lease?: NewDelivery['lease']
  readonly catalogChanges?: Acceptance['catalogChanges']
  readonly facts?: Acceptance['facts']
  readonly files?: Acceptance['files']
  /** Its text is digested. */
  readonly naturalKey?: string
  readonly mustBeNew?: boolean
}

interface ReceiptWish {
  readonly kind: ReceiptKind
  readonly messageId: string
  readonly sender?: string
  readonly at?: number
  readonly deliveryId?: string
  readonly sealedDigest?: string
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A receipt in the form of a compact JWS; the store does not look at its signature. */
export function receiptOf({ kind, messageId, at = t0, ...rest }: ReceiptWish): SignedReceipt {
  const receipt = {
    id: v7(),
    kind,
    issuer: 'hub',
    messageId,
    sender: 'A01',
    senderRef: 'r',
    action: 'dossier.progress',
    contentDigest: '00',
    originalDigest: '00',
    at,
    ...rest,
  }
  return {
    receipt,
    jws: `${part({ alg: 'ES256' })}.${part(receipt)}.${randomBytes(64).toString('base64url')}`,
  }
}

/** A message ready to be accepted. Without a wish: a reference of its own, one recipient, no order. */
export function acceptanceOf(wish: MessageWish = {}): Acceptance {
  const { sender = 'A01', senderRef = v7(), recipients = ['B01'], subjectKey = '' } = wish
  const { payload = { MaHoSo: 'H01' }, receivedAt = t0, priority = 5, lease = null } = wish
  const id = v7()
  const action = 'dossier.progress'
  const original = Buffer.from(JSON.stringify(payload))
  return {
    message: {
      id,
      sender,
      senderRef,
      recipients,
      family: 'dossier',
      action,
      subjectKey,
      sentAt: receivedAt,
      receivedAt,
      ...(wish.expiresAt === undefined ? {} : { expiresAt: wish.expiresAt }),
      payload,
      flags: [],
    },
    naturalKey: wish.naturalKey === undefined ? null : sha256(wish.naturalKey),
    mustBeNew: wish.mustBeNew ?? false,
    referenceKey: referenceKey(sender, senderRef),
    contentHash: contentHash({ action, recipients, subjectKey, payload }),
    original,
    receivedDigest: createHash('sha256').update(original).digest(),
    receipt: receiptOf({ kind: 'accepted', messageId: id, at: receivedAt }),
    deliveries: recipients.map((recipient) => ({ id: v7(), recipient, priority, lease })),
    catalogChanges: wish.catalogChanges ?? [],
    facts: wish.facts ?? [],
    files: wish.files ?? [],
  }
}

/** Id of the delivery to the only recipient, or to the `index`-th. */
export function deliveryOf({ deliveries }: Acceptance, index = 0): string {
  const delivery = deliveries[index]
  if (delivery === undefined) throw new Error('no such recipient')
  return delivery.id
}

export const leaseOf = (owner: string, now = t0, ms = 30_000) => ({ owner, now, until: now + ms })

/** Claims one delivery for a worker and answers with its unique owner. */
export async function claimOne(store: Store, id: string, now = t0): Promise<string> {
  const [claimed] = await store.claimMany([id], leaseOf('worker', now))
  if (claimed === undefined) throw new Error('not claimable')
  return claimed.owner
}

/** The end of an attempt; `due` is tried again a second later. */
export function endingOf(deliveryId: string, owner: string, wish: Partial<Ending> = {}): Ending {
  const state = wish.state ?? 'delivered'
  return {
    deliveryId,
    owner,
    state,
    dueAt: state === 'due' ? t0 + 1000 : null,
    attempt: { at: t0, durationMs: 12, outcome: state === 'due' ? 'retry' : state, code: null, reason: null },
    receipts: [],
    ...wish,
  }
}

/** Records without leasing what becomes free. */
export const recordWith = (store: Store, endings: readonly Ending[], now = t0, mayLease = false) =>
  store.recordMany(endings, { ...leaseOf('relay', now), mayLease: () => mayLease })

/** States of all deliveries of a message, by recipient. */
export async function statesOf(store: Store, { message }: Acceptance): Promise<Record<string, Json>> {
  const view = await store.findMessage(message.id)
  return Object.fromEntries(view?.deliveries.map(({ recipient, state }) => [recipient, state]) ?? [])
}

export const digestOf = (text: string): Buffer => sha256(text)
