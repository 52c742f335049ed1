import type { IntakeResult } from '../adapters/agencies/dialect.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { answerOf, type GatewayError } from '../schemas/errors.ts'
import type { Receipt, SignedReceipt } from '../schemas/receipt.ts'
import { contentHash, sha256 } from '../signing/digest.ts'
import { newId } from '../signing/new-id.ts'
import { signReceipt } from '../signing/receipt.ts'
import { grouped, rowLimits } from './batch.ts'
import type { Opened } from './open.ts'
import { hex, type Issuer } from './receipts.ts'

export interface RefusalDeps {
  readonly store: Pick<Store, 'refuseMany'>
  readonly issuer: Issuer
  readonly now: () => number
}

type Refuse = (caller: Caller, error: GatewayError, opened: Opened | undefined) => Promise<IntakeResult>

/**
 * Answers a refusal at the door. What is final is signed and kept as evidence; it does not take the sender's reference.
 * Before the signature was verified, only the caller is known, so only the caller is named.
 */
export function createRefusals({ store, issuer, now }: RefusalDeps): Refuse {
  const keep = grouped(async (receipts: readonly SignedReceipt[]) => {
    await store.refuseMany(receipts)
    return receipts
  }, rowLimits)

  return async (caller, error, opened) => {
    const { status, retryable } = error.row
    const refusal = { kind: 'refused', error: answerOf(error), status } as const
    if (retryable) throw error
    const statement = refusalOf(caller, error, opened)
    const receipt = await signReceipt({ ...statement, issuer: issuer.code, at: now() }, issuer.receiptKey)
    return { ...refusal, receipt: await keep(receipt) }
  }
}

function refusalOf(
  caller: Caller,
  error: GatewayError,
  opened: Opened | undefined,
): Omit<Receipt, 'issuer' | 'at'> {
  return {
    id: newId(),
    kind: 'refusal',
    messageId: error.detailId,
    sender: opened?.header.sender ?? caller.agency ?? '',
    senderRef: opened?.header.senderRef ?? '',
    action: opened?.header.action ?? '',
    contentDigest:
      opened === undefined
        ? ''
        : hex(contentHash({ ...opened.header, payload: opened.payload, subjectKey: '' })),
    originalDigest: opened === undefined ? '' : hex(originalDigest(opened)),
    code: error.code,
    ...(error.reason === undefined ? {} : { reason: error.reason }),
  }
}

/** Of the sender's envelope; where it has signed none, of what it sent: the gateway seals nothing that it refuses. */
function originalDigest({ envelope, receivedDigest }: Opened): Uint8Array {
  return envelope === null ? receivedDigest : sha256(envelope)
}
