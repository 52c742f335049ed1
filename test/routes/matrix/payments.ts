import { v7 } from 'uuid'
import { moneyFact } from '../../support/samples/money.ts'
import { bodies, type Relation, type World } from '../../support/world.ts'
import { jsonBody, type MatrixRow } from './row.ts'

let number = 0

/** Money that nobody asked for, reported by a body: a case of its own. */
async function reported(world: World, relation: Relation) {
  const { code } = bodies[relation].agency
  const fact = moneyFact({ reference: `R${(number += 1)}`, sender: code, dossier: `TEST-${number}` })
  await world.store.keepFact(fact, { original: Buffer.from('{}'), at: world.clock.now() })
  const found = await world.store.listPaymentCases({ state: 'open', limit: 200 })
  return { fact, id: found.at(-1)?.id ?? v7() }
}

/** Doors of payments, by operation. */
export const paymentRows: Readonly<Record<string, MatrixRow>> = {
  'GET /v1/payments': {
    reach: { agency: 'below', 'agency-admin': 'below', operator: 'all', auditor: 'all' },
    ask: async (world, relation) => {
      const { fact } = await reported(world, relation)
      return {
        path: `/v1/payments?MaHoSo=${fact.dossier}`,
        shows: ({ json }) => (json['items'] as unknown as readonly unknown[]).length === 1,
      }
    },
  },
  'GET /admin/v1/payment-cases': {
    reach: { operator: 'all', auditor: 'all' },
    ask: async (world, relation) => {
      const { id } = await reported(world, relation)
      return {
        path: '/admin/v1/payment-cases?max=200',
        shows: ({ json }) =>
          (json['items'] as unknown as readonly { id: string }[]).some((each) => each.id === id),
      }
    },
  },
  'POST /admin/v1/payment-cases/{id}/close': {
    reach: { operator: 'all' },
    ask: async (world, relation) => ({
      path: `/admin/v1/payment-cases/${(await reported(world, relation)).id}/close`,
      body: jsonBody({ reason: 'đã đối soát' }),
    }),
  },
}
