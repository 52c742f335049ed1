import type { Client, SendResult } from '../client/index.ts'
import { canonicalJson, sha256 } from '../signing/digest.ts'
import { faults, type Sender, type Task } from './faults.ts'
import type { SendOrder, Sent } from './orders.ts'

/** Sends a message as it is ordered, with its fault if it has one, and verifies the receipt. */
export async function sendOrder(sender: Sender, order: SendOrder): Promise<Sent> {
  const task = { sender, order, letter: letterOf(order) }
  const result = order.fault === undefined ? await sendWell(task) : await faults[order.fault](task)
  return {
    say: 'sent',
    sample: order.sample,
    action: order.action,
    ...sayingOf(result),
    receiptJws: result.receipt?.jws ?? null,
    receiptVerified: result.receipt !== null && (await isVerified(sender.client, result)),
    payloadDigest: digestOf(order.payload),
  }
}

/** Hex SHA-256 of a payload, by which sender and recipients compare what they have. */
export function digestOf(payload: SendOrder['payload']): string {
  return sha256(canonicalJson(payload)).toString('hex')
}

function letterOf(order: SendOrder): Task['letter'] {
  const { action, senderRef, recipients, refToMessageId, expiresInSeconds } = order
  return {
    action,
    senderRef,
    recipients,
    ...(refToMessageId === undefined ? {} : { refToMessageId }),
    ...(expiresInSeconds === undefined ? {} : { expiresAt: Date.now() + expiresInSeconds * 1000 }),
  }
}

function sayingOf(result: SendResult): Pick<Sent, 'outcome' | 'id' | 'code' | 'field' | 'reason'> {
  if (result.kind !== 'refused')
    return { outcome: result.kind, id: result.id, code: null, field: null, reason: null }
  const { code, field, reason } = result.error
  return { outcome: 'refused', id: '', code, field, reason }
}

async function isVerified({ verifyReceipt }: Client, { receipt }: SendResult): Promise<boolean> {
  if (receipt === null) return false
  return verifyReceipt(receipt).then(
    () => true,
    () => false,
  )
}

async function sendWell({ sender: { client, keep }, letter, order }: Task): Promise<SendResult> {
  const bytes = await client.write(letter, order.payload, { encrypt: order.encrypt })
  const result = await client.sendRaw(bytes)
  if (result.kind === 'accepted') keep(order.sample, bytes)
  return result
}
