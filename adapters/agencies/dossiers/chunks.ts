import type { Payload } from '../../../schemas/message.ts'

/** Rows in the order in which they stand, so many to a call. */
export function chunksOf(rows: readonly Payload[], size: number): readonly (readonly Payload[])[] {
  const starts = rows.map((_, at) => at).filter((at) => at % size === 0)
  return starts.map((at) => rows.slice(at, at + size))
}
