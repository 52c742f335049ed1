import { expect } from 'chai'
import type { Broker } from '../../adapters/broker/broker.ts'
import { createGate, idsOf, ticketsFor } from '../adapters/broker/tickets.ts'
import { until } from '../support/rabbitmq.ts'

/** A broker and codes that belong to one test. */
export interface LentBroker {
  readonly broker: Broker
  readonly newAgency: () => string
}

export type WithBroker = (use: (lent: LentBroker) => Promise<void>) => Promise<void>

/** What the gateway relies on, whichever broker carries the tickets. Call it inside a `describe`. */
export function describeBroker(withBroker: WithBroker): void {
  describe('publishing', () => describePublishing(withBroker))
  describe('consuming', () => describeConsuming(withBroker))
  describe('stopping', () => describeStopping(withBroker))
}

function describePublishing(withBroker: WithBroker): void {
  it('confirms what it took', () =>
    withBroker(async ({ broker, newAgency }) => {
      const tickets = ticketsFor(newAgency(), 5)
      expect(broker.state()).to.equal('up')
      expect(await broker.publish(tickets)).to.deep.equal(tickets)
      expect(await broker.publish([])).to.deep.equal([])
    }))

  it('keeps tickets until a consumer comes, in order', () =>
    withBroker(async ({ broker, newAgency }) => {
      const agency = newAgency()
      const tickets = ticketsFor(agency, 200)
      await broker.publish(tickets)
      const seen: string[] = []
      await broker.consume(agency, 1, async (id) => void seen.push(id))
      await until(() => seen.length >= tickets.length)
      expect(seen).to.deep.equal(idsOf(tickets))
    }))

  it('delivers thousands of tickets, published by many at once, each at least once', () =>
    withBroker(async ({ broker, newAgency }) => {
      const agencies = [newAgency(), newAgency(), newAgency()]
      const seen = new Set<string>()
      for (const agency of agencies) await broker.consume(agency, 50, async (id) => void seen.add(id))
      const batches = Array.from({ length: 15 }, () => agencies.flatMap((agency) => ticketsFor(agency, 100)))
      const confirmed = await Promise.all(batches.map((batch) => broker.publish(batch)))
      expect(confirmed).to.deep.equal(batches)
      await until(() => seen.size >= 4_500)
      expect(seen).to.deep.equal(new Set(batches.flatMap(idsOf)))
    }))
}

function describeConsuming(withBroker: WithBroker): void {
  it('runs at most `prefetch` handlers at once, and that many', () =>
    withBroker(async ({ broker, newAgency }) => {
      const agency = newAgency()
      const gate = createGate()
      await broker.publish(ticketsFor(agency, 40))
      await broker.consume(agency, 7, gate.pass)
      await until(() => gate.held() === 7)
      gate.open()
      await until(() => gate.passed() === 40)
      expect(gate.most()).to.equal(7)
    }))

  it('does not repeat a ticket whose handler resolved', () =>
    withBroker(async ({ broker, newAgency }) => {
      const agency = newAgency()
      const seen: string[] = []
      const first = await broker.consume(agency, 5, async (id) => void seen.push(id))
      const tickets = ticketsFor(agency, 20)
      await broker.publish(tickets)
      await until(() => seen.length === 20)
      await first.stop()
      const [last] = await afterwards(broker, agency)
      expect(seen).to.deep.equal(idsOf(tickets))
      expect(last).to.not.be.oneOf(seen)
    }))

  it('drops a ticket whose handler rejects: it comes once, and the next ones come', () =>
    withBroker(async ({ broker, newAgency }) => {
      const agency = newAgency()
      const calls: string[] = []
      const subscription = await broker.consume(agency, 1, async (id) => {
        calls.push(id)
        if (calls.length <= 3) throw new Error('poison')
      })
      const tickets = ticketsFor(agency, 6)
      await broker.publish(tickets)
      await until(() => calls.length >= 6)
      await subscription.stop()
      expect(await afterwards(broker, agency)).to.have.length(1)
      expect(calls).to.deep.equal(idsOf(tickets))
    }))

  it('shares an agency among its consumers', () =>
    withBroker(async ({ broker, newAgency }) => {
      const agency = newAgency()
      const gates = [createGate(), createGate(), createGate()]
      for (const gate of gates) await broker.consume(agency, 2, gate.pass)
      await broker.publish(ticketsFor(agency, 6))
      await until(() => gates.every((gate) => gate.held() === 2))
      for (const gate of gates) gate.open()
      await until(() => gates.every((gate) => gate.passed() === 2))
    }))

  it('keeps a stuck agency from delaying another', () =>
    withBroker(async ({ broker, newAgency }) => {
      const [stuck, well] = [newAgency(), newAgency()]
      const gate = createGate()
      await broker.consume(stuck, 2, gate.pass)
      const seen: string[] = []
      await broker.consume(well, 2, async (id) => void seen.push(id))
      const tickets = ticketsFor(well, 50)
      await broker.publish([...ticketsFor(stuck, 50), ...tickets])
      await until(() => seen.length === 50)
      expect(gate.passed()).to.equal(0)
      expect(seen.toSorted()).to.deep.equal(idsOf(tickets).toSorted())
      gate.open()
    }))

  it('refuses a prefetch below one, which would mean no bound', () =>
    withBroker(async ({ broker, newAgency }) => {
      const outcome = await broker
        .consume(newAgency(), 0, async () => undefined)
        .then(
          () => 'accepted',
          () => 'refused',
        )
      expect(outcome).to.equal('refused')
    }))
}

