import type { CallAnswer } from '../../support/gateway.ts'
import { createSigningKey } from '../../support/parties.ts'
import { bodies, type Relation, type World } from '../../support/world.ts'
import { createAuthority } from '../../../signing/issue.ts'
import { jsonBody, type MatrixRow } from './row.ts'

const people = { operator: 'all', admin: 'all', auditor: 'all' } as const
const onlookers = { ...people, 'agency-admin': 'below' } as const
const keepers = { admin: 'all', 'agency-admin': 'below' } as const
const admin = { admin: 'all' } as const

const codeOf = (relation: Relation) => bodies[relation].agency.code
const pathOf = (relation: Relation, part = '') => `/admin/v1/agencies/${codeOf(relation)}${part}`
const reason = 'thử nghiệm'
const contacts = jsonBody({ technical: [{ name: 'Trần Thị Thử', email: 'thu@example.vn' }] })

/** A certificate of the same subject, as a renewal has it. */
const renewal = (relation: Relation) => ({
  pem: createSigningKey(codeOf(relation), 'state').certificate.pem,
  use: 'sign',
})

function newRoot(): object {
  const { certificate } = createAuthority({
    name: 'CA thử',
    organization: 'Sandbox',
    now: Date.now() - 60_000,
    years: 2,
  })
  return { partyClass: 'company', pem: certificate.pem, reason }
}

/** Does something as the admin, which must succeed. */
async function prepare(world: World, method: string, path: string, body?: unknown): Promise<CallAnswer> {
  const answer = await world.request(world.roleKeys.admin, method, {
    path,
    ...(body === undefined ? {} : { body: jsonBody(body) }),
  })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
  return answer
}

const read = (reach: MatrixRow['reach'], part: string): MatrixRow => ({
  reach,
  ask: (_world, relation) => ({ path: pathOf(relation, part) }),
})
const common = (reach: MatrixRow['reach'], path: string, body?: unknown): MatrixRow => ({
  reach,
  ask: () => ({ path, ...(body === undefined ? {} : { body: jsonBody(body) }) }),
})

const agencyRows: Readonly<Record<string, MatrixRow>> = {
  'GET /admin/v1/agencies': {
    reach: onlookers,
    ask: (_world, relation) => ({
      path: '/admin/v1/agencies?max=200',
      shows: ({ json }) =>
        (json['items'] as unknown as readonly { agency: { code: string } }[]).some(
          ({ agency }) => agency.code === codeOf(relation),
        ),
    }),
  },
  'GET /admin/v1/agencies/{code}': read(onlookers, ''),
  'PUT /admin/v1/agencies/{code}': {
    reach: admin,
    ask: async (world, relation) => {
      const { json, headers } = await prepare(world, 'GET', pathOf(relation))
      const given = Object.entries(json['agency'] as unknown as Record<string, unknown>)
      const draft = Object.fromEntries(
        given.filter(([name]) => !['code', 'status', 'liveSince'].includes(name)),
      )
      return {
        path: pathOf(relation),
        headers: { 'if-match': headers.get('etag') ?? '' },
        body: jsonBody({ ...draft, name: `${codeOf(relation)} ${Math.random()}` }),
      }
    },
  },
  'POST /admin/v1/agencies/{code}/state': {
    reach: { admin: 'all', operator: 'all' },
    ask: async (world, relation) => {
      const { json } = await prepare(world, 'GET', pathOf(relation))
      const { status } = json['agency'] as unknown as { status: string }
      return {
        path: pathOf(relation, '/state'),
        body: jsonBody({ status: status === 'suspended' ? 'live' : 'suspended', reason }),
      }
    },
  },
  'POST /admin/v1/agencies/{code}/test': {
    reach: { ...keepers, operator: 'all' },
    ask: (_world, relation) => ({ path: pathOf(relation, '/test') }),
  },
  'GET /admin/v1/agencies/{code}/contacts': read(onlookers, '/contacts'),
  'PUT /admin/v1/agencies/{code}/contacts': {
    reach: keepers,
    ask: (_world, relation) => ({ path: pathOf(relation, '/contacts'), body: contacts }),
  },
  'GET /admin/v1/agencies/{code}/grants': read(onlookers, '/grants'),
  'PUT /admin/v1/agencies/{code}/grants': {
    reach: admin,
    ask: (_world, relation) => ({
      path: pathOf(relation, '/grants'),
      body: jsonBody({ values: ['dossier.submitted', 'document.letter'], reason }),
    }),
  },
}

