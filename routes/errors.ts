import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { answerOf, GatewayError, type ErrorCode } from '../schemas/errors.ts'
import type { Endpoint, Refusal } from './endpoint.ts'

export interface ErrorReport {
  readonly detailId: string
  readonly code: string
  readonly method: string
  readonly path: string
  readonly caller: string | null
  readonly reason: string | undefined
  readonly cause: unknown
}

/** Faults that body readers and routers of express report by their own type or status. */
const foreign: Readonly<Record<string, ErrorCode>> = {
  'entity.too.large': 'too_large',
  'encoding.unsupported': 'unsupported_media',
  'charset.unsupported': 'unsupported_media',
  'request.aborted': 'malformed_request',
  'request.size.invalid': 'malformed_request',
  'entity.parse.failed': 'malformed_request',
  'entity.verify.failed': 'malformed_request',
}

/** The one catch of the HTTP edge: a GatewayError becomes its row's status and sentences, anything else is our bug. */
export function createErrorHandler(report: (line: ErrorReport) => void): ErrorRequestHandler {
  return (thrown: unknown, req, res, _next) => {
    const error = asGatewayError(thrown)
    report(reportOf(error, req, res))
    if (res.headersSent) {
      res.destroy()
      return
    }
    if (error.retryAfterSeconds !== undefined) res.set('retry-after', String(error.retryAfterSeconds))
    const { status, headers, body } = refusalOf(error, res)
    res
      .set({ ...headers })
      .status(status)
      .json(body)
  }
}

/** What is logged of an error: ids and reasons, never content. */
export function reportOf(error: GatewayError, req: Request, res: Response): ErrorReport {
  return {
    detailId: error.detailId,
    code: error.code,
    method: req.method,
    path: loggedPath(req),
    caller: (res.locals['caller'] as { credentialId?: string } | undefined)?.credentialId ?? null, // set by the doors alone
    reason: error.reason,
    cause: error.cause,
  }
}

/** Some clients can show who they are in the path alone: of such a one its pattern is logged. */
const loggedPath = ({ params, path, route }: Request): string =>
  Object.hasOwn(Object(params) as object, 'key')
    ? String((route as { readonly path?: unknown } | undefined)?.path)
    : path

/** In our own form, or in that of the endpoint. */
function refusalOf(error: GatewayError, { locals }: Response): Refusal {
  const own = locals['refusal'] as Endpoint['refusal'] // set by the endpoints alone
  const headers: Record<string, string> =
    error.code === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}
  return own?.write(error) ?? { status: error.row.status, headers, body: answerOf(error) }
}

export const notFound: RequestHandler = (req) => {
  throw new GatewayError('not_found', { field: req.path.slice(0, 200) })
}

/** What was thrown, as one of our errors: a reader's and a router's by its type, anything else is our own fault. */
export function asGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  const type = thrown instanceof Error && 'type' in thrown ? String(thrown.type) : ''
  if (thrown instanceof URIError)
    return new GatewayError('malformed_request', { reason: 'the path cannot be decoded' })
  return new GatewayError(foreign[type] ?? 'internal', { cause: thrown })
}
