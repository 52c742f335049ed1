import type { ServiceName } from './services.ts'

/**
 * The commit points at which the gateway can be told to kill itself. A list of our own, since the drill knows the gateway
 * from outside only; a test holds it against the gateway's.
 */
export const points = [
  'accept:before-commit',
  'accept:after-commit',
  'relay:after-lease',
  'relay:after-publish',
  'deliver:after-claim',
  'deliver:after-send',
  'record:before-commit',
  'record:after-commit',
] as const

/** Points that every message passes several times: a later passage lets more happen before the death. */
export const isBusy = (point: string) => point.startsWith('deliver:') || point.startsWith('record:')

/** Whom a kill at a random moment strikes; `everything`: all processes and services at once, as a power cut. */
export type Victim = 'gateway' | ServiceName | 'everything'

/**
 * What is done to the gateway: one process dies at a commit point, and services with it; a victim is killed after a time; or
 * services are away for a time.
 */
export type Life =
  | { readonly kind: 'point'; readonly failpoint: string; readonly services: readonly ServiceName[] }
  | { readonly kind: 'timed'; readonly afterMs: number; readonly victim: Victim }
  | { readonly kind: 'outage'; readonly services: readonly ServiceName[]; readonly ms: number }

/** A part of the drill: so many new messages, sent while the gateway lives and dies; a recipient may be away meanwhile. */
export interface Phase {
  readonly name: string
  /** Row of the matrix: what was done, and at which point. */
  readonly fault: string
  readonly point: string
  readonly messages: number
  readonly lives: readonly Life[]
  /** A recipient refuses connections until the others have everything, and so long on; null: it does not. */
  readonly awayMs: number | null
  /** When its messages are let through: all at its start, all when the failpoint is set, or evenly over so many ms. */
  readonly supply: 'start' | 'armed' | number
  /** Whether everything must be settled before the next phase. */
  readonly drain: boolean
  /** Pause after it. */
  readonly restMs: number
}

export type Draft = Omit<Phase, 'messages'>
