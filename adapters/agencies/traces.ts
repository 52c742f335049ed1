import type { KnownMessage, SentMessage } from './known.ts'

/**
 * How letters fare. Without a time and a subject: the reports that wait for the caller's pull, each once. Else all that is known of it,
 * again each time, from `since` (ms) on or about one letter.
 */
export interface TracesDeed {
  readonly kind: 'traces'
  readonly since?: number
  readonly subjectKey?: string
}

export interface TracesDone {
  readonly kind: 'traces'
  /** Reports that the caller has received, oldest first. */
  readonly received: readonly KnownMessage[]
  /** The caller's own letters, and its reports on others', newest first, with what became of each. */
  readonly sent: readonly SentMessage[]
}
