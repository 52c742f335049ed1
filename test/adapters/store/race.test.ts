import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Store } from '../../../adapters/store/store.ts'
import { verifyChain } from '../../../adapters/store/verify-chain.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import { acceptanceOf, endingOf, receiptOf } from './builders.ts'

/** How much each engine is given: SQLite has one writer at a time, so less shows the same. */
const loads = {
  sqlite: { writers: 2, workers: 2, batches: 6, rows: 20, lanes: 6 },
  mysql: { writers: 4, workers: 4, batches: 30, rows: 26, lanes: 24 },
} as const

interface Race {
  readonly total: number
  /** Delivery ids by the lane's subject, in the order in which they were claimed. */
  readonly claimed: Map<string, string[]>
  finished: number
}

const recipient = 'B01'
const leaseMs = 400

async function write(
  store: Store,
  writer: number,
  { batches, rows, lanes }: (typeof loads)['mysql' | 'sqlite'],
): Promise<void> {
  for (let batch = 0; batch < batches; batch += 1) {
    const subjects = Array.from({ length: rows }, (_, i) => `H${(writer + batch * 7 + i * 5) % lanes}`)
    await store.acceptMany(subjects.map((subjectKey) => acceptanceOf({ subjectKey, receivedAt: Date.now() })))
  }
}

/** Claims and ends until all is done; of every 50 claims one is dropped, as by a worker that dies. */
async function work(store: Store, race: Race): Promise<void> {
  for (let count = 0; race.finished < race.total;) {
    const now = Date.now()
    const claims = await store.takeMany(recipient, 8, { owner: 'same', now, until: now + leaseMs })
    for (const { message, deliveryId } of claims) {
      const order = race.claimed.get(message.subjectKey) ?? []
      if (order.at(-1) !== deliveryId) order.push(deliveryId)
      race.claimed.set(message.subjectKey, order)
    }
    const kept = claims.filter(() => (count += 1) % 50 !== 0)
    const endings = kept.map(({ deliveryId, owner, message }) =>
      endingOf(deliveryId, owner, {
        receipts: [receiptOf({ kind: 'delivered', messageId: message.id, deliveryId })],
      }),
    )
    const results = await store.recordMany(endings, { owner: 'x', now, until: now, mayLease: () => false })
    race.finished += results.filter(({ recorded }) => recorded).length
    if (claims.length === 0) await sleep(5)
  }
}

async function sweep(store: Store, race: Race): Promise<void> {
  while (race.finished < race.total) {
    await store.sweepClaims(Date.now(), {
      maxClaims: 1000,
      repeatable: () => true,
      askAfterSeconds: () => 0,
      limit: 100,
    })
    await sleep(50)
  }
}

interface Placed {
  readonly id: Buffer
  readonly subject_key: string
}

forEachEngine('many processes', (engine) => {
  it('insert and finish side by side, in the order of each lane, and leave no lane stuck', function () {
    this.timeout(120_000)
    return withStore(engine, async ({ store, connect, database }) => {
      const load = loads[engine]
      const race: Race = { total: load.writers * load.batches * load.rows, claimed: new Map(), finished: 0 }
      const writers = await Promise.all(
        Array.from({ length: load.writers }, (_, i) => connect(`writer-${i}`)),
      )
      const workers = await Promise.all(
        Array.from({ length: load.workers }, (_, i) => connect(`worker-${i}`)),
      )
      await Promise.all([
        ...writers.map((each, i) => write(each, i, load)),
        ...workers.map((each) => work(each, race)),
        sweep(store, race),
      ])
      expect(await store.counts(), 'nothing is left open').to.deep.equal({})
      const delivered = await database.knex('delivery').where({ state: 'delivered' }).pluck('id')
      expect(delivered.length).to.equal(race.total)
      const placed: Placed[] = await database
        .knex('delivery')
        .join('message', 'message.id', 'delivery.message_id')
        .orderBy('delivery.seq')
        .select<Placed[]>('delivery.id', 'message.subject_key')
      for (const [subject, order] of race.claimed) {
        const expected = placed.filter(({ subject_key }) => subject_key === subject)
        expect(
          order.map((id) => id.replaceAll('-', '')),
          subject,
        ).to.deep.equal(expected.map(({ id }) => Buffer.from(id).toString('hex')))
      }
      const chains = await database.knex('evidence').distinct('writer').pluck('writer')
      for (const chain of chains)
        expect((await verifyChain(database.knex, String(chain))).brokenAt).to.equal(null)
    })
  })
})
