import { expect } from 'chai'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { freePort, withProcess, withTempDir } from '../support/processes.ts'

const script = ['--import', 'tsx', 'sandbox/start.ts']
/** Names of invented people that are in the samples' payloads. */
const markers = ['Phạm Thị Mẫu', 'Trần Văn Thử', 'Lê Thị Nghiệm', 'Hoàng Ngọc Ví Dụ'].map((name) =>
  Buffer.from(name),
)

async function runOnce(dir: string): Promise<{ code: number | null; totals: Record<string, number> }> {
  const env = { SANDBOX_DIR: dir, PORT: String(await freePort()), NODE_ENV: undefined }
  return withProcess(process.execPath, [...script, '--once'], { env }, async ({ exit, stdout, stderr }) => {
    const { code } = await exit
    expect(stderr.join('\n')).to.equal('')
    return { code, totals: JSON.parse(stdout.at(-1) ?? '') as Record<string, number> }
  })
}

function expectSound({ code, totals }: Awaited<ReturnType<typeof runOnce>>): void {
  expect(totals).to.include({ lost: 0, signatureFailures: 0, contentDiffers: 0, expectationsMissed: 0 })
  expect(totals['accepted']).to.be.at.least(60)
  expect(totals['delivered']).to.equal(totals['accepted'])
  expect(totals['receiptsVerified']).to.equal(totals['receipts'])
  expect(totals['duplicates']).to.be.at.least(1)
  expect(totals['refused']).to.be.at.least(1)
  expect(totals['recipientRefusals']).to.be.at.least(1)
  expect(code).to.equal(0)
}

async function filesOf(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** The process was the leader of its group: a group without members is not there to be signalled. Waits for stragglers. */
async function groupEnds(pid: number): Promise<boolean> {
  for (let round = 0; round < 100; round += 1) {
    try {
      process.kill(-pid, 0)
    } catch (cause) {
      return (cause as NodeJS.ErrnoException).code === 'ESRCH'
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

describe('sandbox/start', () => {
  it('carries the samples, twice in one folder, and leaves nothing readable behind', async function () {
    this.timeout(240_000)
    await withTempDir(async (dir) => {
      expectSound(await runOnce(dir))
      expectSound(await runOnce(dir))
      const files = await filesOf(dir)
      const modes = await Promise.all(
        files.map(async (file) => [file, (await stat(file)).mode & 0o077] as const),
      )
      expect(modes.filter(([, open]) => open !== 0)).to.deep.equal([])
      const kept = files.filter((file) => /gateway\.(db|log)/.test(file))
      expect(kept).to.have.length.of.at.least(2)
      for (const file of kept) {
        const bytes = await readFile(file)
        expect(
          markers.filter((marker) => bytes.includes(marker)),
          file,
        ).to.deep.equal([])
      }
    })
  })

  it('says in two languages that its port is taken', async function () {
    this.timeout(60_000)
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    try {
      await withTempDir((dir) =>
        withProcess(
          process.execPath,
          script,
          { env: { SANDBOX_DIR: dir, PORT: String(port) } },
          async ({ exit, stderr }) => {
            expect((await exit).code).to.equal(1)
            expect(stderr.join('\n')).to.match(new RegExp(`Cổng ${port}[^]*Port ${port} is in use`))
          },
        ),
      )
    } finally {
      server.close()
      await once(server, 'close')
    }
  })

  it('ends all its processes when it is interrupted on the way', async function () {
    this.timeout(120_000)
    await withTempDir(async (dir) => {
      const env = { SANDBOX_DIR: dir, PORT: String(await freePort()) }
      await withProcess(process.execPath, script, { env }, async (lent) => {
        await lent.waitForLine(/status\.updated.*(accepted|processed)/, 60_000)
        lent.kill('SIGINT')
        expect((await lent.exit).code).to.equal(130)
        expect(await groupEnds(lent.pid)).to.equal(true)
      })
    })
  })
})
