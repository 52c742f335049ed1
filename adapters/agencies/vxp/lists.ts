import type { DeliveryState, Payload } from '../../../schemas/message.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { SentMessage } from '../door.ts'
import { toPartner } from '../edxml/organ.ts'
import type { WaitingDelivery } from '../pull.ts'
import { messageTypeOf, notationOf, serviceType } from './documents.ts'
import { writeTime } from './moment.ts'
import type { VxpOptions } from './options.ts'

/** A row of the list of what was received. Clients fetch only what is `initial` (edxml §8.2). */
export function receivedRow(waiting: WaitingDelivery, options: VxpOptions): Payload {
  const at = writeTime(waiting.acceptedAt)
  return {
    ...{ docId: waiting.deliveryId, serviceType, messageType: messageTypeOf(waiting.action) },
    ...{ created_time: at, updated_time: at },
    ...{ from: toPartner(waiting.sender, options), to: toPartner(waiting.recipient, options) },
    ...(waiting.isBegun
      ? { status: 'processing', status_desc: 'Đang xử lý' }
      : { status: 'initial', status_desc: 'Chờ nhận' }),
  }
}

/** States of a delivery as a sender reads them. */
const received: Partial<Record<DeliveryState, string>> = {
  sending: 'processing',
  delivered: 'done',
  processed: 'done',
  refused: 'fail',
  expired: 'fail',
  skipped: 'fail',
  dead: 'fail',
}

/** A row for each recipient of what was sent. Everything that is listed here was accepted. */
export function sentRows(message: SentMessage, options: VxpOptions): readonly Payload[] {
  const { id, action, sender, receivedAt, payload, deliveries, refusals } = message
  return deliveries.map(({ id: deliveryId, recipient, state, settledAt }) => {
    const refusal = refusals.findLast((each) => each.recipient === recipient)
    return {
      ...{ senderDocId: id, receiverDocId: deliveryId },
      ...{ fromCode: toPartner(sender, options), toCode: toPartner(recipient, options) },
      ...{ serviceType, messageType: messageTypeOf(action), title: textOf(payload['Subject']) },
      notation: notationOf(payload),
      ...{ sentTime: writeTime(receivedAt), receivedTime: settledAt === null ? '' : writeTime(settledAt) },
      ...{ sendStatus: 'done', sendStatusDesc: '' },
      ...{ receiveStatus: received[state] ?? 'initial', receiveStatusDesc: refusal?.reason ?? '' },
    }
  })
}
