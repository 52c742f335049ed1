import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { drawChart } from './bench/chart.ts'
import { conditionsOf } from './bench/conditions.ts'
import { measureDialects } from './bench/dialects.ts'
import { measureDocuments } from './bench/documents.ts'
import { measureLarge, mostRssMiB, type LargeRow } from './bench/large.ts'
import { measure } from './bench/measure.ts'
import { readOptions, type Plan } from './bench/options.ts'
import { createPlace, type Place } from './bench/place.ts'
import { createRawMeter } from './bench/raw.ts'
import { documentOf, panelsOf } from './bench/report.ts'
import { signerOf, signing } from './bench/signing.ts'
import { missed, summarise } from './bench/summary.ts'
import { missingServices } from './support/services.ts'

const run = promisify(execFile)

/** The gateway is measured as it is deployed: compiled, and never an older build. */
async function build(): Promise<void> {
  await run(process.execPath, ['config/bootstrap.mjs', 'build'])
}

/** `npm run bench`: measures the built gateway with everything it needs on this machine, beside its peers. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  const { quick, json, plan } = options
  const began = Date.now()
  const say = (text: string) => {
    if (!json) process.stdout.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${text}\n`)
  }
  const missing = missingServices()
  if (missing.length > 0) throw new Error(`the bench needs ${missing.join(' and ')}, which is not installed`)
  say('building')
  await build()
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'lien-thong-bench-')))
  say('starting MariaDB and RabbitMQ of its own')
  const place = await createPlace(folder)
  const forget = onSignal(place)
  try {
    if (options.only !== null) return await alone[options.only](place, plan, say)
    const conditions = await conditionsOf(place, plan)
    for (const [name, value] of Object.entries(conditions)) say(`  ${name}: ${value}`)
    const meter = createRawMeter(plan.raw, signing(signerOf(place), 2 * 1024))
    const measured = await measure({ place, plan, meter, say })
    const seconds = Math.round((Date.now() - began) / 1000)
    const summary = summarise(measured, meter, { quick, conditions: { ...conditions, seconds } })
    if (!quick) {
      await writeFile('docs/benchmark.md', documentOf(summary, measured, meter))
      await writeFile('docs/benchmark.svg', drawChart(panelsOf(summary, measured)))
    }
    say(`\n${documentOf(summary, measured, meter)}`)
    for (const fault of missed(summary)) process.stderr.write(`${fault}\n`)
    process.stdout.write(`${JSON.stringify(summary)}\n`)
  } finally {
    forget()
    await place.close()
    if (options.folder === null) await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  return 0
}

/** Parts that may be run alone, by name: each answers the exit code. */
const alone = { large: onlyLarge, dialects: onlyDialects, documents: onlyDocuments } as const

async function onlyDialects(place: Place, plan: Plan, say: (text: string) => void): Promise<number> {
  const rows = await measureDialects(place, plan.dialects)
  for (const { door, dossiers, perSecond, answerP50Ms, answerP99Ms } of rows)
    say(
      `${door}: ${perSecond.toFixed(0)} dossiers/s of ${dossiers}, answered in ${answerP50Ms.toFixed(0)} ms, 99 % in ${answerP99Ms.toFixed(0)} ms`,
    )
  process.stdout.write(`${JSON.stringify({ dialects: rows })}\n`)
  return 0
}

/** Exit code 1 where a process held more than it may. */
async function onlyLarge(place: Place, plan: Plan, say: (text: string) => void): Promise<number> {
  return told('large', await measureLarge(place, plan.large), say)
}

/** The same of a letter as large as a file may be. */
async function onlyDocuments(place: Place, plan: Plan, say: (text: string) => void): Promise<number> {
  return told('documents', await measureDocuments(place, plan.documents), say)
}

function told(part: string, rows: readonly LargeRow[], say: (text: string) => void): number {
  for (const { what, seconds, mebibytesPerSecond, rssMiB } of rows)
    say(
      `${what}: ${seconds.toFixed(1)} s, ${mebibytesPerSecond.toFixed(0)} MiB/s, most memory ${memoryOf(rssMiB)}`,
    )
  process.stdout.write(`${JSON.stringify({ [part]: rows, mostRssMiB })}\n`)
  const held = rows.filter(({ isHeld }) => isHeld)
  return held.every(({ rssMiB }) => Object.values(rssMiB).every((most) => most < mostRssMiB)) ? 0 : 1
}

const memoryOf = (rssMiB: Readonly<Record<string, number>>) =>
  Object.entries(rssMiB)
    .map(([name, most]) => `${name} ${most} MiB`)
    .join(', ')

/** An interrupted run leaves no server behind. */
function onSignal(place: Place): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const end = () => void place.close().finally(() => process.exit(1))
  for (const signal of signals) process.once(signal, end)
  return () => {
    for (const signal of signals) process.off(signal, end)
  }
}

process.exit(
  await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 1
  }),
)
