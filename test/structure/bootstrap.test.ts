import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { withProcess, withTempDir } from '../support/processes.ts'
import type { LentProcess } from '../support/processes.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const inSeconds = 15_000

const lock = (zodVersion: string) => ({
  packages: {
    '': { name: 'project' },
    'node_modules/tsx': { version: '1.0.0', integrity: 'sha512-tsx' },
    'node_modules/zod': { version: zodVersion, integrity: `sha512-zod-${zodVersion}` },
    'node_modules/for-another-platform': { version: '1.0.0', integrity: 'sha512-x', optional: true },
  },
})

// Stands for npm: notes its arguments and leaves behind what `npm ci` leaves behind. tsx is the real one.
const npm = `
const fs = require('node:fs')
fs.appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n')
if (process.env.NPM_FAILS) process.exit(1)
console.log('a word from npm')
const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))
delete lock.packages['']
delete lock.packages['node_modules/for-another-platform']
fs.rmSync('node_modules', { recursive: true, force: true })
fs.mkdirSync('node_modules/zod', { recursive: true })
fs.writeFileSync('node_modules/zod/package.json', '{}')
fs.symlinkSync(${JSON.stringify(join(root, 'node_modules/tsx'))}, 'node_modules/tsx')
fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify(lock))
`

const task = `
const args: string[] = process.argv.slice(2)
console.log(JSON.stringify(args))
if (args[0] === 'exit') process.exit(Number(args[1]))
const stay = setInterval(() => undefined, 1000)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    console.log('got ' + signal)
    clearInterval(stay)
    process.exitCode = 5
  })
}
console.log('ready')
`

interface Clone {
  write(path: string, text: string): Promise<void>
  /** Runs the bootstrap in the clone and waits for its end. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  lend<T>(args: readonly string[], use: (lent: LentProcess) => Promise<T>): Promise<T>
  /** As `lend`, but what is lent is a shell that runs the bootstrap, as npm does it. */
  lendByShell<T>(args: readonly string[], use: (lent: LentProcess) => Promise<T>): Promise<T>
  npmCalls(): Promise<readonly string[]>
}

interface Ended {
  readonly code: number | null
  readonly stdout: readonly string[]
  readonly stderr: string
}

function withClone<T>(use: (clone: Clone) => Promise<T>): Promise<T> {
  return withTempDir(async (folder) => {
    const clone = cloneIn(folder)
    await cp(join(root, 'config/bootstrap.mjs'), join(folder, 'config/bootstrap.mjs'))
    await clone.write('package.json', JSON.stringify({ type: 'module', engines: { node: '>=20.19' } }))
    await clone.write('package-lock.json', JSON.stringify(lock('1.0.0')))
    await clone.write('npm/package.json', '{}')
    await clone.write('npm/npm-cli.js', npm)
    await clone.write('sandbox/start.ts', task)
    return use(clone)
  })
}

function cloneIn(folder: string): Clone {
  const env = { npm_execpath: join(folder, 'npm/npm-cli.js'), npm_lifecycle_event: undefined }
  const cwd = dirname(folder)
  const bootstrap = join(folder, 'config/bootstrap.mjs')
  return {
    write: async (path, text) => {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    },
    run: (args, more = {}) => {
      const options = { cwd, env: { ...env, ...more } }
      return withProcess(
        process.execPath,
        [bootstrap, ...args],
        options,
        async ({ exit, stdout, stderr }) => {
          const { code } = await exit
          return { code, stdout, stderr: stderr.join('\n') }
        },
      )
    },
    lend: (args, use) => withProcess(process.execPath, [bootstrap, ...args], { cwd, env }, use),
    lendByShell: (args, use) => {
      const options = { cwd, env: { ...env, npm_lifecycle_event: 'start' } }
      // The shell stays: it has a second command to run.
      return withProcess('sh', ['-c', '"$@"; true', 'sh', process.execPath, bootstrap, ...args], options, use)
    },
    npmCalls: async () => {
      const text = await readFile(join(folder, 'npm-calls'), 'utf8').catch(() => '')
      return text.split('\n').filter((line) => line !== '')
    },
  }
}

describe('bootstrap', () => {
  it('installs the libraries of a clean clone, then runs the task with its arguments and exit code', () =>
    withClone(async (clone) => {
      const { code, stdout } = await clone.run(['start', 'exit', '7', '--once'])
      expect(stdout).to.deep.equal(['["exit","7","--once"]'])
      expect(code).to.equal(7)
      expect(await clone.npmCalls()).to.deep.equal(['ci --include=dev --loglevel=error'])
    }))

  it('installs again only when the lock file asks for something else', () =>
    withClone(async (clone) => {
      await clone.run(['start', 'exit', '0'])
      await clone.run(['start', 'exit', '0'])
      expect(await clone.npmCalls()).to.have.lengthOf(1)
      await clone.write('package-lock.json', JSON.stringify(lock('2.0.0')))
      await clone.run(['start', 'exit', '0'])
      expect(await clone.npmCalls()).to.have.lengthOf(2)
    }))

  it('does not run the task when the installation fails', () =>
    withClone(async (clone) => {
      const { code, stdout, stderr } = await clone.run(['start', 'exit', '0'], { NPM_FAILS: 'yes' })
      expect(code).to.equal(1)
      expect(stdout).to.deep.equal([])
      expect(stderr).to.include('npm ci failed')
    }))

  it('refuses a Node that is too old, in both languages, before it installs anything', () =>
    withClone(async (clone) => {
      await clone.write('package.json', JSON.stringify({ type: 'module', engines: { node: '>=99.1' } }))
      const { code, stderr } = await clone.run(['start', 'exit', '0'])
      expect(code).to.equal(1)
      expect(stderr).to.include('Cần Node.js từ 99.1').and.to.include('Node.js 99.1 or later is needed')
      expect(await clone.npmCalls()).to.deep.equal([])
    }))

  it('names its tasks when it is asked for another', () =>
    withClone(async (clone) => {
      const { code, stderr } = await clone.run(['toString'])
      expect(code).to.equal(2)
      expect(stderr).to.include('start|').and.to.include('test')
    }))

  it('ends the task when npm, or the shell that npm put between, is killed', () =>
    withClone((clone) =>
      clone.lendByShell(['start'], async (lent) => {
        await lent.waitForLine(/^ready$/, inSeconds)
        lent.kill('SIGTERM')
        expect(await lent.waitForLine(/^got/, inSeconds)).to.equal('got SIGTERM')
      }),
    ))

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`passes ${signal} on to the task and waits for it`, () =>
      withClone((clone) =>
        clone.lend(['start'], async (lent) => {
          await lent.waitForLine(/^ready$/, inSeconds)
          lent.kill(signal)
          expect(await lent.exit).to.deep.equal({ code: 5, signal: null })
          expect(lent.stdout).to.include(`got ${signal}`)
        }),
      ))
  }
})
