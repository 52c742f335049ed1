import type { Random } from '../support/random.ts'
import type { Options } from './options.ts'

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
const isBusy = (point: string) => point.startsWith('deliver:') || point.startsWith('record:')

/** One life of the gateway and how it ends: by itself at a commit point, or killed from outside after a time. */
export type Life =
  | { readonly kind: 'point'; readonly failpoint: string }
  | { readonly kind: 'timed'; readonly afterMs: number }

/** A part of the drill: so many new messages, sent while the gateway lives and dies; a recipient may be away meanwhile. */
export interface Phase {
  readonly name: string
  readonly messages: number
  readonly lives: readonly Life[]
  /** Whether a recipient refuses connections until the others have everything. */
  readonly away: boolean
  /** Whether everything must be settled before the next phase. */
  readonly drain: boolean
}

type Draft = Omit<Phase, 'messages'>

/** The phases of a drill; the messages are spread evenly over them. The last one always drains. */
export function planOf({ quick, messages }: Options, random: Random): readonly Phase[] {
  const drafts = quick ? quickDrafts(random) : fullDrafts(random)
  const share = Math.floor(messages / drafts.length)
  return drafts.map((draft, index) => {
    const isLast = index === drafts.length - 1
    return {
      ...draft,
      messages: isLast ? messages - share * index : share,
      drain: draft.drain || isLast,
    }
  })
}

/** Every point once and a few random kills, one life upon the other: what is left is drained at the end. */
function quickDrafts(random: Random): readonly Draft[] {
  return [
    awayDraft(false),
    ...points.map((point) => pointDraft(point, random.between(1, isBusy(point) ? 6 : 3), false)),
    randomDraft(random, { kills: 3, drain: false }),
  ]
}

/** Every point at its first passage and at a later one, then storms of random kills; each phase drains. */
function fullDrafts(random: Random): readonly Draft[] {
  return [
    awayDraft(true),
    ...points.flatMap((point) => [
      pointDraft(point, 1, true),
      pointDraft(point, random.between(2, isBusy(point) ? 40 : 4), true),
    ]),
    ...Array.from({ length: 4 }, () => randomDraft(random, { kills: 6, drain: true })),
  ]
}

function pointDraft(point: string, pass: number, drain: boolean): Draft {
  const failpoint = `${point}@${pass}`
  return { name: failpoint, lives: [{ kind: 'point', failpoint }], away: false, drain }
}

function randomDraft(random: Random, { kills, drain }: { kills: number; drain: boolean }): Draft {
  const lives = Array.from(
    { length: kills },
    () => ({ kind: 'timed', afterMs: random.between(20, 900) }) as const,
  )
  return { name: `kill -9 × ${kills}`, lives, away: false, drain }
}

function awayDraft(drain: boolean): Draft {
  return { name: 'recipient down', lives: [], away: true, drain }
}
