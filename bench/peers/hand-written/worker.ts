import { connect } from 'amqplib'
import type { RowDataPacket } from 'mysql2/promise'
import { Agent, request } from 'undici'
import { batched, createReceipts, openDatabase, queue, readSettings, ready, sha256 } from './shared.ts'
import { createSeal, decrypt } from './xml.ts'

interface Row extends RowDataPacket {
  readonly id: string
  readonly sender: string
  readonly sender_ref: string
  readonly recipient: string
  readonly original: Buffer
}

const prefetch = 64

const settings = readSettings()
const masterKey = Buffer.from(settings.masterKey, 'hex')
const urls = new Map(settings.recipients.map(({ code, url }) => [code, url]))
const receipt = createReceipts(settings)
const seal = createSeal(settings)
const database = openDatabase(settings)
const dispatcher = new Agent({ connections: 64, pipelining: 1 })

const found = new Map<string, Row>()
const find = batched<string>(async (ids) => {
  const [rows] = await database.query<Row[]>('SELECT * FROM message WHERE id IN (?) AND state = ?', [
    ids,
    'open',
  ])
  for (const row of rows) found.set(row.id, row)
}, 200)

const record = batched<{ readonly id: string; readonly jws: string }>(async (batch) => {
  const connection = await database.getConnection()
  try {
    await connection.beginTransaction()
    const ids = batch.map(({ id }) => id)
    await connection.query('UPDATE message SET state = ? WHERE id IN (?)', ['delivered', ids])
    await connection.query('INSERT INTO receipt (message_id, kind, jws) VALUES ?', [
      batch.map(({ id, jws }) => [id, 'delivered', jws]),
    ])
    await connection.commit()
  } finally {
    connection.release()
  }
}, 200)

async function deliver(id: string): Promise<void> {
  await find(id)
  const row = found.get(id)
  found.delete(id)
  if (row === undefined) return
  const { recipient, sender, sender_ref: senderRef } = row
  const body = seal(decrypt(masterKey, row.original), { id, recipient })
  const headers = { 'content-type': 'application/xml', 'message-id': id }
  const answer = await request(urls.get(recipient) ?? '', { method: 'POST', headers, body, dispatcher })
  await answer.body.dump()
  if (answer.statusCode >= 300) throw new Error(`${recipient} answered ${answer.statusCode}`)
  const sealedDigest = sha256(Buffer.from(body)).toString('hex')
  await record({
    id,
    jws: receipt({
      kind: 'delivered',
      messageId: id,
      sender,
      senderRef,
      recipient,
      sealedDigest,
      at: Date.now(),
    }),
  })
}

const model = await connect(settings.amqpUrl, { noDelay: true })
const channel = await model.createChannel()
await channel.prefetch(prefetch)
await channel.consume(queue, (message) => {
  if (message === null) return
  deliver(message.content.toString()).then(
    () => channel.ack(message),
    () => channel.nack(message, false, true),
  )
})
ready()
