import { setTimeout as sleep } from 'node:timers/promises'
import { drained, withoutOne, type Watched } from './drained.ts'
import { live } from './lives.ts'
import type { Phase } from './phase.ts'
import { countOf } from './judge.ts'
import { createSupply, type Supply } from './supply.ts'
import type { Senders } from './sender.ts'
import type { Tap } from './tap.ts'
import type { World } from './world.ts'

/** Figures from the beginning of the drill, or of a phase alone. */
export interface Counts {
  readonly accepted: number
  /** Those of them that every recipient has. */
  readonly delivered: number
  readonly doubled: number
  readonly disordered: number
}

/** What a phase came to. */
export interface PhaseResult {
  readonly name: string
  readonly fault: string
  readonly point: string
  /** Up to its end. */
  readonly total: Counts
  /** Within it. */
  readonly own: Counts
  readonly kills: number
  readonly ms: number
  /** From the last death until everything accepted was settled; null where the next phase did not wait for that. */
  readonly drainMs: number | null
  readonly note: string
}

export interface DirectDeps {
  readonly world: World
  readonly senders: Senders
  readonly tap: Tap
  /** True when the time of the whole drill is over. */
  readonly stopped: () => boolean
  readonly report: (result: PhaseResult) => void
}

interface Play extends DirectDeps {
  readonly supply: Supply
}

/** Longest drain, the restart included. */
const drainLimitMs = 60_000
/** Where a recipient was away for long, its breaker and the retries have grown patient. */
const longDrainLimitMs = 120_000

/** Plays the phases one after the other. The messages of each are let through in its time, all that is left at the last. */
export async function direct(phases: readonly Phase[], deps: DirectDeps): Promise<void> {
  const total = phases.reduce((sum, { messages }) => sum + messages, 0)
  const supply = createSupply(total, deps.tap)
  for (const phase of phases) {
    if (deps.stopped()) {
      deps.world.judge.fault('stuck', `no time was left for ${phase.name}`)
      return
    }
    const messages = phase === phases.at(-1) ? total : phase.messages
    await play({ ...phase, messages }, { ...deps, supply })
  }
}

async function play(phase: Phase, deps: Play): Promise<void> {
  const { world, report } = deps
  const killsOf = () => world.fleet.kills() + world.services.kills()
  const began = Date.now()
  const before = { counts: countsOf(deps), kills: killsOf() }
  if (phase.awayMs !== null) await world.away.down()
  const notes = await suffer(phase, deps)
  const clean = Date.now()
  const recovered = await recover(phase, deps)
  const drainMs = phase.drain ? Date.now() - clean - (phase.awayMs ?? 0) : null
  await sleep(phase.restMs)
  const total = countsOf(deps)
  const { name, fault, point } = phase
  report({
    ...{ name, fault, point, total, drainMs },
    own: difference(total, before.counts),
    kills: killsOf() - before.kills,
    ms: Date.now() - began,
    note: [...notes, ...recovered].filter((note) => note !== '').join(', '),
  })
}

/** The faults of a phase, and its traffic meanwhile. */
async function suffer({ lives, messages, supply: when }: Phase, deps: Play): Promise<readonly string[]> {
  const begin = once(() => deps.supply.pour(messages, typeof when === 'number' ? when : 0))
  if (when !== 'armed') begin()
  const notes: string[] = []
  for (const life of lives) notes.push(await live(life, { ...deps, begin }))
  begin()() // the rest
  return notes
}

function once<T>(act: () => T): () => T {
  let done: { readonly value: T } | null = null
  return () => (done ??= { value: act() }).value
}

/** Everything is started again, and what was accepted must come to its end. */
async function recover(
  { name, awayMs, drain }: Phase,
  deps: Watched & Pick<Play, 'world'>,
): Promise<string[]> {
  const { fleet, services, away, judge } = deps.world
  const notes: string[] = []
  if (awayMs !== null || drain) {
    await services.start()
    await fleet.start()
  }
  if (awayMs !== null) {
    notes.push(await withoutOne(deps))
    await sleep(awayMs)
    await away.up()
  }
  const limitMs = (awayMs ?? 0) > 0 ? longDrainLimitMs : drainLimitMs
  if (drain && !(await drained(deps, limitMs))) judge.fault('stuck', `${name}: not drained in time`)
  if (awayMs !== null && drain) notes.push(`peak on return ${away.peak()}`)
  return notes
}

function countsOf({ senders, world: { judge } }: Pick<Play, 'senders' | 'world'>): Counts {
  return {
    accepted: senders.accepted(),
    delivered: senders.accepted() - judge.missing().length,
    doubled: countOf(judge, 'doubled'),
    disordered: countOf(judge, 'disordered'),
  }
}

function difference(after: Counts, before: Counts): Counts {
  return {
    accepted: after.accepted - before.accepted,
    delivered: after.delivered - before.delivered,
    doubled: after.doubled - before.doubled,
    disordered: after.disordered - before.disordered,
  }
}