const certificateRows: Readonly<Record<string, MatrixRow>> = {
  'GET /admin/v1/agencies/{code}/certificates': read(onlookers, '/certificates'),
  'POST /admin/v1/agencies/{code}/certificates': {
    reach: keepers,
    ask: (_world, relation) => ({
      path: pathOf(relation, '/certificates'),
      body: jsonBody(renewal(relation)),
    }),
  },
  'DELETE /admin/v1/agencies/{code}/certificates/{fingerprint}': {
    reach: keepers,
    ask: async (world, relation) => {
      const { json } = await prepare(world, 'POST', pathOf(relation, '/certificates'), renewal(relation))
      const query = new URLSearchParams({ reason }).toString()
      return { path: pathOf(relation, `/certificates/${String(json['fingerprint'])}?${query}`) }
    },
  },
  'GET /admin/v1/trust-roots': common(people, '/admin/v1/trust-roots'),
  'POST /admin/v1/trust-roots': {
    reach: admin,
    ask: () => ({ path: '/admin/v1/trust-roots', body: jsonBody(newRoot()) }),
  },
  'DELETE /admin/v1/trust-roots/{fingerprint}': {
    reach: admin,
    ask: async (world) => {
      const { json } = await prepare(world, 'POST', '/admin/v1/trust-roots', newRoot())
      const query = new URLSearchParams({ reason }).toString()
      return { path: `/admin/v1/trust-roots/${String(json['fingerprint'])}?${query}` }
    },
  },
}

/** Doors of the registry, by operation. */
export const registryRows: Readonly<Record<string, MatrixRow>> = {
  ...agencyRows,
  ...certificateRows,
  'POST /admin/v1/agencies/import': common(admin, '/admin/v1/agencies/import?dryRun=true', {
    registry: {
      agencies: [],
      aliases: {},
      certificates: [],
      trustRoots: [],
      grants: {},
      subscriptions: {},
    },
    reason,
  }),
  'GET /admin/v1/aliases': common(people, '/admin/v1/aliases'),
  'GET /admin/v1/aliases/{name}': common(people, '/admin/v1/aliases/portal-core'),
  'PUT /admin/v1/aliases/{name}': common(admin, '/admin/v1/aliases/nhom-thu', { values: ['H37'], reason }),
  'GET /admin/v1/subscriptions': common(people, '/admin/v1/subscriptions'),
  'GET /admin/v1/subscriptions/{name}': {
    reach: people,
    ask: async (world) => {
      const path = '/admin/v1/subscriptions/catalog.changed'
      await prepare(world, 'PUT', path, { values: ['H37'], reason })
      return { path }
    },
  },
  'PUT /admin/v1/subscriptions/{name}': common(admin, '/admin/v1/subscriptions/catalog.changed', {
    values: ['H37'],
    reason,
  }),
  'GET /admin/v1/audit': {
    reach: { admin: 'all', auditor: 'all', 'agency-admin': 'below' },
    ask: async (world, relation) => {
      await world.request(world.roleKeys.admin, 'PUT', {
        path: pathOf(relation, '/contacts'),
        body: contacts,
      })
      return {
        path: `/admin/v1/audit?max=500&body=${codeOf(relation)}`,
        shows: ({ json }) =>
          (json['items'] as unknown as readonly { body: string | null }[]).some(
            ({ body }) => body === codeOf(relation),
          ),
      }
    },
  },
}
