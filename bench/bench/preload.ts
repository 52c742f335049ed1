import { createConnection, type Connection } from 'mysql2/promise'

/** Rows of one statement: a transaction of this size stays small in the server's memory. */
const chunkRows = 50_000

/** A UUIDv7 for row `seq`, two an ms, from the year 2025 on; `place` tells the ids of one message apart. */
const idOf = (place: number) =>
  `UNHEX(CONCAT(LPAD(HEX(1735689600000 + seq DIV 2), 12, '0'), '7${place}00', '8000', LPAD(HEX(seq), 12, '0')))`
const hashOf = (name: string) => `UNHEX(SHA2(CONCAT('${name}', seq), 256))`
const at = '(1735689600000 + seq DIV 2)'
const recipient = "CONCAT('G0', 1 + seq MOD 8)"
const laneId = `UNHEX(MD5(CONCAT('lane', seq)))`

/** The tables as one message that was delivered leaves them, with rows of the size that 2 KB payloads make. */
const inserts: readonly string[] = [
  `INSERT INTO message (id, sender, sender_ref, family, action, subject_key, sent_at, received_at, recipients, flags,
     content_hash, received_digest, original_digest, size)
   SELECT ${idOf(0)}, 'H49', CONCAT('cu-', seq), 'status', 'status.updated', CONCAT('H49.05-250101-', seq), ${at}, ${at},
     CONCAT('["', ${recipient}, '"]'), '[]', ${hashOf('content')}, ${hashOf('received')}, ${hashOf('original')}, 4800`,
  `INSERT INTO message_original (id, original) SELECT ${idOf(0)}, REPEAT(CONCAT('x', seq), 4900 DIV (1 + LENGTH(seq)))`,
  `INSERT INTO reference (reference_key, message_id, content_hash, receipt_id)
   SELECT ${hashOf('reference')}, ${idOf(0)}, ${hashOf('content')}, ${idOf(2)}`,
  `INSERT INTO lane (id, recipient, subject_key, last_seq, done_seq)
   SELECT ${laneId}, ${recipient}, CONCAT('H49.05-250101-', seq), 1, 1`,
  `INSERT INTO delivery (id, message_id, recipient, lane_id, seq, state, priority, claims, attempts, accepted_at,
     hold_at_accept, settled_at, sealed_digest)
   SELECT ${idOf(1)}, ${idOf(0)}, ${recipient}, ${laneId}, 1, 'delivered', 2, 1, 1, ${at}, 0, ${at} + 100, ${hashOf('sealed')}`,
  `INSERT INTO attempt (delivery_id, number, at, duration_ms, outcome) SELECT ${idOf(1)}, 1, ${at}, 12, 'delivered'`,
  `INSERT INTO receipt (id, message_id, kind, at, jws) SELECT ${idOf(2)}, ${idOf(0)}, 'accepted', ${at}, REPEAT('a', 620)`,
  `INSERT INTO receipt (id, message_id, delivery_id, kind, at, jws)
   SELECT ${idOf(3)}, ${idOf(0)}, ${idOf(1)}, 'delivered', ${at}, REPEAT('d', 780)`,
  `INSERT INTO evidence (writer, seq, kind, receipt_id, digest, chain, at)
   SELECT 'preload/accept', seq, 'accepted', ${idOf(2)}, ${hashOf('digest')}, ${hashOf('chain')}, ${at}`,
  `INSERT INTO evidence (writer, seq, kind, receipt_id, digest, chain, at)
   SELECT 'preload/record', seq, 'delivered', ${idOf(3)}, ${hashOf('digest-d')}, ${hashOf('chain-d')}, ${at}`,
]

/**
 * Fills a migrated database with so many delivered messages, by SQL alone. Without the binary log and a flush for each commit: that
 * holds for this connection and is put back before anything is measured.
 */
export async function preload(
  databaseUrl: string,
  messages: number,
  say: (done: number) => void,
): Promise<void> {
  const connection = await createConnection(databaseUrl)
  try {
    await connection.query('SET SESSION sql_log_bin = 0, SESSION unique_checks = 0')
    await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0')
    for (let first = 1; first <= messages; first += chunkRows) {
      const last = Math.min(messages, first + chunkRows - 1)
      await fill(connection, first, last)
      say(last)
    }
    await connection.query(
      'ANALYZE TABLE message, message_original, reference, lane, delivery, attempt, receipt, evidence',
    )
  } finally {
    await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1')
    await connection.end()
  }
}

/** MariaDB's own tables of numbers: `seq_<first>_to_<last>`. */
async function fill(connection: Connection, first: number, last: number): Promise<void> {
  for (const insert of inserts) await connection.query(`${insert} FROM seq_${first}_to_${last}`)
}
