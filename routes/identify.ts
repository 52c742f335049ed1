import type { Request, Response } from 'express'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Authenticate } from '../workers/session.ts'
import type { FailureLimit } from './failures.ts'
import type { ReadPresented } from './presented.ts'

/** Tells who calls and takes one from its rate; throws `unauthenticated` or `too_many_requests`. Every door that is not public begins with it. */
export type Identify = (req: Request, res: Response) => Promise<Caller>

export interface IdentifyDeps {
  readonly authenticate: Authenticate
  readonly limit: (key: string, now: number) => void
  readonly now: () => number
}

interface Identifying extends IdentifyDeps {
  readonly readPresented: ReadPresented
  readonly failures: FailureLimit
}

export function createIdentify({ authenticate, limit, now, readPresented, failures }: Identifying): Identify {
  return async (req, res) => {
    const caller = await authenticate(readPresented(req)).catch((error: unknown) => {
      if (isUnknown(error)) failures.count(req.ip ?? '') // after the fact: a neighbour with a good key is not held up
      throw error
    })
    res.locals['caller'] = caller
    limit(caller.agency ?? caller.credentialId, now()) // a body has one rate, however many credentials
    return caller
  }
}

/** Whether a caller could not show who it is. */
export function isUnknown(error: unknown): boolean {
  return (
    error instanceof GatewayError &&
    (error.code === 'unauthenticated' || error.code === 'untrusted_certificate')
  )
}
