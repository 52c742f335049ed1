import { expect } from 'chai'
import fc from 'fast-check'
import { GatewayError } from '../../schemas/errors.ts'
import { grouped } from '../../workers/batch.ts'

const limits = { rows: 10, bytes: 100, ms: 0 }

describe('grouped', () => {
  it('gives every caller the result of its own item, whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ value: fc.nat(), bytes: fc.integer({ min: 1, max: 150 }) }), { maxLength: 80 }),
        async (items) => {
          const twice = grouped(
            async (batch: readonly { value: number; bytes: number }[]) => batch.map(({ value }) => value * 2),
            limits,
            ({ bytes }) => bytes,
          )
          expect(await Promise.all(items.map(twice))).to.deep.equal(items.map(({ value }) => value * 2))
        },
      ),
      { numRuns: 50 },
    )
  })

  it('keeps the order of calls, and its limits of rows and bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 80 }), async (sizes) => {
        const batches: (readonly number[])[] = []
        const run = grouped(
          async (batch: readonly number[]) => {
            batches.push(batch)
            return batch
          },
          limits,
          (bytes) => bytes,
        )
        await Promise.all(sizes.map(run))
        expect(batches.flat()).to.deep.equal(sizes)
        for (const batch of batches) {
          expect(batch.length).to.be.at.most(limits.rows)
          if (batch.length > 1) expect(batch.reduce((sum, size) => sum + size, 0)).to.be.at.most(limits.bytes)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('runs one batch at a time', async () => {
    let running = 0
    let most = 0
    const run = grouped(async (batch: readonly number[]) => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return batch
    }, limits)
    await Promise.all(Array.from({ length: 100 }, (_, index) => run(index)))
    expect(most).to.equal(1)
  })

  it('fails the bad item alone', async () => {
    const run = grouped(async (batch: readonly number[]) => {
      if (batch.includes(7)) throw new Error('seven')
      return batch
    }, limits)
    const results = await Promise.allSettled([1, 7, 3].map(run))
    expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('does not try an outage item by item', async () => {
    let runs = 0
    const run = grouped(async (_batch: readonly number[]): Promise<readonly number[]> => {
      runs += 1
      throw new GatewayError('unavailable')
    }, limits)
    const results = await Promise.allSettled([1, 2, 3].map(run))
    expect(results.every(({ status }) => status === 'rejected')).to.equal(true)
    expect(runs).to.equal(1)
  })
})
