import type { Random } from '../support/random.ts'
import type { Options } from './options.ts'
import { isBusy, points, type Draft, type Phase } from './phase.ts'
import { fleetPlan } from './plan-fleet.ts'

const draftDefaults = { point: '', lives: [], awayMs: null, supply: 'start', restMs: 0 } as const

/** The phases of a drill, and its messages spread over them. The last one always drains, and sends all that is left. */
export function planOf(options: Options, random: Random): readonly Phase[] {
  const { quick, messages, isFleet } = options
  if (isFleet) return fleetPlan(options, random)
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
  const life = { kind: 'point', failpoint, services: [] } as const
  return { ...draftDefaults, name: failpoint, fault: 'kill -9', point: failpoint, lives: [life], drain }
}

function randomDraft(random: Random, { kills, drain }: { kills: number; drain: boolean }): Draft {
  const lives = Array.from(
    { length: kills },
    () => ({ kind: 'timed', afterMs: random.between(20, 900), victim: 'gateway' }) as const,
  )
  const name = `kill -9 × ${kills}`
  return { ...draftDefaults, name, fault: name, point: 'random', lives, drain }
}

function awayDraft(drain: boolean): Draft {
  return { ...draftDefaults, name: 'recipient down', fault: 'recipient down', awayMs: 0, drain }
}
