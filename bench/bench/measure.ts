import { join } from 'node:path'
import { startHandWritten } from '../peers/hand-written.ts'
import { measureShovel } from '../peers/shovel.ts'
import { measureDialects, type DoorRow } from './dialects.ts'
import { measureDocuments } from './documents.ts'
import type { LargeRow } from './large.ts'
import { median } from './numbers.ts'
import type { Plan } from './options.ts'
import type { Place } from './place.ts'
import { preload } from './preload.ts'
import { readProfile, type ProfileRow } from './profile.ts'
import type { RawMeter } from './raw.ts'
import { runRelay, type RelayRun } from './relay.ts'
import { measureSigning, signerOf, type SigningRow } from './signing.ts'
import { startGateway, type System } from './system.ts'

/** Everything that was measured. */
export interface Measured {
  readonly signing: readonly SigningRow[]
  readonly small: readonly RelayRun[]
  readonly large: readonly RelayRun[]
  /** As `small`, on a store that already holds many. */
  readonly many: readonly RelayRun[]
  readonly steady: RelayRun
  readonly handWritten: readonly RelayRun[]
  readonly shovel: readonly number[]
  readonly profiles: Readonly<Record<string, readonly ProfileRow[]>>
  readonly doors: readonly DoorRow[]
  readonly documents: readonly LargeRow[]
}

export interface Measuring {
  readonly place: Place
  readonly plan: Plan
  readonly meter: RawMeter
  readonly say: (text: string) => void
}

const smallBytes = 2 * 1024
const largeBytes = 10 * 1024
/** Messages under way in the closed loop: enough that batches fill, few enough that nothing piles up. */
const closed = { kind: 'closed', underWay: 256 } as const
/** The hand-written relay is slower: so many would only wait. */
const closedShort = { kind: 'closed', underWay: 64 } as const

/** Measures all of it, one thing at a time, with the raw signatures in between. */
export async function measure(measuring: Measuring): Promise<Measured> {
  const { place, plan, meter, say } = measuring
  await meter.take()
  say('sign and verify, against xml-crypto')
  const signing = await measureSigning(signerOf(place), plan.signing)
  await meter.take()
  const [few, many] = [await stored(measuring, 'few'), await stored(measuring, 'many')]
  const relays = await inTurn(measuring, few, many)
  const max = median(relays.small.map(({ perSecond }) => perSecond))
  const steady = await runSteady(measuring, few, max)
  await meter.take()
  const handWritten = await runHandWritten(measuring)
  await meter.take()
  const shovel: number[] = []
  for (let run = 1; run <= plan.shovel.runs; run += 1) {
    shovel.push(await measureShovel(place.rabbit, { bytes: smallBytes, messages: plan.shovel.messages }))
    say(`shovel ${run}: ${perSecond(shovel.at(-1))}`)
  }
  const profiles = await profile(measuring, few)
  say('doors of dialects, and a large document')
  const doors = await measureDialects(place, plan.dialects)
  const documents = await measureDocuments(place, plan.documents)
  await meter.take()
  return { signing, ...relays, steady, handWritten, shovel, profiles, doors, documents }
}

const perSecond = (value = 0) => `${value.toFixed(0)} per second`

/** A database of the gateway with so many messages in it; the gateway itself makes the tables. */
async function stored({ place, plan, say }: Measuring, size: 'few' | 'many'): Promise<string> {
  const url = await place.createDatabase(size)
  const gateway = await startGateway(place, url)
  await gateway.stop()
  say(`storing ${plan.stored[size]} messages`)
  await preload(url, plan.stored[size], (done) => {
    if (done % 200_000 === 0) say(`  ${done}`)
  })
  return url
}

