import { expect } from 'chai'
import { randomInt } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../sandbox/ports.ts'
import { withProcess, withTempDir } from '../support/processes.ts'
import { needsTool } from '../support/tools.ts'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))
const guides = join(docs, 'guides')
const startMs = 240_000
const guideMs = 120_000

/** What each guide must have come to, in the order of its output. */
const endings: Readonly<Record<string, RegExp>> = {
  'connect-province.md':
    /pem: OK\nVerified OK\n\{.*"kind":"processed"[^]*"status":"live"[^]*chữ ký đúng[^]*processed/,
  'connect-bank.md':
    /\n401\n[^]*H49\.06 processed[^]*\nVerified OK \{.*"kind":"processed"[^]*"status":"live"/,
  'connect-ministry.md': /1\.009981 upsert[^]*\nVerified OK \{.*"kind":"processed"[^]*"status":"live"/,
  'operator-day.md':
    /"ready":true[^]*"pauseReason"[^]*"result":"at_end"[^]*\nskipped\n[^]*\nrevoked\n[^]*Kết nối được[^]*NHTM01/,
}

/** The commands of a guide as one script that ends at the first that fails. */
function scriptOf(guide: string): string {
  const blocks = [...readFileSync(join(guides, guide), 'utf8').matchAll(/```sh\n([^]+?)```/g)]
  return ['set -euo pipefail', ...blocks.map(([, block = '']) => block)].join('\n')
}

/** Below the ports that systems lend to connections going out: it is some seconds until something listens on it. */
async function quietPort(): Promise<number> {
  const port = await freePort(randomInt(20_000, 30_000))
  return port ?? quietPort()
}

async function run(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ code: number | null; output: string }> {
  return withProcess('timeout', [String(guideMs / 1000), 'bash', path], { env }, async (lent) => {
    const { code } = await lent.exit
    return { code, output: [...lent.stdout, ...lent.stderr].join('\n') }
  })
}

describe('the guides', () => {
  it('link to what is there', () => {
    const links = readdirSync(guides).flatMap((guide) =>
      [...readFileSync(join(guides, guide), 'utf8').matchAll(/\]\(([^)#:]+)/g)].map(([, link = '']) => link),
    )
    expect(links).not.to.deep.equal([])
    expect(links.filter((link) => !existsSync(join(guides, link)))).to.deep.equal([])
  })

  it('come to a delivered message and a verified receipt, every command as it is written', function () {
    needsTool(this, 'curl')
    needsTool(this, 'openssl')
    this.timeout(startMs + guideMs * 4)
    expect(readdirSync(guides).sort()).to.deep.equal(Object.keys(endings).sort())
    return withTempDir(async (dir) => {
      const [port, pushPort] = [String(await quietPort()), String(await quietPort())]
      const env = { PORT: port, SANDBOX_DIR: join(dir, 'sandbox'), NODE_ENV: undefined }
      await withProcess('node', ['config/bootstrap.mjs', 'start'], { env }, async (sandbox) => {
        await sandbox.waitForLine(/Ctrl-C/, startMs)
        const told = { ...env, GATEWAY: `http://127.0.0.1:${port}`, PUSH_PORT: pushPort, TMPDIR: dir }
        for (const [guide, ending] of Object.entries(endings)) {
          const path = join(dir, `${guide}.sh`)
          writeFileSync(path, scriptOf(guide))
          const { code, output } = await run(path, told)
          expect(code, `${guide}\n${output}`).to.equal(0)
          expect(output, guide).to.match(ending)
        }
      })
    })
  })
})
