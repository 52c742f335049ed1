import type { Random } from '../support/random.ts'
import type { Options } from './options.ts'
import { isBusy, points, type Draft, type Life, type Phase, type Victim } from './phase.ts'
import type { ServiceName } from './services.ts'

/** Part of the messages that is kept for points which the traffic of their phase does not reach, and for the end. */
const reserve = 0.25

/**
 * A queue that was declared a moment before the kill -9 of its only node can come back broken (a cluster of three has other copies
 * of it): after the first messages the broker is left in peace for so long.
 */
const newQueuesMs = 2_500

/** Where faults strike at random there must be something under way for them to strike. */
const busy = 4

type Weighted = Draft & { readonly weight: number }

const drained = { awayMs: null, drain: true, restMs: 0 } as const

/**
 * The phases of a drill with several processes: at each fault the others live on, and go on. Each phase drains, so that each row of the
 * matrix stands for itself; the last is calm. Services die only where they are the drill's own.
 */
export function fleetPlan({ quick, services, messages }: Options, random: Random): readonly Phase[] {
  const all = quick ? quickDrafts(random) : fullDrafts(random)
  const drafts = services ? all : all.filter(({ lives }) => lives.every(sparesServices))
  const parts = drafts.reduce((sum, { weight }) => sum + weight, 0)
  const share = Math.floor((messages * (1 - reserve)) / parts)
  return [
    ...drafts.map(({ weight, ...draft }) => ({ ...draft, messages: share * weight })),
    { ...calm, messages: messages - share * parts },
  ]
}

const calm: Draft = { ...drained, name: 'none', fault: 'none', point: '', lives: [], supply: 'start' }

function sparesServices(life: Life): boolean {
  return life.kind === 'timed' ? life.victim === 'gateway' : life.services.length === 0
}

/** A handful: each kind of fault once, points that matter most to the service that dies there. */
function quickDrafts(random: Random): readonly Weighted[] {
  return [
    { ...calm, restMs: newQueuesMs },
    pointDraft('accept:after-commit', ['database'], random),
    pointDraft('relay:after-publish', ['broker'], random),
    pointDraft('record:before-commit', [], random),
    outage(['database'], 3_000),
  ].map((draft) => ({ ...draft, weight: 1 }))
}

const companions: readonly (readonly ServiceName[])[] = [[], ['database'], ['broker']]

/** Every point × who dies there, random kills of each kind, and services that are away for a minute. */
function fullDrafts(random: Random): readonly Weighted[] {
  return [
    recipientDown(60_000),
    ...companions.flatMap((services) => points.map((point) => pointDraft(point, services, random))),
    randomDraft(random, 'gateway', 8),
    randomDraft(random, 'database', 8),
    randomDraft(random, 'broker', 4),
    randomDraft(random, 'everything', 2),
    outage(['broker'], 60_000),
    outage(['database'], 60_000),
    outage(['database', 'broker'], 60_000),
  ]
}

function recipientDown(awayMs: number): Weighted {
  const fault = awayMs === 0 ? 'recipient down' : `recipient down ${awayMs / 1000} s`
  return { ...calm, weight: busy, name: fault, fault, awayMs, restMs: newQueuesMs }
}

function pointDraft(point: string, services: readonly ServiceName[], random: Random): Weighted {
  const failpoint = `${point}@${random.between(1, isBusy(point) ? 8 : 2)}`
  const fault = `kill -9 ${['gateway', ...services].join(' + ')}`
  const life = { kind: 'point', failpoint, services } as const
  return {
    ...drained,
    weight: 1,
    name: `${fault} ${failpoint}`,
    fault,
    point: failpoint,
    lives: [life],
    supply: 'armed',
  }
}

/** About how long a victim takes to come back, for traffic that lasts as long as the kills. */
const backMs: Readonly<Record<Victim, number>> = {
  gateway: 3_000,
  database: 1_500,
  broker: 5_000,
  everything: 8_000,
}

function randomDraft(random: Random, victim: Victim, kills: number): Weighted {
  const lives: readonly Life[] = Array.from({ length: kills }, () => ({
    kind: 'timed',
    afterMs: random.between(100, 2_500),
    victim,
  }))
  const fault = `kill -9 ${victim} × ${kills}`
  return {
    ...drained,
    weight: busy,
    name: fault,
    fault,
    point: 'random',
    lives,
    supply: kills * (1_250 + backMs[victim]),
  }
}

function outage(services: readonly ServiceName[], ms: number): Weighted {
  const fault = `${services.join(' + ')} down ${ms / 1000} s`
  const life = { kind: 'outage', services, ms } as const
  return { ...drained, weight: busy, name: fault, fault, point: '', lives: [life], supply: ms * 0.9 }
}
