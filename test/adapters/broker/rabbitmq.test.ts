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
