import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../support/wait.ts'
import type { Accepted } from './judge.ts'
import type { Life, Phase } from './plan.ts'
import type { Senders } from './sender.ts'
import type { Tap } from './tap.ts'
import { isUnknown } from './verify.ts'
import type { World } from './world.ts'

/** What a phase came to. */
export interface PhaseResult {
  readonly name: string
  /** Messages accepted up to its end, and those of them that every recipient has. */
  readonly accepted: number
  readonly delivered: number
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

/** How often, while a commit point is not passed, some messages of later phases are let through at once. */
const nudgeMs = 2_000
const nudgeMessages = 10
const nudges = 15
const drainLimitMs = 60_000
const awayLimitMs = 20_000

/** What may still be sent, and what may be sent now. */
interface Supply {
  open(count: number): void
  readonly opened: () => number
}

interface Play extends DirectDeps {
  readonly supply: Supply
}

/** Plays the phases one after the other. The messages of each are let through at its start, all that is left at the last. */
export async function direct(phases: readonly Phase[], deps: DirectDeps): Promise<void> {
  const total = phases.reduce((sum, { messages }) => sum + messages, 0)
  const supply = createSupply(total, deps.tap)
  for (const phase of phases) {
    if (deps.stopped()) {
      deps.world.judge.fault('stuck', `no time was left for ${phase.name}`)
      return
    }
    if (phase.away) await deps.world.away.down()
    supply.open(phase === phases.at(-1) ? total : phase.messages)
    await play(phase, { ...deps, supply })
  }
}

function createSupply(total: number, tap: Tap): Supply {
  let opened = 0
  return {
    opened: () => opened,
    open(count) {
      const granted = Math.min(count, total - opened)
      opened += granted
      tap.open(granted)
    },
  }
}

async function play(phase: Phase, deps: Play): Promise<void> {
  const { world, senders, report } = deps
  const { fleet, judge } = world
  const began = Date.now()
  const killed = fleet.kills()
  const note: string[] = []
  for (const life of phase.lives) await live(life, deps)
  const clean = Date.now()
  if (phase.away || phase.drain) await fleet.start()
  if (phase.away) note.push(await withoutOne(deps))
  if (phase.away) await world.away.up()
  if (phase.drain && !(await drained(deps))) judge.fault('stuck', `${phase.name}: not drained in time`)
  if (phase.away && phase.drain) note.push(`peak on return ${world.away.peak()}`)
  const missing = judge.missing().length
  report({
    name: phase.name,
    accepted: senders.accepted(),
    delivered: senders.accepted() - missing,
    kills: fleet.kills() - killed,
    ms: Date.now() - began,
    drainMs: phase.drain ? Date.now() - clean : null,
    note: note.join(', '),
  })
}

/** One life of the gateway, up to its end. */
const lives: {
  readonly [Kind in Life['kind']]: (life: Extract<Life, { kind: Kind }>, deps: Play) => Promise<void>
} = {
  async point({ failpoint }, { world: { fleet, judge }, supply }) {
    await fleet.killAll()
    await fleet.start(failpoint)
    let died = await fleet.died(nudgeMs)
    for (let nudge = 0; !died && nudge < nudges; nudge += 1) {
      supply.open(nudgeMessages)
      died = await fleet.died(nudgeMs)
    }
    if (!died) judge.fault('stuck', `${failpoint} was never passed`)
    await fleet.killAll()
  },
  async timed({ afterMs }, { world: { fleet } }) {
    await fleet.start()
    await sleep(afterMs)
    await fleet.killOne()
  },
}

function live(life: Life, deps: Play): Promise<void> {
  return life.kind === 'point' ? lives.point(life, deps) : lives.timed(life, deps)
}

/** While one recipient is away, the others must get everything. Says how long it took them. */
async function withoutOne({ world, senders, supply }: Play): Promise<string> {
  const { judge, awayCode } = world
  const began = Date.now()
  const others = (recipient: string) => recipient !== awayCode
  const all = () => senders.accepted() === supply.opened() && judge.missing(others).length === 0
  if (!(await until(all, { limitMs: awayLimitMs, everyMs: 10 })))
    judge.fault('stuck', `others were delayed while ${awayCode} was away`)
  const othersMs = Date.now() - began
  const waiting = judge.missing().length
  return `others served in ${othersMs} ms, ${waiting} wait for ${awayCode}`
}

/** Whether everything let through has been accepted and settled, as the gateway itself says. */
async function drained({ world, senders, supply }: Play): Promise<boolean> {
  const { judge } = world
  const everythingIn = () => senders.accepted() === supply.opened() && judge.missing().length === 0
  if (!(await until(everythingIn, { limitMs: drainLimitMs }))) return false
  let open = lastOfLanes(judge.messages())
  return until(
    async () => {
      const settled = await Promise.all(open.map((message) => isSettled(message, world)))
      open = open.filter((_, index) => settled[index] !== true)
      return open.length === 0
    },
    { limitMs: drainLimitMs, everyMs: 100 },
  )
}

/** The last message of each lane: only what is before it can hold it up. */
function lastOfLanes(messages: readonly Accepted[]): readonly Accepted[] {
  const last = new Map<number, Accepted>()
  for (const message of messages) {
    const { lane, seq } = message.item
    if ((last.get(lane.index)?.item.seq ?? 0) < seq) last.set(lane.index, message)
  }
  return [...last.values()]
}

async function isSettled({ item, messageId }: Accepted, { clientOf }: World): Promise<boolean> {
  try {
    return (await clientOf(item.lane.sender).message(messageId)).state !== 'accepted'
  } catch (error) {
    return isUnknown(error) // what the gateway no longer knows is counted elsewhere
  }
}
