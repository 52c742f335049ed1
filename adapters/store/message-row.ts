import { z } from 'zod'
import type { AuthenticationMethod } from '../../schemas/agency.ts'
import type { Message } from '../../schemas/message.ts'
import { toBytes, toUuid } from './ids.ts'

/** A row of `message`: everything but the payload, which lives encrypted in `message_original`. */
export interface MessageRow {
  readonly id: Uint8Array
  readonly sender: string
  readonly sender_ref: string
  readonly family: string
  readonly action: string
  readonly subject_key: string
  readonly conversation_id: string | null
  readonly ref_to_message_id: string | null
  readonly sent_at: number
  readonly received_at: number
  readonly expires_at: number | null
  readonly auth_method: string | null
  readonly auth_credential: string | null
  readonly recipients: string
  readonly flags: string
  readonly content_hash: Uint8Array
  readonly received_digest: Uint8Array
  readonly original_digest: Uint8Array
  readonly size: number
}

const Texts = z.array(z.string())
const textsOf = (json: string): string[] => Texts.parse(JSON.parse(json))

/** The header columns of a message. */
export const headerRow = (message: Message) => ({
  id: toBytes(message.id),
  sender: message.sender,
  sender_ref: message.senderRef,
  family: message.family,
  action: message.action,
  subject_key: message.subjectKey,
  conversation_id: message.conversationId ?? null,
  ref_to_message_id: message.refToMessageId ?? null,
  sent_at: message.sentAt,
  received_at: message.receivedAt,
  expires_at: message.expiresAt ?? null,
  auth_method: message.authenticatedBy?.method ?? null,
  auth_credential: message.authenticatedBy?.credentialId ?? null,
  recipients: JSON.stringify(message.recipients),
  flags: JSON.stringify(message.flags),
})

/** A message as its columns tell it. */
export const messageOf = (row: MessageRow): Omit<Message, 'payload'> => ({
  id: toUuid(row.id),
  sender: row.sender,
  senderRef: row.sender_ref,
  recipients: textsOf(row.recipients),
  family: row.family,
  action: row.action,
  subjectKey: row.subject_key,
  ...(row.conversation_id === null ? {} : { conversationId: row.conversation_id }),
  ...(row.ref_to_message_id === null ? {} : { refToMessageId: row.ref_to_message_id }),
  sentAt: row.sent_at,
  receivedAt: row.received_at,
  ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  ...authenticationOf(row),
  flags: textsOf(row.flags),
})

function authenticationOf(row: MessageRow): Pick<Message, 'authenticatedBy'> {
  const { auth_method: method, auth_credential: credentialId } = row
  return method === null || credentialId === null
    ? {}
    : { authenticatedBy: { method: method as AuthenticationMethod, credentialId } } // written here
}
