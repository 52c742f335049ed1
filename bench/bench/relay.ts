import { join } from 'node:path'
import { until } from '../support/wait.ts'
import { writeCorpus } from './letters.ts'
import { percentile } from './numbers.ts'
import type { Place } from './place.ts'
import type { System } from './system.ts'
import type { Order, Report } from './traffic.ts'
import { watch, type Usage } from './usage.ts'

/** One measured run. Every message in it was accepted, is with its recipient, and is recorded as delivered. */
export interface RelayRun {
  readonly messages: number
  readonly perSecond: number
  readonly arrival: Quantiles
  readonly receipt: Quantiles
  readonly usage: readonly Usage[]
}

export interface Quantiles {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

export interface RelayPlan {
  readonly bytes: number
  readonly messages: number
  readonly pace: Order['pace']
}

const recordLimitMs = 30_000

/** Sends pre-signed messages through a system and waits until the last is recorded. Rejects when one is refused or lost. */
export async function runRelay(place: Place, system: System, plan: RelayPlan): Promise<RelayRun> {
  const { traffic, senders, recipients, apiKeys, folder } = place
  const corpus = join(folder, 'corpus')
  await writeCorpus(corpus, { senders, recipients, bytes: plan.bytes, count: plan.messages })
  const watching = watch(processesOf(place, system))
  const report = await traffic.send({ url: system.url, apiKeys, corpus, pace: plan.pace })
  checkWhole(report)
  const recorded = await until(async () => (await system.open()) === 0, {
    limitMs: recordLimitMs,
    everyMs: 10,
  })
  const seconds = (Date.now() - report.startedAt) / 1_000
  const usage = watching.stop()
  if (!recorded) throw new Error('not every delivery was recorded')
  return {
    messages: plan.messages,
    perSecond: plan.messages / seconds,
    arrival: quantiles(report.arrivalMs),
    receipt: quantiles(report.receiptMs),
    usage,
  }
}

function processesOf({ mariadb, rabbit, traffic }: Place, { processes }: System) {
  return [
    ...processes,
    { name: 'mariadbd', pid: mariadb.pid },
    { name: 'rabbitmq', pid: rabbit.pid },
    { name: 'client and sink', pid: traffic.pid },
  ]
}

function checkWhole({ sent, arrived, refused, refusal }: Report): void {
  if (arrived < sent)
    throw new Error(`of ${sent} messages ${arrived} arrived, ${refused} were refused: ${refusal}`)
}

function quantiles(values: readonly number[]): Quantiles {
  return {
    p50Ms: percentile(values, 0.5),
    p99Ms: percentile(values, 0.99),
    maxMs: percentile(values, 1),
  }
}
