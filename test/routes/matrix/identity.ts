import { bodies, type Relation, type World } from '../../support/world.ts'
import { everybody, jsonBody, type MatrixRow } from './row.ts'

const readers = { operator: 'all', admin: 'all', auditor: 'all', 'agency-admin': 'below' } as const
const managers = { admin: 'all', 'agency-admin': 'below' } as const

const wish = (relation: Relation) => ({
  kind: 'key',
  label: 'hệ thống thử',
  agency: bodies[relation].agency.code,
  roles: ['agency'],
})

/** A new credential of a body's system; answers its id. */
async function given(world: World, relation: Relation): Promise<string> {
  const answer = await world.request(world.roleKeys.admin, 'POST', {
    path: '/admin/v1/credentials',
    body: jsonBody(wish(relation)),
  })
  if (answer.status !== 201) throw new Error(answer.text)
  return (answer.json['credential'] as unknown as { id: string }).id
}

/** One credential of a body, or what is done to it. */
const one = (reach: MatrixRow['reach'], part = '', body?: unknown): MatrixRow => ({
  reach,
  ask: async (world, relation) => ({
    path: `/admin/v1/credentials/${await given(world, relation)}${part}`,
    ...(body === undefined ? {} : { body: jsonBody(body) }),
  }),
})

/** Doors of identity, by operation. */
export const identityRows: Readonly<Record<string, MatrixRow>> = {
  'GET /v1/me': { reach: everybody('all'), ask: () => ({ path: '/v1/me' }) },
  'GET /admin/v1/credentials': {
    reach: readers,
    ask: async (world, relation) => {
      const id = await given(world, relation)
      return {
        path: '/admin/v1/credentials?limit=200',
        shows: ({ json }) =>
          (json['items'] as unknown as readonly { id: string }[]).some((each) => each.id === id),
      }
    },
  },
  'POST /admin/v1/credentials': {
    reach: managers,
    ask: (_world, relation) => ({ path: '/admin/v1/credentials', body: jsonBody(wish(relation)) }),
  },
  'GET /admin/v1/credentials/{id}': one(readers),
  'DELETE /admin/v1/credentials/{id}': one(managers),
  'POST /admin/v1/credentials/{id}/rotate': one(managers, '/rotate', {}),
  'POST /admin/v1/credentials/{id}/unlock': {
    ...one(managers, '/unlock', {}),
    past: 409, // it is not locked
  },
  'POST /oauth/token': {
    reach: 'public',
    ask: async (world, relation) => {
      const { json } = await world.request(world.roleKeys.admin, 'POST', {
        path: '/admin/v1/credentials',
        body: jsonBody({ ...wish(relation), kind: 'oauth' }),
      })
      const form = {
        grant_type: 'client_credentials',
        client_id: (json['credential'] as unknown as { id: string }).id,
        client_secret: String(json['secret']),
      }
      const body = {
        type: 'application/x-www-form-urlencoded',
        bytes: new URLSearchParams(form).toString(),
      }
      return { path: '/oauth/token', keyless: true, body }
    },
  },
}
