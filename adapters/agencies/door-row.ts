import type { z } from 'zod'
import type { Said } from '../../schemas/said.ts'

/** One address of a dialect's own door. */
export interface DoorRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** An express path; `*rest` takes everything below. */
  readonly path: string
  readonly contentTypes?: readonly string[]
  /** The body is handed on as it comes, to `take`, else as `stream` of the request: it may be larger than a message. */
  readonly streams?: boolean
  /** So much of the beginning of a streamed body stands in `body` too, for a claim that is inside. */
  readonly headBytes?: number
  readonly summary: Said
  readonly request?: z.ZodType
  readonly answers?: Readonly<Record<number, z.ZodType>>
}
