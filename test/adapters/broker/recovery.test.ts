import { expect } from 'chai'
import { rabbitUrl, requireRabbit, until, withOwnQueues } from '../../support/rabbitmq.ts'
import { withCutLine } from './cut-line.ts'
import { withBroker, withLine } from './lent-broker.ts'
import { createGate, idsOf, ticketsFor } from './tickets.ts'

describe('the broker on RabbitMQ, disturbed', function () {
  before(async function () {
    await requireRabbit(this)
  })

  describe('when the connection is lost', () => {
    it('is down, answers with nothing confirmed, keeps nothing, and comes back with its consumers', () =>
      withLine(async ({ broker, line, newAgency, journal }) => {
        const agencies = [newAgency(), newAgency()]
        const seen: string[] = []
        for (const agency of agencies) await broker.consume(agency, 3, async (id) => void seen.push(id))
        const first = agencies.flatMap((agency) => ticketsFor(agency, 1))
        await broker.publish(first)
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
        const ids = idsOf([...first, ...carried])
        await until(() => ids.every((id) => seen.includes(id)))
        expect(new Set(seen)).to.deep.equal(new Set(ids))
        expect(journal.events('broker.down')).to.have.length(2)
      }))

    it('keeps nothing of the connections it has lost', () =>
      withLine(async ({ line, journal }) => {
        const warnings: string[] = []
        const note = ({ name }: Error) => void warnings.push(name)
        process.on('warning', note)
        try {
          for (let round = 1; round <= 12; round += 1) {
            await until(() => journal.events('broker.up').length === 2 * round)
            line.cut()
          }
        } finally {
          process.off('warning', note)
        }
        expect(warnings).to.not.include('MaxListenersExceededWarning') // Node's word for a leak
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

    it('replaces the channel when a whole window stays unanswered, and keeps the connection', () =>
      withLine(
        async ({ broker, line, newAgency, journal }) => {
          const agency = newAgency()
          await broker.publish(ticketsFor(agency, 1))
          line.freeze()
          expect(await broker.publish(ticketsFor(agency, 8))).to.deep.equal([])
          line.thaw()
          const tickets = ticketsFor(agency, 8)
          await until(async () => (await broker.publish(tickets)).length === 8)
          expect(journal.events('broker.down')).to.be.empty
        },
        { window: 5, confirmTimeoutMs: 300 },
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
})

/** connection.open-ok: a method frame on channel 0, class 10, method 41. */
const openOk = Buffer.from('01000000000005000a002900ce', 'hex')
/** connection.close (class 10, method 50), 320 CONNECTION_FORCED, as a server says that stops. */
const goodbye = Buffer.from('0100000000000b000a003201400000000000ce', 'hex')
