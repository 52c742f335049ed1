import express, { type RequestHandler, type Response, type Router } from 'express'
import type { z } from 'zod'
import type { Caller, Role } from '../schemas/agency.ts'
import { GatewayError, type ErrorCode } from '../schemas/errors.ts'
import type { Said } from '../schemas/said.ts'
import { sourceOf } from './body-source.ts'
import { isBytesAnswer, writeBytes } from './bytes-answer.ts'
import type { Presented } from '../workers/session.ts'
import { isUncoded, readers } from './body.ts'
import type { Identify } from './identify.ts'
import type { ReadPresented } from './presented.ts'

/** What a handler is given: the caller (none on a public endpoint), and the parts of the request as their schemas have read them. */
export interface Asked<P, Q, B, H> {
  readonly caller: Caller
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly headers: H
  /** The body of an `upload`, to be read once; of other endpoints nothing is left in it. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** What the request shows of who sends it, where the caller is not known before (a public endpoint). */
  readonly presented: () => Presented
  /** IP address of the client; behind trusted proxies the one they say. */
  readonly address: string
  /** Ends with the connection. */
  readonly signal: AbortSignal
}

/** A refusal in a form of its own. */
export interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

type Shape = z.ZodType
type Out<S extends Shape | undefined> = S extends Shape ? z.output<S> : undefined

/**
 * One row says all about an endpoint: how it is called, who may, what it reads and answers. Doors are mounted from it; the API's
 * description and the authorisation matrix are read from it.
 */
export interface Endpoint<
  P extends Shape | undefined = Shape | undefined,
  Q extends Shape | undefined = Shape | undefined,
  B extends Shape | undefined = Shape | undefined,
  H extends Shape | undefined = Shape | undefined,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** An express path, `/v1/messages/:id`. */
  readonly path: string
  readonly tag: string
  readonly summary: Said
  /** Who may call; what of it a role sees is the worker's to decide. */
  readonly access: 'public' | readonly Role[]
  readonly params?: P
  readonly query?: Q
  /** Shape of the body. */
  readonly body?: B
  /** Headers that it reads, names in small letters. */
  readonly headers?: H
  /** The body is a file: bytes of any type, which the handler reads as they come. */
  readonly upload?: true
  /** How the body is written; JSON unless a standard asks for another. */
  readonly media?: 'application/json' | 'application/x-www-form-urlencoded'
  /** How a refusal is written, where a standard asks for another than ours, and the shape of it. */
  readonly refusal?: { readonly shape: Shape; readonly write: (error: GatewayError) => Refusal }
  /** Status of success, and the shape of its JSON; nothing where there is none (204). */
  readonly status?: number
  readonly answer?: Shape
  /** Content type of what is answered as bytes; absent for JSON. */
  readonly answerType?: string
  /** Errors beyond those that its access and shapes bring with them. */
  readonly errors?: readonly ErrorCode[]
  /** Names the content of the answer (ETag); a PUT is given it back as If-Match. */
  readonly etag?: (answer: unknown) => string
  handle(asked: Asked<Out<P>, Out<Q>, Out<B>, Out<H>>): Promise<unknown>
}

/** Types a row by its own schemas. */
export function endpoint<
  const P extends Shape | undefined = undefined,
  const Q extends Shape | undefined = undefined,
  const B extends Shape | undefined = undefined,
  const H extends Shape | undefined = undefined,
>(row: Endpoint<P, Q, B, H>): Endpoint {
  return row // what `handle` is given is what the row's own schemas have read
}

/** Mounts rows: who calls and whether it may come first, then what was asked is read, then the row's handler answers. */
export function mountEndpoints(
  rows: readonly Endpoint[],
  { identify, readPresented }: { readonly identify: Identify; readonly readPresented: ReadPresented },
): Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  for (const row of rows) {
    const chain: RequestHandler[] = [refusesAs(row), admits(row, identify)]
    if (row.body !== undefined) chain.push(...readers[row.media ?? 'application/json'])
    if (row.upload === true) chain.push(isUncoded)
    router[verbs[row.method]](row.path, ...chain, answers(row, readPresented))
  }
  return router
}

/** Leaves the row's own form of a refusal where the error handler finds it. */
function refusesAs({ refusal }: Endpoint): RequestHandler {
  return (_req, res, next) => {
    res.locals['refusal'] = refusal
    next()
  }
}

const verbs = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const

function admits({ access }: Endpoint, identify: Identify): RequestHandler {
  return async (req, res, next) => {
    if (access !== 'public') {
      const caller = await identify(req, res)
      if (!access.some((role) => caller.roles.includes(role)))
        throw new GatewayError('forbidden', { reason: `asks for the role ${access.join(' or ')}` })
    }
    next()
  }
}

const nobody: Caller = { credentialId: '', person: null, agency: null, roles: [], method: 'key' }

function answers(row: Endpoint, readPresented: ReadPresented): RequestHandler {
  return async (req, res) => {
    const said = await row.handle({
      caller: (res.locals['caller'] as Caller | undefined) ?? nobody, // set by `identify` alone
      params: read(row.params, req.params),
      query: read(row.query, req.query),
      body: read(row.body, req.body),
      headers: read(row.headers, req.headers),
      bytes: sourceOf(req),
      presented: () => readPresented(req),
      address: req.ip ?? '',
      signal: closing(res),
    })
    if (row.etag !== undefined) res.set('etag', row.etag(said))
    if (isBytesAnswer(said)) await writeBytes(res, said)
    else write(res, row.status ?? 200, said)
  }
}

function write(res: Response, status: number, said: unknown): void {
  if (said === undefined) res.status(status === 200 ? 204 : status).end()
  else res.status(status).json(said)
}

/** Reads a part of a request. Throws `invalid_field` with the path of the first fault. */
export function read<S extends z.ZodType | undefined>(schema: S, value: unknown): Out<S> {
  if (schema === undefined) return undefined as Out<S>
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data as Out<S>
  const [issue] = parsed.error.issues
  throw new GatewayError('invalid_field', {
    field: issue?.path.join('.') ?? '',
    reason: issue?.message ?? '',
  })
}

/** Ends with the connection, so that nothing is done for a caller that has gone. */
export function closing(res: Response): AbortSignal {
  const controller = new AbortController()
  res.once('close', () => controller.abort())
  return controller.signal
}
