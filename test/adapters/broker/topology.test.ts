import { expect } from 'chai'
import fc from 'fast-check'
import { bytesOf, idsOf, messageOptions, queueOf, queueOptions } from '../../../adapters/broker/topology.ts'

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

  it('publishes persistent and mandatory messages', () => {
    expect(messageOptions).to.deep.equal({ persistent: true, mandatory: true })
  })

  it('carries ids as their 16 bytes and back', () => {
    fc.assert(
      fc.property(fc.array(fc.uuid(), { minLength: 1, maxLength: 20 }), (ids) => {
        const bytes = ids.map((id) => bytesOf(id)!)
        expect(bytes.map(({ length }) => length)).to.deep.equal(ids.map(() => 16))
        expect(idsOf(Buffer.concat(bytes))).to.deep.equal(ids)
      }),
    )
  })

  it('finds no id in a body of another length, and no bytes for a text that is no id', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }).filter(({ length }) => length === 0 || length % 16 !== 0),
        (body) => {
          expect(idsOf(Buffer.from(body))).to.equal(undefined)
        },
      ),
    )
    for (const text of ['', 'G22', '0190', '0190f6c2-7b1e-7cc3-98c4-dc0c0c07398', '0'.repeat(33)])
      expect(bytesOf(text), text).to.equal(undefined)
  })
})
