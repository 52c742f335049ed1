import type { RequestHandler } from 'express'
import { bounds } from '../schemas/bounds.ts'
import { GatewayError } from '../schemas/errors.ts'

/** Holds a parsed JSON body to a depth and a number of values, without recursion: what judges it afterwards may recurse. */
export const boundJson: RequestHandler = (req, _res, next) => {
  let level: unknown[] = [req.body as unknown]
  let count = 0
  for (let depth = 0; level.length > 0; depth += 1) {
    count += level.length
    if (depth > bounds.jsonDepth) refuse(`deeper than ${bounds.jsonDepth} levels`)
    if (count > bounds.jsonValues) refuse(`more than ${bounds.jsonValues} values`)
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : [],
    )
  }
  next()
}

function refuse(reason: string): never {
  throw new GatewayError('too_large', { field: 'body', reason })
}
