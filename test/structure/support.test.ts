import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { freePort, withProcess, withTempDir } from '../support/processes.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const inSeconds = 15_000

describe('test support: processes', () => {
  const script = (text: string) => ['-e', text] as const

  it('lends a process and its lines, also those already written', () =>
    withProcess(process.execPath, script("console.log('one'); console.error('two')"), {}, async (lent) => {
      expect(await lent.exit).to.deep.equal({ code: 0, signal: null })
      expect(await lent.waitForLine(/^t/, inSeconds)).to.equal('two')
      expect([lent.stdout, lent.stderr]).to.deep.equal([['one'], ['two']])
    }))

  it('tells what was written when the line does not come', () =>
    withProcess(
      process.execPath,
      script("console.log('something else'); process.exit(3)"),
      {},
      async (lent) => {
        const failure = await lent.waitForLine(/ready/, inSeconds).catch((cause: unknown) => cause)
        expect(String(failure)).to.include('ended (3)').and.to.include('something else')
      },
    ))

  it('rejects when the command does not exist', async () => {
    const failure = await withProcess('no-such-command', [], {}, async () => 'started').catch(
      (cause: unknown) => cause,
    )
    expect(failure).to.have.property('code', 'ENOENT')
  })

  // The end of the process is told only when nobody holds its output any more: a child that lives on would hold it.
  it('kills the process and its children in the end', async () => {
    const parent = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
      stdio: 'inherit',
    })
    console.log('ready')
    setInterval(() => undefined, 1000)`
    const { exit } = await withProcess(process.execPath, script(parent), {}, async (lent) => {
      await lent.waitForLine(/^ready$/, inSeconds)
      return { exit: lent.exit }
    })
    expect(await exit).to.deep.equal({ code: null, signal: 'SIGKILL' })
  })

  it('removes a folder also when its use fails', async () => {
    let used = ''
    await withTempDir(async (path) => {
      used = path
      await writeFile(join(path, 'file'), 'text')
      throw new Error('on purpose')
    }).catch(() => undefined)
    expect(used).to.not.equal('')
    expect(existsSync(used)).to.equal(false)
  })

  it('finds a port to listen on', async () => {
    const server = createServer().listen(await freePort(), '127.0.0.1')
    await once(server, 'listening')
    server.close()
  })
})

const ways = { 'in one process': [], 'side by side': ['--parallel', '--jobs', '2'] } as const

for (const [way, flags] of Object.entries(ways))
  describe(`test support: the run, ${way}`, () => {
    const runOf = (body: string, env: Readonly<Record<string, string | undefined>>) =>
      withTempDir(async (folder) => {
        const file = join(folder, 'example.test.ts')
        await writeFile(file, `describe('example', () => {\n${body}\n})\n`)
        const args = ['--import', 'tsx', 'node_modules/mocha/lib/cli/cli.js', ...flags, file]
        const clean = { CI: undefined, FAILED_CHECKS: undefined, ...env }
        return withProcess(process.execPath, args, { cwd: root, env: clean }, async ({ exit, stdout }) => {
          const { code } = await exit
          return { code, last: stdout.at(-1), text: stdout.join('\n') }
        })
      })
    const passes = "it('passes', () => undefined)"
    const skips = "it('skips', function () { this.skip() })"

    it('ends with the counts alone on a line', async () => {
      const { code, last } = await runOf(passes, {})
      expect({ code, last }).to.deep.equal({ code: 0, last: '1 passed, 0 failed' })
    })

    it('fails with a failed test', async () => {
      const { code, last } = await runOf("it('fails', () => { throw new Error('on purpose') })", {})
      expect({ code, last }).to.deep.equal({ code: 1, last: '0 passed, 1 failed' })
    })

    it('says loudly what was skipped and why', async () => {
      const support = JSON.stringify(join(root, 'test/support/skip.ts'))
      const { code, last, text } = await runOf(
        `before(async function () { (await import(${support})).skip(this, 'no such tool here') })\n${passes}`,
        {},
      )
      expect({ code, last }).to.deep.equal({ code: 0, last: '0 passed, 0 failed, 1 skipped' })
      expect(text).to.include('SKIPPED').and.to.include('example — no such tool here passes')
    })

    it('fails with a skipped test when CI=true', async () => {
      const { code, last } = await runOf(`${passes}\n${skips}`, { CI: 'true' })
      expect({ code, last }).to.deep.equal({ code: 1, last: '1 passed, 1 failed' })
    })

    it('counts the checks that failed before it', async () => {
      const { code, last } = await runOf(passes, { FAILED_CHECKS: 'types,lint' })
      expect({ code, last }).to.deep.equal({ code: 2, last: '1 passed, 2 failed' })
    })

    it('fails when a test leaves a helper open', async () => {
      const support = JSON.stringify(join(root, 'test/support/leaks.ts'))
      const { code, text } = await runOf(
        `it('leaves a server', async () => { (await import(${support})).hold('a server', () => undefined) })`,
        {},
      )
      expect(code).to.equal(1)
      expect(text).to.include('left open by a test').and.to.include('a server')
    })
  })
