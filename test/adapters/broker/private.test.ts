import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { requirePrivateRabbit, until, withPrivateRabbit } from '../../support/rabbitmq.ts'
import type { PrivateRabbit } from '../../support/rabbitmq.ts'
import { createJournal, withBroker } from './lent-broker.ts'
import { createGate, idsOf, ticketsFor } from './tickets.ts'

/** So long that a test which waits for it fails. */
const never = 600_000

describe('the broker on a RabbitMQ node of its own', function () {
  this.timeout(60_000)
  let rabbit: PrivateRabbit
  let giveBack: () => void = () => undefined
  let lent: Promise<void> = Promise.resolve()

  before(async function () {
    requirePrivateRabbit(this)
    await new Promise<void>((ready, fail) => {
      lent = withPrivateRabbit(async (started) => {
        rabbit = started
        const back = new Promise<void>((resolve) => (giveBack = resolve))
        ready()
        await back
      })
      lent.catch(fail)
    })
  })
  after(async () => {
    giveBack()
    await lent
  })

  it('outlives a power cut of the node, and finds there what was confirmed', () =>
    withBroker({ url: rabbit.url, confirmTimeoutMs: never }, async (broker) => {
      const tickets = ticketsFor('G01', 20)
      expect(await broker.publish(tickets)).to.deep.equal(tickets)
      // RabbitMQ 3.10 writes the name of a new quorum queue down half a second late; cut off before, the queue is lost.
      await sleep(2_000)

      await rabbit.kill()
      await until(() => broker.state() === 'down')
      expect(await broker.publish(ticketsFor('G01', 5))).to.deep.equal([])
      const seen: string[] = []
      await broker.consume('G01', 1, async (id) => void seen.push(id))
      await rabbit.start()
      await until(() => broker.state() === 'up' && seen.length >= 20)
      expect(seen).to.deep.equal(idsOf(tickets))
    }))

  it('is blocked by an alarm: answers at once with nothing confirmed, goes on consuming, publishes after it', async () => {
    const journal = createJournal()
    await withBroker({ url: rabbit.url, confirmTimeoutMs: never, log: journal }, async (broker) => {
      const tickets = ticketsFor('G02', 30)
      await broker.publish(tickets)

      await rabbit.ctl('set_vm_memory_high_watermark', '0.0000001')
      await until(async () => {
        await broker.publish(ticketsFor('G03', 1))
        return broker.state() === 'blocked'
      })
      expect(await broker.publish(ticketsFor('G03', 100))).to.deep.equal([])
      const seen: string[] = []
      await broker.consume('G02', 2, async (id) => void seen.push(id))
      await until(() => seen.length === 30)
      expect(seen).to.deep.equal(idsOf(tickets))

      await rabbit.ctl('set_vm_memory_high_watermark', '0.6')
      await until(() => broker.state() === 'up')
      const later = ticketsFor('G04', 50)
      expect(await broker.publish(later)).to.deep.equal(later)
      expect(journal.events('broker.blocked')).to.have.length(1)
    })
  })

  it('outlives the close of a consumer’s channel, here for a late acknowledgement, and disturbs no other', async () => {
    await rabbit.ctl(
      'eval',
      '[application:set_env(rabbit, K, 1000) || K <- [consumer_timeout, channel_tick_interval]].',
    )
    const journal = createJournal()
    await withBroker({ url: rabbit.url, log: journal }, async (broker) => {
      const gate = createGate()
      const calls: string[] = []
      const others: string[] = []
      await broker.consume('G05', 1, async (id) => {
        calls.push(id)
        await gate.pass()
      })
      await broker.consume('G06', 1, async (id) => void others.push(id))
      const [late, next] = ticketsFor('G05', 2)
      await broker.publish([late!, next!])
      await until(() => journal.events('broker.channel_lost').length > 0)
      expect(journal.events('broker.channel_lost')[0]).to.include({ channel: 'consume G05' })

      const tickets = ticketsFor('G06', 10)
      await broker.publish(tickets)
      await until(() => others.length === 10)
      gate.open()
      await until(() => calls.includes(next!.id))
      expect(gate.most()).to.equal(1)
      expect(calls.filter((id) => id === late!.id)).to.have.length.above(1)
      expect(others).to.deep.equal(idsOf(tickets))
      expect(journal.events('broker.down')).to.be.empty
    })
  })
})
