import type { Request, Response } from 'express'
import type { Caller } from '../schemas/agency.ts'
import type { Authenticate } from '../workers/session.ts'

/** Tells who calls and takes one from its rate; throws `unauthenticated` or `too_many_requests`. Every door that is not public begins with it. */
export type Identify = (req: Request, res: Response) => Promise<Caller>

export interface IdentifyDeps {
  readonly authenticate: Authenticate
  readonly limit: (key: string, now: number) => void
  readonly now: () => number
}

export function createIdentify({ authenticate, limit, now }: IdentifyDeps): Identify {
  return async (req, res) => {
    const caller = await authenticate(req.headers.authorization)
    res.locals['caller'] = caller
    limit(caller.credentialId, now())
    return caller
  }
}
