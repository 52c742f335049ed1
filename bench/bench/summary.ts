import { median, rounded } from './numbers.ts'
import type { Measured } from './measure.ts'
import type { RawMeter } from './raw.ts'
import type { RelayRun } from './relay.ts'

/** The figures of a run; the last line of `--json`. */
export interface Summary {
  readonly rsa2048SignPerSecond: number
  readonly p256SignPerSecond: number
  /** Payloads of 2 KB, accepted, delivered and recorded. */
  readonly relayPerSecond: number
  readonly relay10kPerSecond: number
  readonly relayPerRsaSign: number
  readonly handWrittenPerSecond: number
  readonly relayPerHandWritten: number
  readonly shovelPerSecond: number
  readonly relayPerShovel: number
  readonly signPerRsaSign2k: number
  readonly signPerXmlCrypto10k: number
  readonly verifyPerXmlCrypto10k: number
  /** At the share of the maximum that `conditions` names, from due time to arrival. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** Both gateway processes together, at 2 KB. */
  readonly cpuMsPerMessage: number
  /** The larger gateway process. */
  readonly rssMiB: number
  /** What that process grew by between the second and the last quarter of the steady run. */
  readonly rssGrowthMiB: number
  readonly throughputAt1M: number
  readonly quick: boolean
  readonly conditions: Readonly<Record<string, string | number>>
}

const ownNames: ReadonlySet<string> = new Set(['api', 'worker'])

/** What a figure should be; `atLeast` or `atMost`. */
export const targets: readonly (readonly [keyof Summary, 'atLeast' | 'atMost', number])[] = [
  ['relayPerRsaSign', 'atLeast', 0.25],
  ['relayPerHandWritten', 'atLeast', 5],
  ['signPerRsaSign2k', 'atLeast', 0.7],
  ['verifyPerXmlCrypto10k', 'atLeast', 20],
  ['p99Ms', 'atMost', 1_000],
  ['rssMiB', 'atMost', 300],
  ['throughputAt1M', 'atLeast', 0.9],
]

/** Turns what was measured into ratios within this one run: the machine's own pace falls out of them. */
export function summarise(
  measured: Measured,
  meter: RawMeter,
  { quick, conditions }: Pick<Summary, 'quick' | 'conditions'>,
): Summary {
  const { small, large, many, steady, handWritten, shovel } = measured
  const rsa = meter.perSecond('rsa2048')
  const relay = rate(small)
  const sizes = new Map(measured.signing.map((row) => [row.bytes / 1_024, row]))
  const ten = sizes.get(10)
  const own = steady.usage.filter(({ name }) => ownNames.has(name))
  const figures = {
    rsa2048SignPerSecond: rsa,
    p256SignPerSecond: meter.perSecond('p256'),
    relayPerSecond: relay,
    relay10kPerSecond: rate(large),
    relayPerRsaSign: relay / rsa,
    handWrittenPerSecond: rate(handWritten),
    relayPerHandWritten: relay / rate(handWritten),
    shovelPerSecond: median(shovel),
    relayPerShovel: relay / median(shovel),
    signPerRsaSign2k: median(meter.signPerRsaSign()),
    signPerXmlCrypto10k: (ten?.sign ?? 0) / (ten?.xmlCryptoSign ?? 0),
    verifyPerXmlCrypto10k: (ten?.verify ?? 0) / (ten?.xmlCryptoVerify ?? 0),
    p50Ms: steady.arrival.p50Ms,
    p99Ms: steady.arrival.p99Ms,
    cpuMsPerMessage: median(small.map(cpuMsPerMessage)),
    rssMiB: Math.max(
      ...[...small, steady].flatMap(({ usage }) => usage.filter(isOwn).map(({ rssMiB }) => rssMiB)),
    ),
    rssGrowthMiB: Math.max(...own.map(({ rssEarlyMiB, rssLateMiB }) => rssLateMiB - rssEarlyMiB)),
    throughputAt1M: ratioOfTurns(many, small),
  }
  const round = ([name, value]: [string, number]) => [name, rounded(value)]
  // Every figure keeps its name.
  return { ...(Object.fromEntries(Object.entries(figures).map(round)) as typeof figures), quick, conditions }
}

export function rate(runs: readonly RelayRun[]): number {
  return median(runs.map(({ perSecond }) => perSecond))
}

type Rate = Pick<RelayRun, 'perSecond'>

/** Of two that took turns, each against the other of its turn: minutes later the machine's pace is another. */
export function ratioOfTurns(some: readonly Rate[], others: readonly Rate[]): number {
  return median(some.map(({ perSecond }, turn) => perSecond / (others[turn]?.perSecond ?? 0)))
}

const isOwn = ({ name }: { readonly name: string }) => ownNames.has(name)

function cpuMsPerMessage({ usage, messages }: RelayRun): number {
  return usage.filter(isOwn).reduce((sum, { cpuMs }) => sum + cpuMs, 0) / messages
}

/** The targets that a run did not reach, in words; empty when all are. */
export function missed(summary: Summary): readonly string[] {
  return targets.flatMap(([name, kind, value]) => {
    const found = Number(summary[name])
    const good = kind === 'atLeast' ? found >= value : found <= value
    return good
      ? []
      : [`${name} is ${found}, should be ${kind === 'atLeast' ? 'at least' : 'at most'} ${value}`]
  })
}
