import { expect } from 'chai'
import { queueOptions } from '../../../adapters/broker/topology.ts'
import { describeBroker } from '../../contracts/broker.ts'
import { rabbitUrl, requireRabbit, until, withOwnQueues } from '../../support/rabbitmq.ts'
import { withBroker, withLine } from './lent-broker.ts'
import { createGate, idsOf, ticketsFor } from './tickets.ts'

describe('the broker on RabbitMQ', function () {
  before(async function () {
    await requireRabbit(this)
  })

  describeBroker((use) =>
    withOwnQueues(rabbitUrl, ({ prefix, newAgency }) =>
      withBroker({ url: rabbitUrl, prefix }, (broker) => use({ broker, newAgency })),
    ),
  )

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

  describe('in bundles', () => {
    const inBundles = (use: Parameters<typeof withLine>[0]) => withLine(use, { bundle: 8 })

    it('carries what is published at once in few messages, in order, each once', () =>
      inBundles(async ({ broker, newAgency, aside, queueOf }) => {
        const [agency, other] = [newAgency(), newAgency()]
        const tickets = ticketsFor(agency, 20)
        const others = ticketsFor(other, 3)
        const mixed = tickets.flatMap((ticket, at) => [ticket, ...others.slice(at, at + 1)])
        const confirmed = await Promise.all(mixed.map((ticket) => broker.publish([ticket])))
        expect(confirmed.flat()).to.deep.equal(mixed)
        const countIn = async (code: string) =>
          (await aside((channel) => channel.checkQueue(queueOf(code)))).messageCount
        expect([await countIn(agency), await countIn(other)]).to.deep.equal([3, 1])
        const seen: string[] = []
        await broker.consume(agency, 1, async (id) => void seen.push(id))
        await until(async () => seen.length === 20 && (await countIn(agency)) === 0)
        expect(seen).to.deep.equal(idsOf(tickets))
      }))

    it('drops a ticket whose handler rejects, and none of its neighbours', () =>
      inBundles(async ({ broker, newAgency, journal }) => {
        const agency = newAgency()
        const tickets = ticketsFor(agency, 5)
        await broker.publish(tickets)
        const seen: string[] = []
        const subscription = await broker.consume(agency, 2, async (id) => {
          seen.push(id)
          if (id === tickets[2]!.id) throw new Error('no luck')
        })
        const [last] = ticketsFor(agency, 1)
        await broker.publish([last!])
        await until(() => seen.length === 6)
        await subscription.stop()
        expect(seen).to.deep.equal(idsOf([...tickets, last!]))
        expect(journal.events('broker.ticket_dropped')).to.have.length(1)
      }))

    it('gives what a stopped consumer had not begun to the next one', () =>
      inBundles(async ({ broker, newAgency }) => {
        const agency = newAgency()
        const tickets = ticketsFor(agency, 8)
        await broker.publish(tickets)
        const gate = createGate()
        const first = new Set<string>()
        const subscription = await broker.consume(agency, 3, async (id) => {
          first.add(id)
          await gate.pass()
        })
        await until(() => gate.held() === 3)
        const stopping = subscription.stop()
        gate.open()
        await stopping
        expect(first.size).to.equal(3)
        const next = new Set<string>()
        await broker.consume(agency, 3, async (id) => void next.add(id))
        await until(() => idsOf(tickets).every((id) => next.has(id) || first.has(id)))
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
