import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../support/wait.ts'
import type { Watched } from './drained.ts'
import type { Life, Victim } from './phase.ts'
import type { World } from './world.ts'

/** How often, while a commit point is not passed, some messages of later phases are let through at once. */
const nudgeMs = 2_000
const nudgeMessages = 10
const nudges = 15
/** How long the last of the traffic may take to be accepted while a service is away that acceptance does not need. */
const acceptMs = 10_000

export interface Living extends Watched {
  /** Lets the phase's messages come, if they do not yet. */
  readonly begin: () => unknown
}

/** Lives through one fault, up to the last death; what died is still dead then. Answers a note for the matrix. */
export function live(life: Life, deps: Living): Promise<string> {
  return life.kind === 'point'
    ? lives.point(life, deps)
    : life.kind === 'timed'
      ? lives.timed(life, deps)
      : lives.outage(life, deps)
}

const lives: {
  readonly [Kind in Life['kind']]: (life: Extract<Life, { kind: Kind }>, deps: Living) => Promise<string>
} = {
  async point({ failpoint, services }, { world, supply, begin }) {
    const { fleet, judge } = world
    await world.services.start()
    await fleet.arm(failpoint)
    begin()
    let died = await fleet.died(nudgeMs)
    for (let nudge = 0; !died && nudge < nudges; nudge += 1) {
      supply.open(nudgeMessages)
      died = await fleet.died(nudgeMs)
    }
    await world.services.kill(services)
    if (!died) judge.fault('stuck', `${failpoint} was never passed`)
    await fleet.disarm()
    return ''
  },
  async timed({ afterMs, victim }, { world }) {
    await world.services.start()
    await world.fleet.start()
    await sleep(afterMs)
    await kills[victim](world)
    return ''
  },
  async outage({ services, ms }, { world, senders, supply }) {
    const before = { putOff: senders.putOff(), silent: senders.resent() - senders.putOff() }
    const accepted = senders.accepted()
    await world.services.kill(services)
    await sleep(ms)
    const allIn = () => senders.accepted() === supply.opened()
    if (!services.includes('database') && !(await until(allIn, { limitMs: acceptMs })))
      world.judge.fault('stuck', `senders were put off while ${services.join(' and ')} was down`)
    const putOff = senders.putOff() - before.putOff
    const silent = senders.resent() - senders.putOff() - before.silent
    return `meanwhile ${senders.accepted() - accepted} accepted, ${putOff} put off, ${silent} not answered`
  },
}

const kills: Readonly<Record<Victim, (world: World) => Promise<unknown>>> = {
  gateway: ({ fleet }) => fleet.killOne(),
  database: ({ services }) => services.kill(['database']),
  broker: ({ services }) => services.kill(['broker']),
  everything: ({ fleet, services }) => Promise.all([services.kill(['database', 'broker']), fleet.killAll()]),
}
