import express, { type RequestHandler, type Response } from 'express'
import { GatewayError } from '../schemas/errors.ts'

/** A path that is served, and by which method. */
interface Served {
  readonly method: string
  /** An express path. */
  readonly path: string
}

/**
 * What is to be said of a method that no row takes: 405 with `Allow` where the path is known, 204 with `Allow` to OPTIONS;
 * passes on where the path is unknown. Several paths may match one address: what any of them takes is allowed.
 */
export function createMethods(served: readonly Served[]): RequestHandler {
  const router = express.Router({ caseSensitive: true, strict: true })
  for (const path of new Set(served.map((each) => each.path))) {
    const methods = served.filter((each) => each.path === path).map(({ method }) => method)
    router.all(path, (_req, res, next) => {
      for (const method of methods) allowedOf(res).add(method)
      next()
    })
  }
  router.use((req, res, next) => {
    const allowed = [...allowedOf(res)]
    if (allowed.length === 0) {
      next()
      return
    }
    res.set('allow', allowed.sort().join(', '))
    if (req.method === 'OPTIONS') res.status(204).end()
    else throw new GatewayError('method_not_allowed', { reason: `allowed: ${allowed.join(', ')}` })
  })
  return router
}

function allowedOf({ locals }: Response): Set<string> {
  return (locals['allowed'] ??= new Set<string>()) as Set<string> // written here alone
}

/** Asks about methods before any row is tried: a router of express would answer OPTIONS from its own rows alone. */
export function optionsFirst(methods: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (req.method === 'OPTIONS') void methods(req, res, next)
    else next()
  }
}

/** Express answers HEAD by the handler of GET. Not so for a dialect's verbs: a list lends what it answers. */
export function withHead(rows: readonly Served[]): readonly Served[] {
  return rows.flatMap(({ method, path }) => (method === 'GET' ? readOnly([path]) : [{ method, path }]))
}

/** Paths that are only read. */
export function readOnly(paths: readonly string[]): readonly Served[] {
  return paths.flatMap((path) => ['GET', 'HEAD'].map((method) => ({ method, path })))
}
