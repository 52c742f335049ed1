import type { Request, RequestHandler } from 'express'

/** What a row of a dialect says of the requests that it takes. */
interface Reading {
  readonly method: string
  readonly contentTypes?: readonly string[]
}

/** The media type of a request, in small letters and without its parameters; empty where it names none. */
export function mediaType(req: Request): string {
  return (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

/** Leaves a request to the next row where this one does not read its content type. HEAD is no GET here: a list lends what it answers. */
export function reads({ method, contentTypes }: Reading): RequestHandler {
  return (req, _res, next) => {
    const isRead = req.method === method && (contentTypes?.includes(mediaType(req)) ?? true)
    next(isRead ? undefined : 'route')
  }
}
