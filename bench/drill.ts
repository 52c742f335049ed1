import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readOptions } from './drill/options.ts'
import { isGood, matrixOf, progressOf } from './drill/report.ts'
import { runDrill } from './drill/run.ts'
import { missingServices } from './support/services.ts'

const shownFaults = 50

/** `npm run drill`: kills the gateway at every commit point and at random, and counts what became of each message. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  const { json, services, messages, lanes, seed } = options
  const say = (text: string) => {
    if (!json) process.stdout.write(`${text}\n`)
  }
  const missing = services ? missingServices() : []
  if (missing.length > 0) {
    process.stderr.write(`--services: không có / not installed: ${missing.join(', ')}\n`)
    return 1
  }
  say(`drill: ${messages} messages over ${lanes} lanes, seed ${seed}`)
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'lien-thong-drill-')))
  const { summary, results, faults } = await runDrill(options, folder, (result) =>
    say(progressOf(options, result)),
  )
  const good = isGood(options, summary)
  for (const fault of faults.slice(0, shownFaults)) process.stderr.write(`${fault}\n`)
  say(`\n${matrixOf(options, results)}\n`)
  if (good && options.folder === null) await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  else process.stderr.write(`data and log of the gateway: ${folder}\n`)
  process.stdout.write(`${JSON.stringify(summary)}\n`)
  return good ? 0 : 1
}

process.exit(await main())
