import { expect } from 'chai'
import fc from 'fast-check'
import { bodyOf, idOf, queueOf, queueOptions, ticketOptions } from '../../../adapters/broker/topology.ts'

describe('the topology', () => {
  it('names one queue per agency, with a version', () => {
    expect(queueOf('lien-thong', 'G22')).to.equal('lien-thong.v1.deliver.G22')
  })

  it('asks for durable quorum queues with a delivery limit, and for nothing that 3.10 and 4.x read differently', () => {
    expect(queueOptions).to.deep.equal({
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 20 },
    })
  })

  it('publishes persistent and mandatory tickets', () => {
    expect(ticketOptions).to.deep.equal({ persistent: true, mandatory: true })
  })

  it('carries an id as its 16 bytes and back', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(bodyOf(id)).to.have.length(16)
        expect(idOf(bodyOf(id)!)).to.equal(id)
      }),
    )
  })

  it('finds no id in a body of another length, and no body for a text that is no id', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }).filter(({ length }) => length !== 16),
        (body) => {
          expect(idOf(body)).to.equal(undefined)
        },
      ),
    )
    for (const text of ['', 'G22', '0190', '0190f6c2-7b1e-7cc3-98c4-dc0c0c07398', '0'.repeat(33)])
      expect(bodyOf(text), text).to.equal(undefined)
  })
})
