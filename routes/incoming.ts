import type { Request } from 'express'
import type { DoorRequest } from '../adapters/agencies/dialect.ts'
import { bounds, type Bounds } from '../schemas/bounds.ts'
import { GatewayError } from '../schemas/errors.ts'
import { sourceOf } from './body-source.ts'

/** Lends the body of a request as it comes. */
export type LendBody = <T>(req: Request, use: (bytes: AsyncIterable<Uint8Array>) => Promise<T>) => Promise<T>

/** Bodies that are read as they come are held to a size, and to a number at once. */
export function createLendBody(maxBytes: number, by: Pick<Bounds, 'streams'> = bounds): LendBody {
  let under = 0
  return async (req, use) => {
    if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
    if (under >= by.streams)
      throw new GatewayError('too_many_requests', {
        reason: 'too many large bodies under way',
        retryAfterSeconds: 1,
      })
    under += 1
    try {
      return await use(bounded(sourceOf(req), maxBytes))
    } finally {
      under -= 1
    }
  }
}

const tooLarge = (maxBytes: number): GatewayError =>
  new GatewayError('too_large', {
    reason: `a body holds at most ${maxBytes} bytes; send its largest files to POST /v1/files and refer to them`,
  })

async function* bounded(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const bytes of source) {
    size += bytes.byteLength
    if (size > maxBytes) throw tooLarge(maxBytes)
    yield bytes
  }
}

/** The beginning of a body, of so many bytes or what more came with them, beside the whole of it, to be read once. */
export async function begun(
  source: AsyncIterable<Uint8Array>,
  headBytes = 0,
): Promise<Required<Pick<DoorRequest, 'body' | 'stream'>>> {
  const pieces = source[Symbol.asyncIterator]()
  const head: Uint8Array[] = []
  for (let size = 0; size < headBytes; size += head.at(-1)?.byteLength ?? 0) {
    const next = await pieces.next()
    if (next.done === true) break
    head.push(next.value)
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* head
    yield* { [Symbol.asyncIterator]: () => pieces }
  }
  return { body: Buffer.concat(head), stream: whole() }
}