function describeStopping(withBroker: WithBroker): void {
  it('waits for the tickets in hand and leaves the others to the next consumer', () =>
    withBroker(async ({ broker, newAgency }) => {
      const agency = newAgency()
      const gate = createGate()
      const tickets = ticketsFor(agency, 10)
      await broker.publish(tickets)
      const subscription = await broker.consume(agency, 3, gate.pass)
      await until(() => gate.held() === 3)
      let stopped = false
      const stopping = subscription.stop().then(() => (stopped = true))
      const rest = new Set<string>()
      await broker.consume(agency, 5, async (id) => void rest.add(id))
      await until(() => rest.size === 7)
      expect(stopped).to.equal(false)
      gate.open()
      await stopping
      expect(gate.passed()).to.equal(3)
      const [last] = ticketsFor(agency, 1)
      await broker.publish([last!])
      await until(() => rest.has(last!.id)) // what was not acknowledged would have come before it
      expect(rest).to.deep.equal(new Set([...idsOf(tickets).slice(3), last!.id]))
    }))

  it('closes after the tickets in hand, within the time of grace', () =>
    withBroker(async ({ broker, newAgency }) => {
      const agency = newAgency()
      const gate = createGate()
      await broker.publish(ticketsFor(agency, 4))
      await broker.consume(agency, 2, gate.pass)
      await until(() => gate.held() === 2)
      const closing = broker.close(60_000)
      gate.open()
      await closing
      expect(gate.passed()).to.equal(2)
    }))

  it('closes without the tickets in hand when the grace is over, and is down then', () =>
    withBroker(async ({ broker, newAgency }) => {
      const agency = newAgency()
      const gate = createGate()
      await broker.publish(ticketsFor(agency, 4))
      await broker.consume(agency, 2, gate.pass)
      await until(() => gate.held() === 2)
      await broker.close(50)
      expect(gate.passed()).to.equal(0)
      expect(broker.state()).to.equal('down')
      expect(await broker.publish(ticketsFor(agency, 1))).to.deep.equal([])
      const late = await broker.consume(agency, 1, gate.pass).then(
        () => 'accepted',
        () => 'refused',
      )
      expect(late).to.equal('refused')
      gate.open()
      await until(() => gate.held() === 0)
      expect(gate.passed()).to.equal(2)
    }))
}

/** What a new consumer gets up to a ticket published now: what was left in the queue, then that one. */
async function afterwards(broker: Broker, agency: string): Promise<readonly string[]> {
  const [last] = ticketsFor(agency, 1)
  const seen: string[] = []
  await broker.publish([last!])
  await broker.consume(agency, 1, async (id) => void seen.push(id))
  await until(() => seen.includes(last!.id))
  return seen
}
