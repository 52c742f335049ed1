import { expect } from 'chai'
import { connectStore } from '../../adapters/store/connect.ts'
import { connectWhenUp } from '../../config/store-start.ts'
import { createSandbox } from '../../sandbox/create.ts'
import { programOf } from '../../sandbox/program.ts'
import { withCutLine } from '../adapters/broker/cut-line.ts'
import { masterKeys, readPayload, withDatabaseUrl } from '../support/database.ts'
import { requireServices } from '../support/fleet.ts'
import { freePort, withProcess, withTempDir } from '../support/processes.ts'

interface LogLine {
  readonly event: string
  readonly fields: Readonly<Record<string, unknown>>
}

const password = 'mat%20khau-rat-dai'
const readable = decodeURIComponent(password)

/** Tries to connect once and once more; answers the lines and the last word. */
async function refusal(
  url: string,
): Promise<{ readonly lines: readonly LogLine[]; readonly message: string }> {
  const lines: LogLine[] = []
  const log = (_level: string, event: string, fields: LogLine['fields']) => void lines.push({ event, fields })
  const connect = () => connectStore({ url, masterKeys, writer: 'test', readOriginal: readPayload })
  const message = await connectWhenUp({ url, waitSeconds: 1, log }, connect).then(
    () => expect.fail('it connected'),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  return { lines, message }
}

describe('a start without its database', function () {
  this.timeout(40_000)
  before(async function () {
    await requireServices(this)
  })

  const faults: readonly {
    readonly title: string
    readonly change: (url: URL) => void
    readonly reason: RegExp
  }[] = [
    {
      title: 'a wrong password',
      change: (url) => {
        url.username = 'nobody'
        url.password = password
      },
      reason: /database 'lt_test_\w+' at 127.*the server refuses user 'nobody' or its password/,
    },
    {
      title: 'a database that is not there',
      change: (url) => (url.pathname = '/lt_no_such'),
      reason: /database 'lt_no_such' at 127.*there is no database 'lt_no_such'/,
    },
    {
      title: 'a host that is not known',
      change: (url) => (url.hostname = 'db.invalid'),
      reason: /at db\.invalid.*no such host: db\.invalid/,
    },
  ]
  for (const { title, change, reason } of faults) {
    it(`says what is wrong at ${title}, each time and at the end, and never the password`, () =>
      withDatabaseUrl('mysql', async (good) => {
        const url = new URL(good)
        change(url)
        const { lines, message } = await refusal(url.href)
        expect(message)
          .to.match(/^cannot start: /)
          .and.to.match(reason)
        expect(lines.map(({ event }) => event)).to.include('store.waits')
        for (const { fields } of lines) {
          expect(fields).to.include({ host: url.host, database: url.pathname.slice(1) })
          expect(message).to.include(fields['reason'])
        }
        expect(JSON.stringify([lines, message]))
          .not.to.include(readable)
          .and.not.to.include(password)
      }))
  }

  it('does not wait for an address that is none, and does not repeat it', async () => {
    for (const url of [
      'mysql://root:geheim@',
      'mysql://root:geheim@host/',
      'mysql://root:100%geheim@host:x/d',
    ]) {
      const { lines, message } = await refusal(url)
      expect(message)
        .to.match(/DATABASE_URL is not mysql:/)
        .and.not.to.include('geheim')
      expect(lines).to.deep.equal([])
    }
  })

  it('waits for one that comes, and migrates it', () =>
    withEnvironment(async (env, databaseUrl) =>
      withCutLine(databaseUrl, async (line) => {
        line.refuse(true)
        const late = { ...env, DATABASE_URL: line.url }
        await withProcess(process.execPath, migrate, { env: late }, async (lent) => {
          await lent.waitForLine(/store\.waits/, 20_000)
          line.refuse(false)
          await lent.waitForLine(/migrated/, 20_000)
          expect((await lent.exit).code).to.equal(0)
        })
      }),
    ))

  it('ends with code 1 and one sentence when none comes', () =>
    withEnvironment(async (env) => {
      const nowhere = `mysql://root:${password}@127.0.0.1:${await freePort()}/lt`
      const hopeless = { ...env, DATABASE_URL: nowhere, START_WAIT_SECONDS: '1' }
      await withProcess(process.execPath, migrate, { env: hopeless }, async (lent) => {
        expect((await lent.exit).code).to.equal(1)
        expect(lent.stderr).to.have.lengthOf(1)
        expect(lent.stderr[0]).to.match(
          /^cannot start: database 'lt' at 127\.0\.0\.1:\d+ was not reached within 1 s: nothing listens/,
        )
        expect([...lent.stdout, ...lent.stderr].join('\n')).not.to.include(readable)
      })
    }))
})

const migrate = [...programOf('main'), '--role=migrate']

function withEnvironment(
  use: (env: Record<string, string>, databaseUrl: string) => Promise<void>,
): Promise<void> {
  return withTempDir((dir) =>
    withDatabaseUrl('mysql', async (databaseUrl) => {
      const { env } = await createSandbox({ dir, parties: [], gatewayPort: 0, now: Date.now() })
      await use({ ...env }, databaseUrl)
    }),
  )
}
