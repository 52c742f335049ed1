import express, { type Express, type RequestHandler } from 'express'
import type { Health } from '../workers/health.ts'
import { createDoors, type DoorDeps } from './doors.ts'
import { createErrorHandler, notFound, type ErrorReport } from './errors.ts'
import { mountEndpoints, type Endpoint } from './endpoint.ts'
import { fileEndpoints, type FileDeps } from './files.ts'
import { createIdentify, type IdentifyDeps } from './identify.ts'
import { createDialectDoors, type DialectDoorDeps } from './dialect-door.ts'
import { createDescription, descriptionPaths } from './description/index.ts'
import { createInFlightLimit } from './limits.ts'
import { listEndpoints, type ListRoutesDeps } from './lists.ts'
import { createMethods, optionsFirst, readOnly, withHead } from './methods.ts'
import { outcomeEndpoints, type OutcomeRoutesDeps } from './outcomes.ts'
import { plain } from './plain.ts'
import { createReadBody, type Spool } from './read-body.ts'
import { registryEndpoints, type RegistryRoutesDeps } from './registry/index.ts'
import { secretEndpoints, type SecretRoutesDeps } from './secrets.ts'
import { paymentEndpoints, type PaymentRoutesDeps } from './payments.ts'
import { deliveryEndpoints, type DeliveryRoutesDeps } from './deliveries.ts'
import { organisationEndpoints, type OrganisationRoutesDeps } from './organisations.ts'
import { trafficEndpoints, type TrafficRoutesDeps } from './traffic.ts'
import { credentialEndpoints, type CredentialDeps } from './credentials.ts'
import { createFailureLimit, type FailureLimit } from './failures.ts'
import { createReadPresented, type ProxyRules } from './presented.ts'
import { tokenEndpoints, type TokenDeps } from './token.ts'
import { views, type ViewDeps } from './views.ts'

/** What every process answers, whatever its role. */
export interface VitalsDeps {
  readonly health: () => Promise<Health>
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>
  readonly report: (line: ErrorReport) => void
}

type EndpointDeps = ViewDeps &
  ListRoutesDeps &
  FileDeps &
  TrafficRoutesDeps &
  OrganisationRoutesDeps &
  DeliveryRoutesDeps &
  PaymentRoutesDeps &
  RegistryRoutesDeps &
  SecretRoutesDeps &
  OutcomeRoutesDeps &
  CredentialDeps &
  TokenDeps

export interface AppDeps
  extends
    Omit<DoorDeps, 'identify' | 'readBody'>,
    Pick<DialectDoorDeps, 'accounts' | 'deeds'>,
    IdentifyDeps,
    EndpointDeps,
    VitalsDeps {
  readonly proxies: ProxyRules
  readonly maxInFlight: number
  /** Where large bodies lie while they come. */
  readonly spool: Spool
  /** Version of this gateway, as package.json has it. */
  readonly version: string
}

/** The HTTP side of the gateway: health and figures first, so that load never hides them, then the doors. */
export function createApp(deps: AppDeps): Express {
  const failures = createFailureLimit(deps.now)
  const readPresented = createReadPresented(deps.proxies)
  const rows = endpoints({ ...deps, failures })
  const verbs = [...deps.dialects.values()].flatMap(({ verbs: own, door }) => [...own, ...(door?.rows ?? [])])
  const methods = createMethods([...vitals, ...readOnly(descriptionPaths), ...withHead(rows), ...verbs])
  const app = createBase(deps, methods)
  app.set('trust proxy', deps.proxies.isTrusted) // whose word on a client's address counts
  app.use(createInFlightLimit(deps.maxInFlight))
  const identify = createIdentify({ ...deps, readPresented, failures })
  const readBody = createReadBody(deps.spool) // one for all doors: its bounds are those of the process
  app.use(createDoors({ ...deps, identify, readBody })) // the busiest first: express tries one row after the other
  app.use(createDescription({ ...deps, endpoints: rows }))
  app.use(mountEndpoints(rows, { identify, readPresented }))
  app.use(createDialectDoors({ ...deps, identify, failures, readBody }))
  return closed(app, methods, deps)
}

/** Every endpoint that is no dialect's. */
function endpoints(deps: EndpointDeps & { readonly failures: FailureLimit }): readonly Endpoint[] {
  return [
    ...views(deps),
    ...listEndpoints(deps),
    ...fileEndpoints(deps),
    ...trafficEndpoints(deps),
    ...organisationEndpoints(deps),
    ...deliveryEndpoints(deps),
    ...paymentEndpoints(deps),
    ...registryEndpoints(deps),
    ...secretEndpoints(deps),
    ...outcomeEndpoints(deps),
    ...tokenEndpoints(deps),
    ...credentialEndpoints(deps),
  ]
}

/** The door of a process that opens no other: alive, ready and figures, as those of an `api` answer them. */
export function createVitals(deps: VitalsDeps): Express {
  const methods = createMethods(vitals)
  return closed(createBase(deps, methods), methods, deps)
}

const vitals = readOnly(['/health/live', '/health/ready', '/metrics'])

function createBase(deps: VitalsDeps, methods: RequestHandler): Express {
  const app = express()
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(hardened, plain, optionsFirst(methods))
  app.get('/health/live', (_req, res) => {
    res.json({ live: true })
  })
  app.get('/health/ready', async (_req, res) => {
    const health = await deps.health()
    res.status(health.ready ? 200 : 503).json(health)
  })
  app.get('/metrics', async (_req, res) => {
    const { contentType, text } = await deps.metrics()
    res.type(contentType).send(text)
  })
  return app
}

/** What is no door, and what a door throws, is answered in one form. */
function closed(app: Express, methods: RequestHandler, { report }: VitalsDeps): Express {
  app.use(methods, notFound)
  app.use(createErrorHandler(report))
  return app
}

/** Answers are for programs: nothing may be cached or guessed at. */
const hardened: RequestHandler = (_req, res, next) => {
  res.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  next()
}
