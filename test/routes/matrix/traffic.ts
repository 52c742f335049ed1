import { bodies, type Relation } from '../../support/world.ts'
import { jsonBody, type MatrixRow } from './row.ts'

const governors = { operator: 'all', admin: 'all' } as const
const onlookers = { ...governors, auditor: 'all', 'agency-admin': 'below' } as const
const pathOf = (relation: Relation, part: string) =>
  `/admin/v1/agencies/${bodies[relation].agency.code}/${part}`

const order = (verb: string): MatrixRow => ({
  reach: governors,
  ask: (_world, relation) => ({ path: pathOf(relation, verb), body: jsonBody({ reason: 'thử nghiệm' }) }),
})

/** Doors of traffic, by operation. */
export const trafficRows: Readonly<Record<string, MatrixRow>> = {
  'POST /admin/v1/agencies/{code}/pause': order('pause'),
  'POST /admin/v1/agencies/{code}/resume': order('resume'),
  'POST /admin/v1/agencies/{code}/drain': order('drain'),
  'GET /admin/v1/agencies/{code}/traffic': {
    reach: onlookers,
    ask: (_world, relation) => ({ path: pathOf(relation, 'traffic') }),
  },
  'GET /admin/v1/agencies/{code}/organisations': {
    reach: onlookers,
    ask: (_world, relation) => ({ path: pathOf(relation, 'organisations?organ=G22') }),
  },
  'GET /admin/v1/agencies/{code}/pace': {
    reach: onlookers,
    ask: (_world, relation) => ({ path: pathOf(relation, 'pace') }),
  },
  'PUT /admin/v1/agencies/{code}/pace': {
    reach: governors,
    ask: (_world, relation) => ({
      path: pathOf(relation, 'pace'),
      body: jsonBody({ perSecond: 5, reason: 'thử nghiệm' }),
    }),
  },
}
