import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Acceptance } from '../../adapters/store/store.ts'
import { createAccept } from '../../workers/accept-queues.ts'
import { acceptanceOf } from '../adapters/store/builders.ts'

describe('queues of acceptances', () => {
  it('commit side by side, and what concerns one subject in the order in which it came', async () => {
    const anyPush = fc.record({ subject: fc.nat(5), pauseMs: fc.nat(2) })
    await fc.assert(
      fc.asyncProperty(fc.array(anyPush, { minLength: 1, maxLength: 40 }), async (pushes) => {
        const committed: Acceptance[] = []
        let under = 0
        const accept = createAccept({
          store: {
            async acceptMany(batch) {
              under += 1
              expect(under).to.be.at.most(2)
              await sleep(pushes[committed.length % pushes.length]?.pauseMs ?? 0)
              committed.push(...batch)
              under -= 1
              return batch.map(() => ({ kind: 'accepted', leased: [] }))
            },
          },
          failpoint: () => undefined,
          commitsAtOnce: 2,
        })
        const sent = pushes.map(({ subject }) => acceptanceOf({ subjectKey: `H49-${subject}` }))
        await Promise.all(sent.map(accept))
        expect(committed).to.have.members(sent)
        for (const { message } of sent) {
          const ofSubject = ({ message: { subjectKey } }: Acceptance) => subjectKey === message.subjectKey
          expect(committed.filter(ofSubject)).to.deep.equal(sent.filter(ofSubject))
        }
      }),
      { numRuns: 30 },
    )
  })
})
