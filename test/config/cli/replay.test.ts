import { randomUUID } from 'node:crypto'
import { CommanderError } from 'commander'
import { expect } from 'chai'
import type { Ending } from '../../../adapters/store/store.ts'
import { createPerson, withPeople } from '../../support/asking.ts'
import type { LentGateway } from '../../support/gateway.ts'
import { createParty, envelopeOf } from '../../support/parties.ts'
import { samplePayload } from '../../support/payloads.ts'
import { perform } from './perform.ts'

const province = createParty({ code: 'H49' })
const core = createParty({ code: 'G22' })
const operator = createPerson('Phạm Văn Trực', 'operator')
const why = ['--reason', 'nơi nhận đã sửa'] as const

type Run = (...args: readonly string[]) => ReturnType<typeof perform>

/** A gateway with `count` deliveries to G22 that ended in a state; in order of acceptance. */
const withEnded = (
  { count, state }: { readonly count: number; readonly state: Ending['state'] },
  use: (run: Run, ids: readonly string[], lent: LentGateway) => Promise<void>,
): Promise<void> =>
  withPeople([province, core], { people: [operator] }, async (_, lent) => {
    for (let n = 1; n <= count; n += 1) await submit(lent, n)
    const ids = await endAs(lent, state)
    expect(ids).to.have.lengthOf(count)
    await use((...args) => perform(lent.url, operator.key, args), ids, lent)
  })

async function submit({ call }: LentGateway, n: number): Promise<void> {
  const payload = samplePayload('document.letter', n)
  const header = { recipients: ['G22'], senderRef: randomUUID() }
  const bytes = await envelopeOf(province, 'document.letter', payload, header)
  const answer = await call(province.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
  expect(answer.status, answer.text).to.equal(202)
}

async function endAs({ store, clock }: LentGateway, state: Ending['state']): Promise<readonly string[]> {
  const lease = { owner: 'test', now: clock.now(), until: clock.now() + 9_000 }
  const taken = await store.takeMany('G22', 50, lease)
  const attempt = { at: lease.now, durationMs: 1, outcome: 'retry', code: 'timeout', reason: null }
  const common = { state, dueAt: null, attempt, receipts: [] }
  const endings = taken.map(({ deliveryId, owner }): Ending => ({ ...common, deliveryId, owner }))
  await store.recordMany(endings, { ...lease, mayLease: () => false })
  return taken.map(({ deliveryId }) => deliveryId)
}

const matched = ({ out }: { readonly out: string }) => Number(/matched +(\d+)/.exec(out)?.[1])

describe('lienthong: replay', () => {
  it('only counts what a filter finds, until --yes; goes on after a limit', () =>
    withEnded({ count: 3, state: 'dead' }, async (run) => {
      const look = await run('replay', '--recipient', 'G22', ...why)
      expect(look.out, look.err).to.contain('--yes')
      expect(matched(look)).to.equal(3)
      expect(matched(await run('replay', '--recipient', 'G22', '--before', '1h', ...why))).to.equal(0)
      expect(matched(await run('replay', '--recipient', 'H49', ...why))).to.equal(0)
      expect(matched(await run('replay', '--state', 'parked', ...why))).to.equal(0)
      const part = await run('replay', '--since', '1h', '--limit', '2', '--yes', ...why)
      expect(part.out, part.err).to.match(/xong · done[^\n]* +2/)
      const after = /--after (\S+)/.exec(part.out)?.[1] ?? ''
      expect(matched(await run('replay', '--after', after, '--yes', ...why))).to.equal(1)
      expect((await run('deliveries')).out).to.contain('No delivery')
      expect((await run('deliveries', '--state', 'due', '--json')).code).to.equal(0)
    }))

  it('lists what is dead, and replays, skips one, with the reason in the audit', () =>
    withEnded({ count: 2, state: 'dead' }, async (run, [first = '', second = ''], { store }) => {
      const list = await run('deliveries', '--state', 'dead', '--recipient', 'G22', '--max', '1')
      expect(list.out, list.err).to.match(new RegExp(`${first} +G22 +[^]*--after ${first}`))
      const replayed = await run('replay', first, ...why)
      expect(replayed.out, replayed.err).to.match(/result +xong · done/)
      const again = await run('replay', first, ...why, '--json')
      expect(JSON.parse(again.out)).to.deep.equal({ result: 'already', warning: null })
      expect((await run('skip', second, ...why)).out).to.match(/result +xong/)
      const acts = await store.listAudit({ limit: 9 })
      expect(acts.map(({ act, object, reason }) => [act, object, reason])).to.deep.include.members([
        ['delivery.replay', first, 'nơi nhận đã sửa'],
        ['delivery.skip', second, 'nơi nhận đã sửa'],
      ])
    }))

  it('ends a doubt', () =>
    withEnded({ count: 1, state: 'in_doubt' }, async (run, [id = '']) => {
      const ended = await run('resolve', id, '--outcome', 'delivered', ...why)
      expect(ended.out, ended.err).to.match(/result +xong/)
      expect((await run('deliveries', '--state', 'delivered')).out).to.contain(id)
    }))

  it('asks for a delivery or a filter, not both, and for a moment that is one', async () => {
    const cases = [
      ['replay', ...why],
      ['replay', '--yes', ...why],
      ['replay', randomUUID(), '--state', 'dead', ...why],
      ['replay', '--before', 'yesterday', ...why],
      ['replay', '--before', '2026-11-22T08:00', ...why],
      ['replay', '--state', 'delivered', ...why],
      ['resolve', randomUUID(), ...why],
    ]
    for (const args of cases) {
      const error = await perform('http://127.0.0.1:9', 'k', args).catch((thrown: unknown) => thrown)
      expect(error, args.join(' ')).to.be.instanceOf(CommanderError)
    }
  })
})
