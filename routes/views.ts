import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import { settledStates, type DeliveryState } from '../schemas/message.ts'
import type { Queries } from '../workers/query.ts'
import type { Authenticate } from '../workers/session.ts'

/** The gateway's own certificates, PEM: what a party needs to verify receipts and seals, and to encrypt to it. */
export interface GatewayCertificates {
  readonly code: string
  readonly receipts: string
  readonly seals: string
  readonly encryption: string
}

export interface ViewDeps {
  readonly authenticate: Authenticate
  readonly queries: Queries
  readonly certificates: GatewayCertificates
}

const CatalogQuery = z.object({
  since: z.coerce.number().int().min(0).default(0),
  max: z.coerce.number().int().min(1).max(1000).default(200),
})

/** Read-only doors: messages, catalogue changes, the gateway's certificates. */
export function createViews({ authenticate, queries, certificates }: ViewDeps): Router {
  const router = express.Router()
  const withCaller =
    (view: (req: Request, res: Response, caller: Caller) => Promise<void>) =>
    async (req: Request, res: Response) =>
      view(req, res, await authenticate(req.headers.authorization))

  router.get(
    '/v1/messages/:id',
    withCaller(async (req, res, caller) => {
      const id = z.uuid().safeParse(req.params['id'])
      if (!id.success) throw new GatewayError('not_found', { field: 'id' })
      const { message, deliveries, receipts } = await queries.message(caller, id.data)
      res.json({
        id: message.id,
        state: stateOf(deliveries.map(({ state }) => state)),
        message,
        deliveries,
        receipts,
      })
    }),
  )

  router.get(
    '/v1/catalogs/:catalog/changes',
    withCaller(async (req, res) => {
      const page = CatalogQuery.safeParse(req.query)
      if (!page.success)
        throw new GatewayError('invalid_field', {
          field: page.error.issues[0]?.path.join('.') ?? '',
          reason: 'not a number in range',
        })
      res.json(await queries.catalog(String(req.params['catalog']), page.data.since, page.data.max))
    }),
  )

  router.get('/v1/certificates', (_req, res) => {
    res.json(certificates)
  })
  return router
}

/** The first that applies is the state of a message with several deliveries: what needs a person comes before what went well. */
const precedence: readonly DeliveryState[] = [
  'in_doubt',
  'parked',
  'dead',
  'refused',
  'expired',
  'skipped',
  'delivered',
  'processed',
]

/** `accepted` while anything is still to be done. */
export function stateOf(states: readonly DeliveryState[]): DeliveryState | 'accepted' {
  if (!states.every((state) => settledStates.has(state))) return 'accepted'
  return precedence.find((state) => states.includes(state)) ?? 'accepted'
}
