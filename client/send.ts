import { randomUUID } from 'node:crypto'
import { GatewayError, type ErrorAnswer } from '../schemas/errors.ts'
import type { Header } from '../schemas/message.ts'
import type { SignedReceipt } from '../schemas/receipt.ts'
import { readError, successOf, type Answer, type Caller } from './http.ts'
import type { PayloadOf } from './payloads.ts'

/** What the sender says; the rest of the header is filled in. Without `senderRef` a new one is drawn. */
export type Letter<Action extends string = string> = { readonly action: Action } & Partial<
  Omit<Header, 'sender' | 'action'>
>

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

/** Sends a message as JSON, typed by its action; the gateway seals it and says in its header how the sender was known. */
export type JsonSend = <A extends string>(letter: A | Letter<A>, payload: PayloadOf<A>) => Promise<SendResult>

/** A letter that says no more than its action may be that word alone. */
export function letterOf<A extends string>(letter: A | Letter<A>): Letter<A> {
  return typeof letter === 'string' ? { action: letter } : letter
}

/** Posts a signed envelope. */
export function createSendRaw(call: Caller): (bytes: Uint8Array) => Promise<SendResult> {
  return async (bytes) => {
    const contentType = 'application/xml; charset=utf-8'
    return resultOf(await call({ method: 'POST', path: '/v1/messages', contentType, body: bytes }))
  }
}

/** Posts plain JSON; the sender's reference travels as `Idempotency-Key`. */
export function createJsonSend(call: Caller): JsonSend {
  return async (letter, payload) => {
    const { senderRef = randomUUID(), ...header } = letterOf(letter)
    return resultOf(
      await call({
        method: 'POST',
        path: '/v1/messages',
        contentType: 'application/json',
        headers: { 'idempotency-key': quoted(senderRef) },
        body: JSON.stringify({ ...header, payload }),
      }),
    )
  }
}

/** A string of RFC 8941 §3.3.3, as the IETF's draft has this header; other characters cannot travel in one. */
function quoted(senderRef: string): string {
  if (/^[\x20-\x7e]+$/.test(senderRef)) return `"${senderRef.replace(/["\\]/g, '\\$&')}"`
  throw new GatewayError('invalid_field', { field: 'senderRef', reason: 'not printable ASCII' })
}

const kinds: Readonly<Record<number, 'accepted' | 'repeat'>> = { 202: 'accepted', 200: 'repeat' }

function resultOf(answer: Answer): SendResult {
  const { status, json } = answer
  const error = readError(json)
  if (error !== null) return { kind: 'refused', status, error, receipt: receiptIn(json) }
  const { id, receipt } = successOf(answer) as { readonly id: string; readonly receipt: SignedReceipt }
  return { kind: kinds[status] ?? 'accepted', id, receipt }
}

function receiptIn(json: unknown): SignedReceipt | null {
  const { receipt } = json as { readonly receipt?: SignedReceipt | null } // the gateway's contract
  return receipt ?? null
}
