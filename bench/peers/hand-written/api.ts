import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import express from 'express'
import type { Letter } from './xml.ts'
import {
  batched,
  createReceipts,
  openDatabase,
  queue,
  readSettings,
  ready,
  sha256,
  tables,
} from './shared.ts'
import { encrypt, openLetter } from './xml.ts'

const settings = readSettings()
const masterKey = Buffer.from(settings.masterKey, 'hex')
const certificates = new Map(settings.senders.map(({ code, certificate }) => [code, certificate]))
const callers = new Map(settings.senders.map(({ code, apiKey }) => [`Bearer ${apiKey}`, code]))
const receipt = createReceipts(settings)
const database = openDatabase(settings)
const model = await connect(settings.amqpUrl, { noDelay: true })
const channel = await model.createConfirmChannel()
await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
for (const table of tables) await database.query(table)

interface Accepted extends Letter {
  readonly id: string
  readonly at: number
  readonly digest: Buffer
  readonly original: Buffer
  readonly jws: string
}

/** One transaction for what came together; published when it is committed, and answered when the broker has confirmed. */
const store = batched<Accepted>(async (batch) => {
  const connection = await database.getConnection()
  try {
    await connection.beginTransaction()
    await connection.query(
      'INSERT INTO message (id, sender, sender_ref, recipient, action, state, received_at, digest, original) VALUES ?',
      [
        batch.map((row) => [
          row.id,
          row.sender,
          row.senderRef,
          row.recipient,
          row.action,
          'open',
          row.at,
          row.digest,
          row.original,
        ]),
      ],
    )
    await connection.query('INSERT INTO receipt (message_id, kind, jws) VALUES ?', [
      batch.map(({ id, jws }) => [id, 'accepted', jws]),
    ])
    await connection.commit()
  } finally {
    connection.release()
  }
  for (const { id } of batch) channel.sendToQueue(queue, Buffer.from(id), { persistent: true })
  await channel.waitForConfirms()
}, 200)

const app = express()
app.post('/v1/messages', express.raw({ type: () => true, limit: '2mb' }), async (req, res) => {
  const caller = callers.get(req.headers.authorization ?? '')
  const body = req.body as Buffer // express.raw has left bytes
  const letter = caller === undefined ? null : openLetter(body.toString(), certificates)
  if (letter === null || letter.sender !== caller) {
    res.status(403).json({ code: 'bad_signature' })
    return
  }
  const id = randomUUID()
  const at = Date.now()
  const digest = sha256(body)
  const jws = receipt({
    id: randomUUID(),
    kind: 'accepted',
    messageId: id,
    ...letter,
    digest: digest.toString('hex'),
    at,
  })
  await store({ ...letter, id, at, digest, original: encrypt(masterKey, body), jws })
  res.status(202).json({ id, receipt: jws })
})
app.listen(settings.port, '127.0.0.1', ready)