/** The two stores take turns, and turns at being the first, so that the machine's pace weighs on both alike. */
async function inTurn(
  measuring: Measuring,
  few: string,
  many: string,
): Promise<Pick<Measured, 'small' | 'large' | 'many'>> {
  const { place, plan, meter, say } = measuring
  const runs = { small: [] as RelayRun[], large: [] as RelayRun[], many: [] as RelayRun[] }
  const stores = [
    { url: few, into: runs.small },
    { url: many, into: runs.many },
  ]
  for (let turn = 1; turn <= plan.relay.runs; turn += 1) {
    for (const { url, into } of stores) {
      await withSystem(
        measuring,
        () => startGateway(place, url),
        async (run) => {
          into.push(await run({ bytes: smallBytes, messages: plan.relay.small, pace: closed }))
          if (url !== stores.at(-1)?.url) return // what large messages leave to be written would weigh on the other store
          runs.large.push(await run({ bytes: largeBytes, messages: plan.relay.large, pace: closed }))
        },
      )
    }
    stores.reverse()
    await meter.take()
    say(
      `relay ${turn}: 2 KB ${perSecond(runs.small.at(-1)?.perSecond)}, 10 KB ${perSecond(runs.large.at(-1)?.perSecond)}, ` +
        `2 KB with many stored ${perSecond(runs.many.at(-1)?.perSecond)}`,
    )
  }
  return runs
}

type Run = (plan: Parameters<typeof runRelay>[2]) => Promise<RelayRun>

/** Starts a system, warms it up, lends it, stops it. */
async function withSystem<T>(
  { place, plan }: Measuring,
  start: () => Promise<System>,
  use: (run: Run) => Promise<T>,
  warm: number = plan.relay.warm,
): Promise<T> {
  const system = await start()
  try {
    await runRelay(place, system, { bytes: smallBytes, messages: warm, pace: closedShort })
    return await use((runPlan) => runRelay(place, system, runPlan))
  } finally {
    await system.stop()
  }
}

/** An open loop below the maximum: what a sender and a recipient see on an ordinary day. */
function runSteady(measuring: Measuring, few: string, max: number): Promise<RelayRun> {
  const { place, plan, say } = measuring
  const rate = max * plan.steady.share
  return withSystem(
    measuring,
    () => startGateway(place, few),
    async (run) => {
      const messages = Math.ceil(rate * plan.steady.seconds)
      const steady = await run({ bytes: smallBytes, messages, pace: { kind: 'open', perSecond: rate } })
      say(
        `at ${perSecond(rate)}: p50 ${steady.arrival.p50Ms.toFixed(0)} ms, p99 ${steady.arrival.p99Ms.toFixed(0)} ms`,
      )
      return steady
    },
  )
}

async function runHandWritten(measuring: Measuring): Promise<readonly RelayRun[]> {
  const { place, plan, say } = measuring
  const { runs, messages, warm } = plan.handWritten
  const url = await place.createDatabase('hand_written')
  const done: RelayRun[] = []
  const start = () => startHandWritten(place, url)
  await withSystem(
    measuring,
    start,
    async (run) => {
      while (done.length < runs) {
        done.push(await run({ bytes: smallBytes, messages, pace: closedShort }))
        say(`hand-written ${done.length}: ${perSecond(done.at(-1)?.perSecond)}`)
      }
    },
    warm,
  )
  return done
}

/** One more run, which counts for nothing else: the profiler takes its own time. */
async function profile(measuring: Measuring, few: string): Promise<Measured['profiles']> {
  const { place, plan, say } = measuring
  say('profile')
  const name = (role: string) => `${role}.cpuprofile`
  const args = (role: string) => [
    '--cpu-prof',
    `--cpu-prof-dir=${place.folder}`,
    `--cpu-prof-name=${name(role)}`,
  ]
  await withSystem(
    measuring,
    () => startGateway(place, few, args),
    (run) => run({ bytes: smallBytes, messages: plan.profile.messages, pace: closed }),
  )
  const read = (role: string) => readProfile(join(place.folder, name(role)))
  return { api: read('api'), worker: read('worker') }
}
