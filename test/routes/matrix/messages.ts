import { samplePayload } from '../../support/payloads.ts'
import { envelopeOf, type Party } from '../../support/parties.ts'
import { bodies, type World } from '../../support/world.ts'
import { everybody, jsonBody, type MatrixRow } from './row.ts'

interface Listed {
  readonly deliveries: readonly { readonly messageId: string; readonly deliveryId: string }[]
}

/** A delivery that its recipient has pulled and not yet answered. */
async function pulled(world: World, party: Party): Promise<string> {
  const messageId = await world.send(bodies.core, [party])
  const { json } = await world.call(party.apiKey, 'GET', '/v1/mailbox?max=100')
  const found = (json as unknown as Listed).deliveries.find((each) => each.messageId === messageId)
  if (found === undefined) throw new Error('nothing was pulled')
  return found.deliveryId
}

const readers = { agency: 'below', 'agency-admin': 'below', operator: 'all', auditor: 'all' } as const

interface Evidence {
  readonly receipt: { readonly id: string }
}

/** The receipt of a message that a body has sent; answers its id. */
async function receiptOf(world: World, party: Party): Promise<string> {
  const id = await world.send(party)
  const { json } = await world.call(party.apiKey, 'GET', `/v1/messages/${id}`)
  return (json['receipts'] as unknown as readonly Evidence[])[0]!.receipt.id
}

/** A signed refusal of what a body has sent; answers its id. */
async function refusalOf(world: World, party: Party): Promise<string> {
  const bytes = await envelopeOf(party, 'dossier.submitted', {})
  const { json } = await world.call(party.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
  return (json['receipt'] as unknown as Evidence).receipt.id
}

/** Doors of messages, by operation. */
export const messageRows: Readonly<Record<string, MatrixRow>> = {
  'POST /v1/messages': {
    reach: { agency: 'below' },
    ask: async (_world, relation) => ({
      path: '/v1/messages',
      body: {
        type: 'application/xml',
        bytes: await envelopeOf(bodies[relation], 'dossier.submitted', samplePayload('dossier.submitted', 1)),
      },
    }),
  },
  'GET /v1/messages/{id}': {
    reach: readers,
    ask: async (world, relation) => ({ path: `/v1/messages/${await world.send(bodies[relation])}` }),
  },
  'GET /v1/messages': {
    reach: readers,
    ask: async (world, relation) => {
      const id = await world.send(bodies[relation])
      return {
        path: '/v1/messages?max=100',
        shows: ({ json }) =>
          (json['items'] as unknown as readonly { id: string }[]).some((each) => each.id === id),
      }
    },
  },
  'GET /v1/messages/{id}/envelope': {
    reach: readers,
    ask: async (world, relation) => ({
      path: `/v1/messages/${await world.send(bodies[relation])}/envelope`,
    }),
  },
  'GET /v1/refusals': {
    reach: readers,
    ask: async (world, relation) => {
      const id = await refusalOf(world, bodies[relation])
      return {
        path: '/v1/refusals?max=100',
        shows: ({ json }) =>
          (json['items'] as unknown as readonly Evidence[]).some(({ receipt }) => receipt.id === id),
      }
    },
  },
  'GET /v1/receipts/{id}': {
    reach: readers,
    ask: async (world, relation) => ({
      path: `/v1/receipts/${await receiptOf(world, bodies[relation])}`,
    }),
  },
  'GET /v1/mailbox': {
    reach: { agency: 'own' },
    ask: async (world, relation) => {
      const id = await world.send(bodies.core, [bodies[relation]])
      return {
        path: '/v1/mailbox?max=100',
        shows: ({ json }) => (json as unknown as Listed).deliveries.some(({ messageId }) => messageId === id),
      }
    },
  },
  'POST /v1/mailbox/{deliveryId}/ack': {
    reach: { agency: 'below' },
    ask: async (world, relation) => ({
      path: `/v1/mailbox/${await pulled(world, bodies[relation])}/ack`,
      body: jsonBody({ outcome: 'processed' }),
    }),
  },
  'GET /v1/catalogs/{catalog}/changes': {
    reach: everybody('all'),
    ask: () => ({ path: '/v1/catalogs/1/changes' }),
  },
  'GET /v1/certificates': { reach: 'public', ask: () => ({ path: '/v1/certificates' }) },
}
