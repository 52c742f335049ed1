import { createRandom } from '../support/random.ts'
import { direct, type PhaseResult } from './direct.ts'
import { createGate } from './gate.ts'
import type { Options } from './options.ts'
import { planOf } from './plan.ts'
import { runPuller } from './puller.ts'
import { countOf } from './judge.ts'
import type { Summary } from './report.ts'
import { startSenders, type Senders } from './sender.ts'
import { createTap } from './tap.ts'
import { refOf } from './traffic.ts'
import { verify } from './verify.ts'
import { createWorld, type World } from './world.ts'

export interface Drill {
  readonly summary: Summary
  readonly results: readonly PhaseResult[]
  readonly faults: readonly string[]
}

/** Longest time of a whole drill, in ms: it ends by itself whatever the gateway does. */
const limits = { alone: { quick: 100_000, full: 1_800_000 }, fleet: { quick: 200_000, full: 3_600_000 } }

function limitMs({ quick, isFleet }: Options): number {
  return limits[isFleet ? 'fleet' : 'alone'][quick ? 'quick' : 'full']
}

/** Plays the drill in a folder and judges it. Rejects when the gateway cannot be started at all. */
export async function runDrill(
  options: Options,
  folder: string,
  report: (result: PhaseResult) => void,
): Promise<Drill> {
  const began = Date.now()
  const random = createRandom(options.seed)
  const phases = planOf(options, random)
  let close = () => Promise.resolve()
  const forget = onSignal(() => close()) // from now on: a world that is just being made has started servers
  const world = await createWorld(options, folder, random)
  close = () => world.close()
  const tap = createTap()
  let ended = false
  const stopped = () => ended || Date.now() - began > limitMs(options)
  const gate = createGate({ isUp: () => world.fleet.isUp(), stopped })
  const pacing = { paceMs: options.quick ? 40 : 80 }
  const senders = startSenders(world.lanes, { ...world, tap, random, ...pacing, gate })
  const puller = runPuller({
    ...world,
    code: world.pulling,
    client: () => world.clientOf(world.pulling),
    gate,
  })
  const results: PhaseResult[] = []
  const noting = (result: PhaseResult) => {
    results.push(result)
    report(result)
  }
  try {
    await world.fleet.start()
    await direct(phases, { world, senders, tap, stopped, report: noting })
    tap.close()
    await senders.done
    await verify(world, senders, random)
  } finally {
    forget()
    ended = true
    tap.close()
    await world.close()
    await Promise.all([puller, senders.done])
  }
  return { ...judged(world, senders, { seed: options.seed, ms: Date.now() - began }), results }
}

/** An interrupted drill leaves no gateway and no server behind. */
function onSignal(close: () => Promise<void>): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const end = () => void close().finally(() => process.exit(1))
  for (const signal of signals) process.once(signal, end)
  return () => {
    for (const signal of signals) process.off(signal, end)
  }
}

function judged(
  { judge, fleet, services, reception }: World,
  senders: Senders,
  { seed, ms }: { readonly seed: number; readonly ms: number },
): Omit<Drill, 'results'> {
  const missing = judge.missing()
  for (const { item } of missing)
    judge.fault('lost', `${refOf(item)} was accepted and is not with its recipient`)
  for (const code of fleet.crashes()) judge.fault('stuck', `the gateway ended by itself with code ${code}`)
  const summary: Summary = {
    accepted: senders.accepted(),
    delivered: senders.accepted() - missing.length,
    kills: fleet.kills() + services.kills(),
    lost: countOf(judge, 'lost'),
    doubled: countOf(judge, 'doubled'),
    disordered: countOf(judge, 'disordered'),
    altered: countOf(judge, 'altered'),
    stuck: countOf(judge, 'stuck'),
    unproven: countOf(judge, 'unproven'),
    refused: reception.refused(),
    repeats: judge.repeats(),
    resent: senders.resent(),
    seconds: Math.round(ms / 100) / 10,
    seed,
  }
  return { summary, faults: judge.faults.map(({ kind, text }) => `${kind}: ${text}`) }
}
