import type { Ending } from '../../../adapters/store/store.ts'
import { bodies, type Relation, type World } from '../../support/world.ts'
import { jsonBody, type MatrixRow } from './row.ts'

const governors = { operator: 'all', admin: 'all' } as const
const onlookers = { ...governors, auditor: 'all', 'agency-admin': 'below' } as const
const reason = 'thử nghiệm'

/** A message to a body, and its delivery, which waits in the mailbox. */
async function waiting(world: World, relation: Relation) {
  const messageId = await world.send(bodies.core, [bodies[relation]])
  const { json } = await world.call(bodies.core.apiKey, 'GET', `/v1/messages/${messageId}`)
  const [delivery] = json['deliveries'] as unknown as readonly { id: string }[]
  if (delivery === undefined) throw new Error('no delivery')
  return { messageId, deliveryId: delivery.id }
}

/** Ends what waits for a body as a worker that gave up: its lane is blocked. */
async function park({ store, clock }: World, relation: Relation): Promise<void> {
  const lease = { owner: 'test', now: clock.now(), until: clock.now() + 9_000 }
  const taken = await store.takeMany(bodies[relation].agency.code, 50, lease)
  const attempt = { at: lease.now, durationMs: 1, outcome: 'retry', code: 'timeout', reason: null }
  const endings = taken.map(({ deliveryId, owner }): Ending => ({
    deliveryId,
    owner,
    state: 'parked',
    dueAt: null,
    attempt,
    receipts: [],
  }))
  await store.recordMany(endings, { ...lease, mayLease: () => false })
}

/** What is done to one delivery. One that waits is in no doubt and has had no answer: whoever is let in reads so. */
const done = (verb: string, body: object): MatrixRow => ({
  reach: governors,
  past: 409,
  ask: async (world, relation) => ({
    path: `/admin/v1/deliveries/${(await waiting(world, relation)).deliveryId}/${verb}`,
    body: jsonBody({ reason, ...body }),
  }),
})

/** Doors of single deliveries, by operation. */
export const deliveryRows: Readonly<Record<string, MatrixRow>> = {
  'GET /admin/v1/deliveries': {
    reach: onlookers,
    ask: async (world, relation) => {
      const { messageId } = await waiting(world, relation)
      return {
        path: '/admin/v1/deliveries?state=due&max=200',
        shows: ({ json }) =>
          (json['items'] as unknown as readonly { messageId: string }[]).some(
            (each) => each.messageId === messageId,
          ),
      }
    },
  },
  'GET /admin/v1/deliveries/{id}': {
    reach: onlookers,
    ask: async (world, relation) => ({
      path: `/admin/v1/deliveries/${(await waiting(world, relation)).deliveryId}`,
    }),
  },
  'GET /admin/v1/lanes': {
    reach: onlookers,
    ask: async (world, relation) => {
      const { messageId } = await waiting(world, relation)
      await park(world, relation)
      return {
        path: '/admin/v1/lanes?blocked=true&max=200',
        shows: ({ json }) =>
          (json['items'] as unknown as readonly { head: { messageId: string } }[]).some(
            ({ head }) => head.messageId === messageId,
          ),
      }
    },
  },
  'POST /admin/v1/deliveries/replay': {
    reach: governors,
    ask: () => ({
      path: '/admin/v1/deliveries/replay',
      body: jsonBody({ state: 'dead', before: Date.now(), reason }),
    }),
  },
  'POST /admin/v1/deliveries/{id}/replay': done('replay', {}),
  'POST /admin/v1/deliveries/{id}/skip': done('skip', {}),
  'POST /admin/v1/deliveries/{id}/resolve': done('resolve', { outcome: 'delivered' }),
  'POST /v1/deliveries/{id}/outcome': {
    reach: { agency: 'below' },
    past: 409,
    ask: async (world, relation) => ({
      path: `/v1/deliveries/${(await waiting(world, relation)).deliveryId}/outcome`,
      body: jsonBody({ outcome: 'processed' }),
    }),
  },
}
