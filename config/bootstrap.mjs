// The way in for every npm script. Runs on plain Node with nothing installed yet, so: built-ins only, plain JavaScript.
// `node config/bootstrap.mjs <start|test|build|drill|bench> [arguments]`
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os' // whole: an old Node lacks some names, and must get as far as the message about its version
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const sameSignalMs = 300
const parentCheckMs = 500
const mostJobs = 4

const bin = {
  tsc: 'node_modules/typescript/bin/tsc',
  eslint: 'node_modules/eslint/bin/eslint.js',
  // Not bin/mocha.js: that one starts a second process and does not pass SIGTERM on to it.
  mocha: 'node_modules/mocha/lib/cli/cli.js',
}

/** One row per task: arguments in, exit code out. */
const tasks = {
  start: (args) => runNode(['--import', 'tsx', 'sandbox/start.ts', ...args]),
  drill: (args) => runNode(['--import', 'tsx', 'bench/drill.ts', ...args]),
  bench: (args) => runNode(['--import', 'tsx', 'bench/bench.ts', ...args]),
  build: (args) => runNode([bin.tsc, '-p', 'tsconfig.build.json', ...args]),
  test,
}

/** Where the check of the types leaves what it has built (tsconfig.test.json): what the tests start as processes of their own. */
const built = '.built'

/** What is checked before the tests, with its own heading. */
const checks = [
  { name: 'types', command: [bin.tsc, '-p', 'tsconfig.test.json'] },
  { name: 'lint', command: [bin.eslint, '--max-warnings', '0', '.'] },
]

const [name = '', ...args] = process.argv.slice(2)
process.chdir(root)
process.exitCode = await main()

async function main() {
  if (!Object.hasOwn(tasks, name)) {
    console.error(
      `Cách dùng / usage: node config/bootstrap.mjs <${Object.keys(tasks).join('|')}> [arguments]`,
    )
    return 2
  }
  const ready = nodeIsNewEnough() && (librariesAreThere() || (await installLibraries()))
  return ready ? tasks[name](args) : 1
}

function nodeIsNewEnough() {
  const wanted = readJson('package.json').engines.node.replace('>=', '')
  const [major = 0, minor = 0] = wanted.split('.').map(Number)
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number)
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return true
  console.error(`Cần Node.js từ ${wanted} trở lên; máy này đang chạy ${process.versions.node}.`)
  console.error(`Node.js ${wanted} or later is needed; this is ${process.versions.node}.`)
  return false
}

/** Whether what npm says it installed is what the lock file asks for. Packages for other platforms are optional: they may be missing. */
function librariesAreThere() {
  if (!existsSync('node_modules/.package-lock.json')) return false
  const wanted = libraries('package-lock.json')
  const had = libraries('node_modules/.package-lock.json')
  const asWanted = ([path, row]) => {
    const own = had.get(path)
    if (!own) return row.optional === true
    return (
      own.version === row.version && own.integrity === row.integrity && existsSync(join(path, 'package.json'))
    )
  }
  return [...wanted].every(asWanted) && [...had.keys()].every((path) => wanted.has(path))
}

/** The packages of a lock file by their folder; the project itself and its workspaces are not installed. */
function libraries(lockFile) {
  const rows = Object.entries(readJson(lockFile).packages)
  return new Map(rows.filter(([path]) => path.includes('node_modules/')))
}

async function installLibraries() {
  console.error('Cài đặt thư viện theo package-lock.json… / Installing the libraries (npm ci)…')
  const started = Date.now()
  const [command, ...first] = npmCommand()
  const child = spawn(command, [...first, 'ci', '--include=dev', '--loglevel=error'], {
    stdio: ['ignore', 2, 2], // stdout belongs to the task
    shell: process.platform === 'win32' && first.length === 0,
  })
  const code = await ended(child).catch((error) => error.message)
  const done = code === 0
  if (done) console.error(`Đã cài xong sau ${seconds(started)}. / Installed.`)
  else
    console.error(
      `Không cài được thư viện; xem lỗi ở trên, kiểm tra mạng rồi chạy lại. / npm ci failed (${code}).`,
    )
  return done
}

/** The npm that runs this script, when it is npm; another package manager would not read package-lock.json. */
function npmCommand() {
  const path = process.env.npm_execpath ?? ''
  return /^npm(-cli)?\.c?js$/.test(basename(path)) ? [process.execPath, path] : ['npm']
}

async function test(args) {
  const failed = os.availableParallelism() > 1 ? await allAtOnce() : await oneByOne()
  heading('tests', args.join(' '))
  const code = await runNode(['--import', 'tsx', bin.mocha, ...sideBySide(), ...args], {
    FAILED_CHECKS: failed.join(','),
    GATEWAY_BUILT: built,
  })
  return code !== 0 ? code : failed.length > 0 ? 1 : 0
}

/** Many tests wait for a database, a broker or a process: files side by side take little more than half the time. */
function sideBySide() {
  const jobs = Math.min(os.availableParallelism(), mostJobs)
  return jobs > 1 ? ['--parallel', '--jobs', String(jobs)] : []
}

async function allAtOnce() {
  const passed = await Promise.all(checks.map(check))
  return checks.filter((_, index) => !passed[index]).map(({ name }) => name)
}

async function oneByOne() {
  const failed = []
  for (const each of checks) if (!(await check(each))) failed.push(each.name)
  return failed
}

/** Runs a check with its output kept together, so that two at once stay readable. */
async function check({ name, command }) {
  const started = Date.now()
  const chunks = []
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.on('data', (chunk) => chunks.push(chunk))
  child.stderr.on('data', (chunk) => chunks.push(chunk))
  const code = await ended(child)
  heading(name, `${code === 0 ? 'ok' : 'FAILED'}, ${seconds(started)}`)
  process.stdout.write(Buffer.concat(chunks))
  return code === 0
}

function runNode(args, env = {}) {
  return ended(spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } }))
}

/** Waits for a child, passing signals on to it; the answer is its exit code, 128 + n when signal n ended it. */
async function ended(child) {
  const stopForwarding = forwardSignals(child)
  const stopWatching = endWithNpm(child)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve(code ?? 128 + os.constants.signals[signal]))
    })
  } finally {
    stopForwarding()
    stopWatching()
  }
}

/**
 * A terminal's Ctrl-C reaches the whole group and npm sends it once more, so one press may arrive here twice: repeats within
 * `sameSignalMs` go out as one.
 */
function forwardSignals(child) {
  let last = { signal: '', at: 0 }
  const forward = (signal) => {
    const now = Date.now()
    if (signal !== last.signal || now - last.at > sameSignalMs) child.kill(signal)
    last = { signal, at: now }
  }
  for (const signal of forwardedSignals) process.on(signal, forward)
  return () => forwardedSignals.forEach((signal) => process.off(signal, forward))
}

/**
 * A SIGTERM to npm ends npm and the shell between it and us, and never comes here: the task would go on as an orphan and keep
 * its port. So, run by npm, the loss of the parent process is taken for that signal.
 */
function endWithNpm(child) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.env.npm_lifecycle_event === undefined || process.ppid === parent) return
    clearInterval(timer)
    child.kill('SIGTERM')
  }, parentCheckMs)
  return () => clearInterval(timer)
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

function heading(name, result) {
  console.log(`\n── ${name} ${result}`)
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`
}
