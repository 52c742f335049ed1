import { expect } from 'chai'
import fc from 'fast-check'
import type { Store } from '../../../adapters/store/store.ts'
import { withStore } from '../../support/database.ts'
import { acceptanceOf, deliveryOf, endingOf, leaseOf, recordWith, t0 } from './builders.ts'

/** What a lane should be: its deliveries in the order of their acceptance, and what becomes of its head. */
interface Lane {
  readonly ids: string[]
  done: number
  owner: string | null
  dueAt: number
}

interface Model {
  readonly store: Store
  readonly lanes: ReadonlyMap<string, Lane>
  now: number
}

const laneNames = ['H1', 'H2', 'H3'] as const
const leaseMs = 1000

const step = fc.record({
  act: fc.constantFrom(
    'accept',
    'accept',
    'claim',
    'claim',
    'claim',
    'finish',
    'finish',
    'retry',
    'lose',
    'wait',
  ),
  lane: fc.constantFrom(...laneNames),
  number: fc.nat(3),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
type Act = (model: Model, lane: Lane, step: Step) => Promise<void>

const over = ['delivered', 'processed', 'refused', 'skipped'] as const

/** Ends the held head; the model says that it holds. */
async function end(model: Model, lane: Lane, state: 'due' | (typeof over)[number]): Promise<void> {
  if (lane.owner === null) return
  const dueAt = state === 'due' ? model.now + 50 : null
  const ending = endingOf(lane.ids[lane.done]!, lane.owner, { state, dueAt })
  const [result] = await recordWith(model.store, [ending], model.now)
  expect(result?.recorded).to.equal(true)
  lane.owner = null
  lane.dueAt = dueAt ?? model.now
  if (state !== 'due') lane.done += 1
}

const acts: Readonly<Record<Step['act'], Act>> = {
  accept: async ({ store, now }, lane, { lane: subjectKey, number }) => {
    const batch = Array.from({ length: number + 1 }, () => acceptanceOf({ subjectKey, receivedAt: now }))
    await store.acceptMany(batch)
    if (lane.done === lane.ids.length) lane.dueAt = now
    lane.ids.push(...batch.map((one) => deliveryOf(one)))
  },
  claim: async ({ store, now }, lane, { number }) => {
    const position = Math.max(0, lane.done - 1) + number
    const id = lane.ids[position]
    if (id === undefined) return
    const mayClaim = position === lane.done && lane.owner === null && lane.dueAt <= now
    const claimed = await store.claimMany([id], leaseOf('w', now, leaseMs))
    expect(claimed.map(({ deliveryId }) => deliveryId)).to.deep.equal(mayClaim ? [id] : [])
    if (mayClaim) lane.owner = claimed[0]!.owner
  },
  finish: (model, lane, { number }) => end(model, lane, over[number]!),
  retry: (model, lane) => end(model, lane, 'due'),
  lose: async (model) => {
    model.now += leaseMs
    await model.store.sweepClaims(model.now, {
      maxClaims: 1000,
      repeatable: () => true,
      askAfterSeconds: () => 0,
      limit: 100,
    })
    for (const lane of model.lanes.values()) await loseHead(model, lane)
  },
  wait: async (model) => {
    model.now += 30
  },
}

/** The worker that lost its lease comes back late: its ending must be void. */
async function loseHead(model: Model, lane: Lane): Promise<void> {
  if (lane.owner === null) return
  const [result] = await recordWith(model.store, [endingOf(lane.ids[lane.done]!, lane.owner)], model.now)
  expect(result).to.deep.equal({ recorded: false, freed: [] })
  lane.owner = null
  lane.dueAt = model.now
}

/** Delivers what is left; a lane that does not move any more fails. */
async function drain(model: Model): Promise<void> {
  model.now += 60_000
  await acts.lose(model, model.lanes.get('H1')!, { act: 'lose', lane: 'H1', number: 0 })
  for (const [name, lane] of model.lanes) {
    while (lane.done < lane.ids.length) {
      const [claimed] = await model.store.claimMany([lane.ids[lane.done]!], leaseOf('w', model.now))
      if (claimed === undefined) throw new Error(`lane ${name} is stuck at ${lane.done}`)
      lane.owner = claimed.owner
      await end(model, lane, 'delivered')
    }
  }
}

describe('lanes', () => {
  it('keep the order of acceptance through any interleaving, and never get stuck', function () {
    this.timeout(60_000)
    return fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) =>
        withStore('sqlite', async ({ store }) => {
          const lanes = new Map(
            laneNames.map((name) => [name as string, { ids: [], done: 0, owner: null, dueAt: 0 }]),
          )
          const model: Model = { store, lanes, now: t0 }
          for (const one of steps) await acts[one.act](model, lanes.get(one.lane)!, one)
          await drain(model)
          const { behind = 0, due = 0, sending = 0 } = await store.counts()
          expect({ behind, due, sending }).to.deep.equal({ behind: 0, due: 0, sending: 0 })
        }),
      ),
      { numRuns: 40 },
    )
  })
})
