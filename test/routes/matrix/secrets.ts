import { bodies, type Relation, type World } from '../../support/world.ts'
import { jsonBody, type MatrixRow } from './row.ts'

const value = `whsec_${Buffer.from('t'.repeat(32)).toString('base64')}`
const keepers = { admin: 'all', 'agency-admin': 'below' } as const
const pathOf = (relation: Relation, name = '') =>
  `/admin/v1/agencies/${bodies[relation].agency.code}/secrets${name}`

async function kept(world: World, relation: Relation): Promise<string> {
  const path = pathOf(relation, '/webhook')
  const answer = await world.request(world.roleKeys.admin, 'PUT', { path, body: jsonBody({ value }) })
  if (answer.status !== 200) throw new Error(answer.text)
  return path
}

/** Doors of the secrets that the gateway uses towards a body, by operation. */
export const secretRows: Readonly<Record<string, MatrixRow>> = {
  'GET /admin/v1/agencies/{code}/secrets': {
    reach: { ...keepers, operator: 'all', auditor: 'all' },
    ask: (_world, relation) => ({ path: pathOf(relation) }),
  },
  'PUT /admin/v1/agencies/{code}/secrets/{name}': {
    reach: keepers,
    ask: (_world, relation) => ({ path: pathOf(relation, '/webhook'), body: jsonBody({ value }) }),
  },
  'DELETE /admin/v1/agencies/{code}/secrets/{name}': {
    reach: keepers,
    ask: async (world, relation) => ({ path: await kept(world, relation) }),
  },
}
