import type { ActionRow } from '../schemas/actions.ts'
import { parseHeader } from '../schemas/header.ts'
import type { Message } from '../schemas/message.ts'
import { parsePayload } from '../schemas/parse.ts'
import { newId } from '../signing/new-id.ts'
import type { Opened } from './open.ts'

/** A message with the row of the table of actions that rules it. */
export interface Parsed {
  readonly message: Message
  readonly row: ActionRow
}

/** Checks header and payload of opened content and names it as a message. Throws GatewayError with the precise field. */
export function parseMessage({ header, payload, flags }: Opened, now: number): Parsed {
  const { sender, senderRef, recipients, action, sentAt, ...rest } = parseHeader(header, now)
  const { conversationId, refToMessageId, expiresAt, authenticatedBy } = rest
  const parsed = parsePayload(action, payload)
  const message: Message = {
    id: newId(),
    sender,
    senderRef,
    recipients,
    action,
    sentAt,
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(refToMessageId === undefined ? {} : { refToMessageId }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(authenticatedBy === undefined ? {} : { authenticatedBy }),
    family: parsed.row.family,
    subjectKey: parsed.subjectKey,
    receivedAt: now,
    payload: parsed.payload,
    flags: [...flags, ...parsed.flags],
  }
  return { message, row: parsed.row }
}
