import express, { type Express, type RequestHandler } from 'express'
import type { Health } from '../workers/health.ts'
import { createDoors, type DoorDeps } from './doors.ts'
import { createErrorHandler, notFound, type ErrorReport } from './errors.ts'
import { mountEndpoints, type Endpoint } from './endpoint.ts'
import { createIdentify, type IdentifyDeps } from './identify.ts'
import { createInFlightLimit } from './limits.ts'
import { views, type ViewDeps } from './views.ts'

/** What every process answers, whatever its role. */
export interface VitalsDeps {
  readonly health: () => Promise<Health>
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>
  readonly report: (line: ErrorReport) => void
}

export interface AppDeps extends Omit<DoorDeps, 'identify'>, IdentifyDeps, ViewDeps, VitalsDeps {
  readonly maxInFlight: number
}

/** The HTTP side of the gateway: health and figures first, so that load never hides them, then the doors. */
export function createApp(deps: AppDeps): Express {
  const app = createBase(deps)
  app.use(createInFlightLimit(deps.maxInFlight))
  const identify = createIdentify(deps)
  app.use(mountEndpoints(endpoints(deps), identify))
  app.use(createDoors({ ...deps, identify }))
  return closed(app, deps)
}

/** Every endpoint that is no dialect's. */
function endpoints(deps: ViewDeps): readonly Endpoint[] {
  return [...views(deps)]
}

/** The door of a process that opens no other: alive, ready and figures, as those of an `api` answer them. */
export function createVitals(deps: VitalsDeps): Express {
  return closed(createBase(deps), deps)
}

function createBase(deps: VitalsDeps): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(hardened)
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
function closed(app: Express, { report }: VitalsDeps): Express {
  app.use(notFound)
  app.use(createErrorHandler(report))
  return app
}

/** Answers are for programs: nothing may be cached or guessed at. */
const hardened: RequestHandler = (_req, res, next) => {
  res.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  next()
}
