import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { openParts, type ReadFile } from '../adapters/agencies/body-parts.ts'
import type { DoorAnswer, DoorRequest } from '../adapters/agencies/dialect.ts'
import { isGone } from './bytes-answer.ts'

/** What a door hands to a dialect: plain values, header names in lower case. */
export function doorRequest(req: Request): DoorRequest {
  return {
    method: req.method,
    path: req.path,
    target: req.originalUrl,
    query: Object.fromEntries(
      Object.entries(req.query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    headers: Object.fromEntries(
      Object.entries(req.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    body: req.body instanceof Uint8Array ? req.body : new Uint8Array(0),
  }
}

/** Writes a dialect's answer. */
export function writeAnswer(res: Response, { status, headers, body }: DoorAnswer): void {
  res.status(status).set({ ...headers })
  res.end(body)
}

/** Writes an answer that may go on with files, as they are read. */
export async function streamAnswer(res: Response, answer: DoorAnswer, read: ReadFile): Promise<void> {
  const { status, headers, body, parts, stream } = answer
  const rest = stream ?? (parts === undefined ? undefined : openParts(parts, read))
  if (rest === undefined) {
    writeAnswer(res, answer)
    return
  }
  res.status(status).set({ ...headers })
  if (body.length > 0) res.write(body)
  await pipeline(rest, res).catch((error: unknown) => {
    if (!isGone(error)) throw error
  })
}
