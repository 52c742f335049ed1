import type { Request, Response } from 'express'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Authenticate, Presented } from '../workers/session.ts'

/** Tells who calls and takes one from its rate; throws `unauthenticated` or `too_many_requests`. Every door that is not public begins with it. */
export type Identify = (req: Request, res: Response) => Promise<Caller>

export interface IdentifyDeps {
  readonly authenticate: Authenticate
  readonly limit: (key: string, now: number) => void
  readonly now: () => number
}

export function createIdentify({ authenticate, limit, now }: IdentifyDeps): Identify {
  return async (req, res) => {
    const caller = await authenticate(presented(req))
    res.locals['caller'] = caller
    limit(caller.credentialId, now())
    return caller
  }
}

/** Node keeps the first of several Authorization headers and drops the rest: what a proxy read may be another. */
function presented(req: Request): Presented {
  const [authorization, ...more] = req.headersDistinct['authorization'] ?? []
  if (more.length > 0)
    throw new GatewayError('malformed_request', { field: 'Authorization', reason: 'given more than once' })
  return { authorization }
}
