import { expect } from 'chai'
import type { Broker } from '../../../adapters/broker/broker.ts'
import type { RabbitOptions } from '../../../adapters/broker/rabbitmq.ts'
import { queueOptions } from '../../../adapters/broker/topology.ts'
import { createGate, describeBroker, idsOf, ticketsFor } from '../../contracts/broker.ts'
import { rabbitUrl, requireRabbit, until, withOwnQueues } from '../../support/rabbitmq.ts'
import type { OwnQueues } from '../../support/rabbitmq.ts'
import { withCutLine } from './cut-line.ts'
import type { CutLine } from './cut-line.ts'
import { createJournal, withBroker } from './lent-broker.ts'

interface Lent extends OwnQueues {
  readonly broker: Broker
  readonly line: CutLine
  readonly journal: ReturnType<typeof createJournal>
}

/** A broker whose line to the server can be disturbed. */
function withLine(use: (lent: Lent) => Promise<void>, options: Partial<RabbitOptions> = {}): Promise<void> {
  return withOwnQueues(rabbitUrl, (own) =>
    withCutLine(rabbitUrl, async (line) => {
      const journal = createJournal()
      const { prefix } = own
      await withBroker({ url: `${line.url}?heartbeat=1`, prefix, log: journal, ...options }, (broker) =>
        use({ ...own, broker, line, journal }),
      )
    }),
  )
}

