import type { Knex } from 'knex'
import { blockingStates, type DeliveryState } from '../../schemas/message.ts'
import type { Database } from './database.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { toBytes, toUuid } from './ids.ts'
import type { MessageRow } from './message-row.ts'
import type { BlockedLane, DeliveryFilter, DeliveryLine, DeliveryStore } from './ports/deliveries.ts'

type Row = DeliveryRow & Pick<MessageRow, 'sender' | 'sender_ref' | 'action'>
type LaneRow = Row & { readonly last_seq: number; readonly done_seq: number }

const lineOf = (row: Row): DeliveryLine => ({
  id: toUuid(row.id),
  messageId: toUuid(row.message_id),
  recipient: row.recipient,
  sender: row.sender,
  senderRef: row.sender_ref,
  action: row.action,
  state: row.state,
  priority: row.priority,
  claims: row.claims,
  attempts: row.attempts,
  acceptedAt: row.accepted_at,
  dueAt: row.due_at,
  settledAt: row.settled_at,
  skipReason: row.skip_reason,
})

const joined = (knex: Knex): Knex.QueryBuilder =>
  knex('delivery').join('message', 'message.id', 'delivery.message_id')

const columns = ['delivery.*', 'message.sender', 'message.sender_ref', 'message.action'] as const

function narrowed(query: Knex.QueryBuilder, filter: Omit<DeliveryFilter, 'state'>): Knex.QueryBuilder {
  const { recipients, since, before, after, limit } = filter
  if (recipients !== null) void query.whereIn('delivery.recipient', [...recipients])
  if (since !== undefined) void query.andWhere('delivery.accepted_at', '>=', since)
  if (before !== undefined) void query.andWhere('delivery.accepted_at', '<', before)
  if (after !== undefined) void query.andWhere('delivery.id', '>', toBytes(after))
  return query.orderBy('delivery.id').limit(limit)
}

/** The others lie by id in the index of leases, since nobody holds them: a page is read from there, however many there are. */
const mayBeHeld: ReadonlySet<DeliveryState> = new Set(['due', 'sending'])

type Lists = Pick<DeliveryStore, 'listDeliveries' | 'blockedLanes' | 'findDelivery'>

/** Deliveries and lanes as operators look at them. */
export const createDeliveries = ({ knex }: Database): Lists => ({
  listDeliveries: async (filter) => {
    const query = joined(knex).where('delivery.state', filter.state)
    if (!mayBeHeld.has(filter.state)) void query.whereNull('delivery.lease_until')
    return (await narrowed(query, filter).select<Row[]>(...columns)).map(lineOf)
  },
  blockedLanes: async (filter) => {
    const query = joined(knex)
      .join('lane', 'lane.id', 'delivery.lane_id')
      .whereIn('delivery.state', [...blockingStates])
    const rows = await narrowed(query, filter).select<LaneRow[]>(...columns, 'lane.last_seq', 'lane.done_seq')
    return rows.map((row): BlockedLane => ({ head: lineOf(row), waiting: row.last_seq - row.done_seq - 1 }))
  },
  findDelivery: async (id) => {
    const rows = await joined(knex)
      .where('delivery.id', toBytes(id))
      .select<Row[]>(...columns)
    const [row] = rows
    return row === undefined ? null : lineOf(row)
  },
})
