import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import type { Content, Dialect, DoorRequest } from '../adapters/agencies/dialect.ts'
import type { Agency, Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Mailbox } from '../workers/mailbox.ts'
import type { Submit } from '../workers/submit.ts'
import type { Directory } from '../workers/directory.ts'
import { mediaType, reads } from './content-type.ts'
import { closing, read } from './endpoint.ts'
import type { Identify } from './identify.ts'
import { doorRequest, writeAnswer } from './request.ts'
import { Acknowledgement, ListQuery, verbRoles, type Served } from './verb-forms.ts'

export interface DoorDeps {
  readonly dialects: ReadonlyMap<string, Dialect>
  readonly identify: Identify
  readonly directory: () => Directory
  readonly submit: Submit
  readonly mailbox: Mailbox
  readonly readBody: RequestHandler
}

type Door = (req: Request, res: Response, caller: Caller) => Promise<void>

/** Mounts the verbs of every dialect. A path that several dialects share goes to the one that reads the request's content type. */
export function createDoors(deps: DoorDeps): Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  const rows = [...deps.dialects.values()].flatMap((dialect) =>
    dialect.verbs.map((row) => ({ dialect, row })),
  )
  for (const { dialect, row } of rows) {
    const door = doors(deps, dialect)[row.verb as Served]
    const mount = row.method === 'GET' ? router.get.bind(router) : router.post.bind(router)
    mount(row.path, reads(row), admits(deps.identify), deps.readBody, opens(door))
  }
  for (const path of new Set(
    rows.filter(({ row }) => row.contentTypes !== undefined).map(({ row }) => row.path),
  ))
    router.post(path, unreadable)
  return router
}

const unreadable: RequestHandler = (req) => {
  throw new GatewayError('unsupported_media', {
    field: 'Content-Type',
    reason: mediaType(req) || 'none given',
  })
}

/** Who calls, its rate, and whether it may, are settled before a byte of the body is read. */
function admits(identify: Identify): RequestHandler {
  return async (req, res, next) => {
    const { roles } = await identify(req, res)
    if (!verbRoles.some((role) => roles.includes(role)))
      throw new GatewayError('forbidden', { reason: `asks for the role ${verbRoles.join(' or ')}` })
    next()
  }
}

function opens(door: Door): RequestHandler {
  return (req, res) => door(req, res, res.locals['caller'] as Caller) // set by `identify`, without which nobody comes here
}

function doors({ submit, mailbox, directory }: DoorDeps, dialect: Dialect): Record<Served, Door> {
  return {
    async submit(req, res, caller) {
      const agency = caller.agency === null ? undefined : directory().agency(caller.agency)
      if (agency === undefined) throw new GatewayError('forbidden', { reason: 'only a body sends messages' })
      const request = doorRequest(req)
      const { results } = await submit(caller, { contents: decoded(dialect, request, agency) })
      writeAnswer(res, dialect.answer(results, request))
    },
    async list(req, res, caller) {
      const { max, wait } = read(ListQuery, req.query)
      const signal = closing(res)
      res.json(await mailbox.list(caller, { max, waitMs: wait * 1000, signal }))
    },
    async ack(req, res, caller) {
      const answer = read(Acknowledgement, json(req.body))
      res.json(await mailbox.acknowledge(caller, String(req.params['deliveryId']), answer))
    },
  }
}

/** What cannot be read is refused as any message is: with evidence. */
function decoded(dialect: Dialect, request: DoorRequest, agency: Agency): readonly Content[] {
  try {
    return dialect.decode(request, agency)
  } catch (error) {
    if (error instanceof GatewayError) return [{ kind: 'unreadable', error }]
    throw error
  }
}

function json(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.from(body as Uint8Array).toString('utf8')) // express.raw has left bytes, or nothing
  } catch {
    throw new GatewayError('malformed_request', { reason: 'the body is not JSON' })
  }
}