describe('the broker on RabbitMQ', function () {
  before(async function () {
    await requireRabbit(this)
  })

  describeBroker((use) =>
    withOwnQueues(rabbitUrl, ({ prefix, newAgency }) =>
      withBroker({ url: rabbitUrl, prefix }, (broker) => use({ broker, newAgency })),
    ),
  )

  describe('when the connection is lost', () => {
    it('is down, answers with nothing confirmed, keeps nothing, and comes back with its consumers', () =>
      withLine(async ({ broker, line, newAgency, journal }) => {
        const agencies = [newAgency(), newAgency()]
        const seen: string[] = []
        for (const agency of agencies) await broker.consume(agency, 3, async (id) => void seen.push(id))
        await broker.publish(agencies.flatMap((agency) => ticketsFor(agency, 1)))
        await until(() => seen.length === 2)

        line.refuse(true)
        line.cut()
        await until(() => broker.state() === 'down')
        const lost = agencies.flatMap((agency) => ticketsFor(agency, 20))
        expect(await broker.publish(lost)).to.deep.equal([])

        line.refuse(false)
        await until(() => broker.state() === 'up')
        const carried = agencies.flatMap((agency) => ticketsFor(agency, 20))
        expect(await broker.publish(carried)).to.deep.equal(carried)
        await until(() => seen.length >= 42)
        expect(seen.slice(2).toSorted()).to.deep.equal(idsOf(carried).toSorted())
        expect(journal.events('broker.down')).to.have.length(2)
      }))

    it('answers for every ticket that is under way, and confirms none that the queue has not', () =>
      withLine(async ({ broker, line, newAgency, aside, queueOf }) => {
        const agency = newAgency()
        await broker.publish(ticketsFor(agency, 1))
        const batches = Array.from({ length: 40 }, () => ticketsFor(agency, 100))
        const answers = batches.map((batch) => broker.publish(batch))
        await answers[3]
        line.cut()
        const confirmed = (await Promise.all(answers)).flat()
        expect(confirmed.length).to.be.within(400, 3_999)
        await until(() => broker.state() === 'up')
        const seen = new Set<string>()
        await broker.consume(agency, 100, async (id) => void seen.add(id))
        await until(
          async () => (await aside((channel) => channel.checkQueue(queueOf(agency)))).messageCount === 0,
        )
        await until(() => confirmed.every(({ id }) => seen.has(id)))
      }))

    it('gives the tickets in hand again, and never runs more handlers than the prefetch', () =>
      withLine(async ({ broker, line, newAgency }) => {
        const agency = newAgency()
        const gate = createGate()
        const ids = new Set<string>()
        const tickets = ticketsFor(agency, 10)
        await broker.publish(tickets)
        await broker.consume(agency, 4, async (id) => {
          ids.add(id)
          await gate.pass()
        })
        await until(() => gate.held() === 4)
        line.cut()
        await until(() => broker.state() === 'down')
        await until(() => broker.state() === 'up')
        const [last] = ticketsFor(agency, 1)
        await broker.publish([last!])
        gate.open()
        await until(() => ids.size === 11)
        expect(gate.most()).to.equal(4)
        expect(gate.passed()).to.be.at.least(11)
        expect(ids).to.deep.equal(new Set(idsOf([...tickets, last!])))
      }))

    it('is found out by the heartbeat when the line goes silent, and a publish ends at its time limit', () =>
      withLine(
        async ({ broker, line, newAgency }) => {
          const agency = newAgency()
          await broker.publish(ticketsFor(agency, 1))
          line.freeze()
          expect(await broker.publish(ticketsFor(agency, 5))).to.deep.equal([])
          await until(() => broker.state() === 'down')
          await until(() => broker.state() === 'up')
          expect(await broker.publish(ticketsFor(agency, 5))).to.have.length(5)
        },
        { confirmTimeoutMs: 500 },
      ))

    it('closes all the same while the line is silent', () =>
      withLine(async ({ broker, line, newAgency }) => {
        await broker.consume(newAgency(), 1, () => Promise.resolve())
        line.freeze()
        await broker.close(100)
        line.thaw()
        await until(() => line.open() === 0)
      }))

    it('is noticed even when the server says goodbye in the same breath as welcome', () =>
      withLine(async ({ broker, line, newAgency }) => {
        let spoiled = 0
        line.rewrite((bytes) => {
          if (spoiled >= 2 || !bytes.includes(openOk)) return bytes
          spoiled += 1
          return Buffer.concat([bytes, goodbye])
        })
        line.cut()
        await until(() => spoiled === 2)
        const tickets = ticketsFor(newAgency(), 3)
        await until(async () => (await broker.publish(tickets)).length === 3)
      }))
  })

  describe('when the broker is not there at the start', () => {
    it('starts down, keeps trying, and consumes once it is there', () =>
      withOwnQueues(rabbitUrl, ({ prefix, newAgency }) =>
        withCutLine(rabbitUrl, async (line) => {
          line.refuse(true)
          await withBroker({ url: line.url, prefix }, async (broker) => {
            const agency = newAgency()
            const seen: string[] = []
            expect(broker.state()).to.equal('down')
            await broker.consume(agency, 2, async (id) => void seen.push(id))
            expect(await broker.publish(ticketsFor(agency, 2))).to.deep.equal([])
            line.refuse(false)
            await until(() => broker.state() === 'up')
            const tickets = ticketsFor(agency, 2)
            await broker.publish(tickets)
            await until(() => seen.length === 2)
            expect(seen).to.deep.equal(idsOf(tickets))
          })
        }),
      ))

    it('stops a consumer and closes without ever having been up', () =>
      withCutLine(rabbitUrl, async (line) => {
        line.refuse(true)
        await withBroker({ url: line.url }, async (broker) => {
          const subscription = await broker.consume('G01', 2, () => Promise.resolve())
          await subscription.stop()
          await broker.close(1000)
          expect(broker.state()).to.equal('down')
        })
      }))

    it('refuses an address that is none, and does not repeat it: it holds a password', async () => {
      for (const url of [
        '',
        'localhost:5672',
        'http://guest:geheim@localhost',
        'amqp://guest:geheim@localhost:port',
      ]) {
        const refusal = await withBroker({ url }, async () => 'accepted').catch((error: unknown) =>
          String(error),
        )
        expect(refusal)
          .to.match(/must begin with amqp/)
          .and.not.include('geheim')
      }
    })
  })

  describe('when a queue is lost', () => {
    it('declares it again after the consumer is cancelled, without disturbing the others', () =>
      withLine(async ({ broker, newAgency, aside, queueOf }) => {
        const [lost, other] = [newAgency(), newAgency()]
        const seen: string[] = []
        const gate = createGate()
        await broker.consume(lost, 2, async (id) => void seen.push(id))
        await broker.consume(other, 2, gate.pass)
        await broker.publish([...ticketsFor(lost, 1), ...ticketsFor(other, 1)])
        await until(() => seen.length === 1 && gate.held() === 1)

        await aside((channel) => channel.deleteQueue(queueOf(lost)))
        const tickets = ticketsFor(lost, 3)
        await until(async () => (await broker.publish(tickets)).length === 3)
        await until(() => tickets.every(({ id }) => seen.includes(id)))

        gate.open()
        await until(() => gate.passed() === 1)
        await until(
          async () => (await aside((channel) => channel.checkQueue(queueOf(other)))).messageCount === 0,
        )
      }))

    it('counts a returned ticket as not confirmed, keeps its neighbours, and declares the queue for the next', () =>
      withLine(async ({ broker, newAgency, aside, queueOf }) => {
        const [lost, other] = [newAgency(), newAgency()]
        await broker.publish([...ticketsFor(lost, 1), ...ticketsFor(other, 1)])
        await aside((channel) => channel.deleteQueue(queueOf(lost)))
        const returned = ticketsFor(lost, 30)
        const taken = ticketsFor(other, 30)
        const mixed = taken.flatMap((ticket, at) => [returned[at]!, ticket])
        expect(await broker.publish(mixed)).to.deep.equal(taken)
        expect(await broker.publish(returned)).to.deep.equal(returned)
      }))

    it('confirms nothing to a queue of other arguments, and serves the other agencies meanwhile', () =>
      withLine(async ({ broker, newAgency, aside, queueOf, journal }) => {
        const [wrong, well] = [newAgency(), newAgency()]
        await aside((channel) => channel.assertQueue(queueOf(wrong), { durable: true }))
        const seen: string[] = []
        await broker.consume(wrong, 1, async (id) => void seen.push(id))
        await broker.consume(well, 1, async (id) => void seen.push(id))
        const tickets = ticketsFor(well, 5)
        expect(await broker.publish([...ticketsFor(wrong, 5), ...tickets])).to.deep.equal(tickets)
        await until(() => seen.length === 5)
        expect(journal.events('broker.queue_refused')).to.not.be.empty

        await aside((channel) => channel.deleteQueue(queueOf(wrong)))
        const late = ticketsFor(wrong, 1)
        await until(async () => (await broker.publish(late)).length === 1)
        await until(() => seen.includes(late[0]!.id))
      }))
  })

  describe('on a channel', () => {
    it('drops a body that is no id, and goes on', () =>
      withLine(async ({ broker, newAgency, aside, queueOf, journal }) => {
        const agency = newAgency()
        await aside(async (channel) => {
          await channel.assertQueue(queueOf(agency), queueOptions)
          for (const body of ['', '15 bytes of not', 'a text instead of sixteen bytes'])
            channel.sendToQueue(queueOf(agency), Buffer.from(body))
        })
        const seen: string[] = []
        const [ticket] = ticketsFor(agency, 1)
        await broker.publish([ticket!])
        const subscription = await broker.consume(agency, 1, async (id) => void seen.push(id))
        await until(() => seen.length === 1)
        await subscription.stop()
        expect(seen).to.deep.equal([ticket!.id])
        expect(journal.events('broker.ticket_dropped')).to.have.length(3)
        expect((await aside((channel) => channel.checkQueue(queueOf(agency)))).messageCount).to.equal(0)
      }))

    it('confirms no ticket whose id is none', () =>
      withLine(async ({ broker, newAgency }) => {
        const agency = newAgency()
        const [good] = ticketsFor(agency, 1)
        expect(await broker.publish([{ agency, id: 'G22' }, good!])).to.deep.equal([good])
      }))

    it('keeps to a window of one, in order', () =>
      withLine(
        async ({ broker, newAgency }) => {
          const agency = newAgency()
          const tickets = ticketsFor(agency, 50)
          expect(await broker.publish(tickets)).to.deep.equal(tickets)
          const seen: string[] = []
          await broker.consume(agency, 1, async (id) => void seen.push(id))
          await until(() => seen.length === 50)
          expect(seen).to.deep.equal(idsOf(tickets))
        },
        { window: 1 },
      ))
  })
})

/** connection.open-ok: a method frame on channel 0, class 10, method 41. */
const openOk = Buffer.from('01000000000005000a002900ce', 'hex')
/** connection.close (class 10, method 50), 320 CONNECTION_FORCED, as a server says that stops. */
const goodbye = Buffer.from('0100000000000b000a003201400000000000ce', 'hex')
