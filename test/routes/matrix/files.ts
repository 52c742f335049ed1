import { bodies } from '../../support/world.ts'
import type { MatrixRow } from './row.ts'

const file = { type: 'application/pdf', bytes: '%PDF-1.7 thử nghiệm' }

/** Doors of files, by operation. */
export const fileRows: Readonly<Record<string, MatrixRow>> = {
  'POST /v1/files': { reach: { agency: 'all' }, ask: () => ({ path: '/v1/files', body: file }) },
  'GET /v1/files/{id}': {
    reach: { agency: 'below', 'agency-admin': 'below' },
    ask: async (world, relation) => {
      const { json } = await world.call(bodies[relation].apiKey, 'POST', '/v1/files', file)
      return { path: `/v1/files/${String(json['id'])}` }
    },
  },
}
