import type { Tables } from './migration.ts'
import { codeColumn, hashColumn, idColumn, msColumn, textColumn } from './columns.ts'

/** Messages, the ledger of references, lanes, deliveries and their attempts. */
export const messageTables: Tables = {
  message: (table) => {
    idColumn(table, 'id').notNullable().primary()
    codeColumn(table, 'sender').notNullable()
    textColumn(table, 'sender_ref').notNullable()
    codeColumn(table, 'family').notNullable()
    codeColumn(table, 'action').notNullable()
    textColumn(table, 'subject_key').notNullable()
    textColumn(table, 'conversation_id')
    textColumn(table, 'ref_to_message_id')
    msColumn(table, 'sent_at').notNullable()
    msColumn(table, 'received_at').notNullable()
    msColumn(table, 'expires_at')
    textColumn(table, 'recipients').notNullable()
    textColumn(table, 'flags').notNullable()
    hashColumn(table, 'content_hash').notNullable()
    hashColumn(table, 'received_digest').notNullable()
    hashColumn(table, 'original_digest').notNullable()
    table.bigInteger('size').notNullable()
  },
  // Apart from `message`, so that scans of messages do not read the blobs.
  message_original: (table) => {
    idColumn(table, 'id').notNullable().primary()
    table.specificType('original', 'longblob').notNullable()
  },
  reference: (table) => {
    hashColumn(table, 'reference_key').notNullable().primary()
    idColumn(table, 'message_id').notNullable()
    hashColumn(table, 'content_hash').notNullable()
    idColumn(table, 'receipt_id').notNullable()
  },
  lane: (table) => {
    idColumn(table, 'id').notNullable().primary()
    codeColumn(table, 'recipient').notNullable()
    textColumn(table, 'subject_key').notNullable()
    table.bigInteger('last_seq').notNullable()
    table.bigInteger('done_seq').notNullable()
  },
  delivery: (table) => {
    idColumn(table, 'id').notNullable().primary()
    idColumn(table, 'message_id').notNullable()
    codeColumn(table, 'recipient').notNullable()
    idColumn(table, 'lane_id').notNullable()
    table.bigInteger('seq').notNullable()
    table.string('state', 16).notNullable()
    table.integer('priority').notNullable()
    msColumn(table, 'due_at')
    table.integer('claims').notNullable()
    table.integer('attempts').notNullable()
    table.string('lease_owner', 200)
    msColumn(table, 'lease_until')
    msColumn(table, 'accepted_at').notNullable()
    msColumn(table, 'hold_at_accept').notNullable()
    msColumn(table, 'expires_at')
    msColumn(table, 'settled_at')
    textColumn(table, 'skip_reason')
    hashColumn(table, 'sealed_digest')
    table.unique(['lane_id', 'seq'], { indexName: 'delivery_place' })
    table.index(['state', 'recipient', 'priority', 'due_at'], 'delivery_due')
    table.index(['state', 'lease_until'], 'delivery_leases')
    table.index(['state', 'expires_at'], 'delivery_expiry')
    table.index(['recipient', 'lease_until'], 'delivery_in_flight')
    table.index(['message_id'], 'delivery_message')
  },
  attempt: (table) => {
    idColumn(table, 'delivery_id').notNullable()
    table.integer('number').notNullable()
    msColumn(table, 'at').notNullable()
    msColumn(table, 'duration_ms').notNullable()
    codeColumn(table, 'outcome').notNullable()
    textColumn(table, 'code')
    textColumn(table, 'reason')
    table.primary(['delivery_id', 'number'])
  },
}
