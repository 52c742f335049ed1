import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { clockFinding } from '../../../config/cli/doctor/services.ts'
import { migrate } from '../../../adapters/store/migrate.ts'
import { openDatabase } from '../../../adapters/store/open-database.ts'
import { createAuthority, issueCertificate } from '../../../signing/issue.ts'
import { writePkcs12 } from '../../../signing/pkcs12.ts'
import { freePort, withTempDir } from '../../support/processes.ts'
import { run, unhurried } from './run.ts'

const passphrase = 'mat khau thu'
const dayMs = 86_400_000
type Env = Readonly<Record<string, string>>
interface Finding {
  readonly check: string
  readonly state: string
  readonly text: string
  readonly advice?: string
}

/** Key files of a gateway; certificates run for `days` from a year ago plus a day. */
async function writeKeys(folder: string, days: number): Promise<Env> {
  const now = Date.now() - 365 * dayMs
  const authority = createAuthority({ name: 'CA thu', organization: 'Thu', now, years: 5 })
  const pairs = {
    sign: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
    encrypt: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  } as const
  for (const use of ['sign', 'encrypt'] as const) {
    const { privateKey, publicKey } = pairs[use]
    const certificate = issueCertificate(authority, {
      name: 'TRUC',
      organization: 'Thu',
      publicKey,
      now,
      days: 366 + days,
      use,
    })
    const store = writePkcs12(privateKey, [certificate, authority.certificate], passphrase)
    await writeFile(join(folder, `${use}.p12`), store)
  }
  return {
    MASTER_KEYS: `m1:${randomBytes(32).toString('base64')}`,
    SIGNING_PKCS12_FILE: join(folder, 'sign.p12'),
    SIGNING_PASSPHRASE: passphrase,
    ENCRYPTION_PKCS12_FILE: join(folder, 'encrypt.p12'),
    ENCRYPTION_PASSPHRASE: passphrase,
    DATABASE_URL: `sqlite:${join(folder, 'gateway.db')}`,
  }
}

async function migrated(url: string): Promise<void> {
  const database = openDatabase(url)
  await migrate(database)
  await database.knex.destroy()
}

async function examine(env: Env, ...more: readonly string[]) {
  const { code, out, err } = await run(['doctor', '--min-free', '1', '--json', ...more], env)
  const { healthy, findings } = JSON.parse(out) as { healthy: boolean; findings: readonly Finding[] }
  const faults = findings.filter(({ state }) => state === 'fault')
  return { code, healthy, findings, faults, err, out }
}

describe('lienthong: doctor', () => {
  it('finds nothing wrong with a gateway that can start', async () => {
    await withTempDir(async (folder) => {
      const env = await writeKeys(folder, 100)
      await migrated(env['DATABASE_URL'] ?? '')
      const { code, healthy, findings } = await examine(env)
      expect({ code, healthy }, JSON.stringify(findings)).to.deep.equal({ code: 0, healthy: true })
      expect(findings.filter(({ state }) => state !== 'ok')).to.deep.equal([])
      const checks = findings.map(({ check }) => check).join(' ')
      for (const word of [
        'configuration',
        'database',
        'clock',
        'broker',
        'SIGNING',
        'ENCRYPTION',
        'keys',
        'disk',
      ])
        expect(checks).to.contain(word)
    })
  }).timeout(unhurried)

  it('names each fault, says what to do, and exits with 1', async () => {
    await withTempDir(async (folder) => {
      const good = await writeKeys(folder, 100)
      const port = await freePort()
      await writeFile(join(folder, 'empty.db'), '')
      await writeFile(join(folder, 'junk.db'), 'no database at all, whatever its name')
      const cases: Readonly<
        Record<string, { readonly change: Env; readonly says: RegExp; readonly more?: readonly string[] }>
      > = {
        unset: { change: { MASTER_KEYS: '' }, says: /MASTER_KEYS is not a list/ },
        passphrase: { change: { SIGNING_PASSPHRASE: 'other' }, says: /SIGNING.*wrong passphrase/ },
        'another key': {
          change: { ENCRYPTION_PKCS12_FILE: good['SIGNING_PKCS12_FILE'] ?? '' },
          says: /ENCRYPTION.*does not allow encrypt/,
        },
        'no file': { change: { SIGNING_PKCS12_FILE: join(folder, 'none.p12') }, says: /SIGNING.*ENOENT/ },
        'not migrated': {
          change: { DATABASE_URL: `sqlite:${join(folder, 'empty.db')}` },
          says: /not migrated: .*--role=migrate/,
        },
        'no database': { change: { DATABASE_URL: `sqlite:${join(folder, 'junk.db')}` }, says: /SQLite/ },
        'no server': {
          change: { DATABASE_URL: `mysql://u:geheim@127.0.0.1:${port}/d` },
          says: /nothing listens at 127/,
        },
        'no broker': {
          change: { AMQP_URL: `amqp://u:geheim@127.0.0.1:${port}` },
          says: /broker.*ECONNREFUSED/,
        },
        'full disk': { change: {}, says: /disk.*free/, more: ['--min-free', '99999999'] },
      }
      for (const [name, { change, says, more = [] }] of Object.entries(cases)) {
        const { code, faults, out } = await examine({ ...good, ...change }, ...more)
        const told = faults.map(({ check, text, advice = '' }) => `${check} ${text} ${advice}`).join('\n')
        expect(code, name).to.equal(1)
        expect(told, name).to.match(says)
        expect(out, name).not.to.contain('geheim')
        expect(
          faults.every(({ advice }) => advice !== undefined),
          name,
        ).to.equal(true)
      }
    })
  }).timeout(2 * unhurried)

  it('warns of a certificate that ends soon, and faults one that has ended', async () => {
    await withTempDir(async (folder) => {
      const soon = await examine(await writeKeys(folder, 5))
      expect(soon.findings.filter(({ state }) => state === 'warning').map(({ text }) => text)).to.include(
        'còn 5 ngày · 5 days left',
      )
      const ended = await examine(await writeKeys(folder, -10))
      expect(ended.code).to.equal(1)
      expect(ended.faults.map(({ text }) => text).join()).to.match(/expired \d+ days ago/)
    })
  }).timeout(unhurried)

  it('judges the clock by its distance from the database', () => {
    expect([0, -900, 1_000, -29_999, 30_000, -90_000].map((skew) => clockFinding(skew).state)).to.deep.equal([
      'ok',
      'ok',
      'warning',
      'warning',
      'fault',
      'fault',
    ])
  })
})
