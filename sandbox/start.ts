import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createObserver, type Reader } from '../client/index.ts'
import { takeAccount, type Account } from './account.ts'
import type { LogLine } from './gateway.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { practise } from './practice.ts'
import { readKnown, rootsOf } from './party-client.ts'
import { play } from './play.ts'
import { freePort } from './ports.ts'
import { readSamples, type Sample } from './samples.ts'
import { createScreen, type Screen } from './screen.ts'
import { createShow, type Show } from './show.ts'
import { startStage, type Stage, type Staging } from './stage.ts'
import { isSound, showSummary } from './summary.ts'
import type { Sandbox } from './rows.ts'

// `npm start [-- --once]`: a gateway and the bodies around it, as processes that speak HTTP, and sample traffic between them.
// Exit codes: 0 sound, 1 something was lost, changed or unlike the samples, or could not start, 130 interrupted.

const defaultPort = '8080'
const defaultDir = 'var/sandbox'
const followMs = 120
const interruptedCode = 130

interface Traffic {
  readonly samples: readonly Sample[]
  readonly ledger: Ledger
  readonly screen: Screen
  readonly show: Show
  readonly run: string
  readonly startedAt: number
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } })
  const screen = createScreen({ write: (text) => process.stdout.write(text), colour: hasColour() })
  const wanted = process.env['PORT'] ?? defaultPort
  const port = await freePort(Number(wanted))
  if (port === null) return portTaken(wanted)
  const traffic = createTraffic(screen)
  const staging = start(port, traffic)
  let ending: Ending | undefined
  try {
    ending = await perform(staging, traffic, values.once)
  } finally {
    await staging.stop()
  }
  process.stdout.write(ending.lastLine)
  return ending.code
}

interface Ending {
  readonly code: number
  /** Of standard output, for programs; written when nothing else writes any more. */
  readonly lastLine: string
}

/** Shows the run; then ends, or stays up until it is interrupted. */
async function perform(staging: Staging, traffic: Traffic, once: boolean): Promise<Ending> {
  const interrupted = interruption()
  const account = await Promise.race([
    showRun(staging, traffic, once ? 0 : followMs),
    interrupted.then(() => null),
  ])
  if (account === null) return { code: interruptedCode, lastLine: '' }
  if (once) return { code: isSound(account) ? 0 : 1, lastLine: `${JSON.stringify(account.totals)}\n` }
  await Promise.race([staysUp(staging, traffic), interrupted])
  traffic.screen.line('Đang dừng… · stopping…')
  return { code: 0, lastLine: '' }
}

function createTraffic(screen: Screen): Traffic {
  const samples = readSamples()
  const run = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}-${randomBytes(3).toString('hex')}`
  const show = createShow(screen, samples, () => new Date())
  return { samples, ledger: createLedger(), screen, show, run, startedAt: Date.now() }
}

function start(port: number, { ledger, show, screen }: Traffic): Staging {
  screen.line('Dựng sandbox: khóa, chứng thư, danh bạ; khởi động trục và các bên… · setting up…')
  const dir = process.env['SANDBOX_DIR'] ?? defaultDir
  return startStage({
    dir,
    port,
    onLine: (line) => follow(line, { ledger, show, screen }),
    onReport(code, told) {
      if (told.say === 'sent') show.sent(code, told)
      if (told.say === 'catalog') show.catalog(code, told)
      ledger.report(code, told)
    },
  })
}

function follow(line: LogLine, { ledger, show, screen }: Pick<Traffic, 'ledger' | 'show' | 'screen'>): void {
  if (line['message'] === 'attempt') {
    show.attempt(line)
    ledger.attempt(line)
  }
  if (line['level'] === 'error') screen.line(screen.paint('red', `! ${JSON.stringify(line)}`))
}

/** Plays the samples and takes the account. Rejects when a process falls on the way. */
async function showRun({ ready }: Staging, traffic: Traffic, paceMs: number): Promise<Account> {
  const { samples, ledger, screen, show, run, startedAt } = traffic
  const stage = await ready
  const { sandbox, parties } = stage
  screen.line(`Thư mục / folder: ${sandbox.dir} · trục / gateway: ${sandbox.gatewayUrl}`)
  const played = play({ samples, run, parties, ledger, paceMs, onGroup: (digit) => show.group(digit) })
  await Promise.race([played, falling(stage)])
  const account = await takeAccount({ samples, ledger, startedAt, reader: readerOf(sandbox) })
  showSummary(screen, account, { samples, ledger })
  return account
}

async function falling({ fell }: Stage): Promise<never> {
  throw new Error(`một tiến trình đã dừng ngoài dự kiến · a process ended: ${await fell}`)
}

async function staysUp({ ready }: Staging, { screen, ledger, run }: Traffic): Promise<void> {
  const stage = await ready
  await practise({ stage, screen, ledger, run, reader: readerOf(stage.sandbox) })
  await falling(stage)
}

function readerOf({ operator, paths, gatewayUrl }: Sandbox): Reader {
  return createObserver({
    url: gatewayUrl,
    apiKey: operator.apiKey,
    trustRoots: rootsOf(readKnown(paths.certificates)),
  })
}

/** One Ctrl-C may arrive several times, from the terminal and from npm: the first counts. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}

function hasColour(): boolean {
  return process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
}

function portTaken(port: string): number {
  process.stderr.write(`Cổng ${port} đang có chương trình khác dùng. Chọn cổng khác: PORT=8090 npm start\n`)
  process.stderr.write(`Port ${port} is in use by another program. Choose another one: PORT=8090 npm start\n`)
  return 1
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
