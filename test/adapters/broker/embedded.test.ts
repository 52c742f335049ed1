import { expect } from 'chai'
import { createEmbeddedBroker } from '../../../adapters/broker/embedded.ts'
import { describeBroker } from '../../contracts/broker.ts'
import { ticketsFor } from './tickets.ts'

describe('the embedded broker', () => {
  describeBroker(async (use) => {
    const broker = createEmbeddedBroker()
    let agencies = 0
    try {
      await use({ broker, newAgency: () => `G${(agencies += 1)}` })
    } finally {
      await broker.close(0)
    }
  })

  it('confirms 10,000 tickets of an agency that nobody consumes, no more, and still takes those of another', async () => {
    const broker = createEmbeddedBroker()
    const tickets = ticketsFor('G1', 10_010)
    expect(await broker.publish(tickets)).to.deep.equal(tickets.slice(0, 10_000))
    expect(await broker.publish(ticketsFor('G2', 1))).to.have.length(1)
    await broker.close(0)
  })

  it('tells the log which ticket it dropped and why', async () => {
    const lines: object[] = []
    const write = (event: string, fields: object) => void lines.push({ event, ...fields })
    const broker = createEmbeddedBroker({ log: { info: write, warn: write } })
    const [ticket] = ticketsFor('G1', 1)
    const subscription = await broker.consume('G1', 1, () => Promise.reject(new Error('poison')))
    await broker.publish([ticket!])
    await subscription.stop()
    expect(lines).to.deep.equal([{ event: 'broker.ticket_dropped', ...ticket, reason: 'poison' }])
    await broker.close(0)
  })
})
