import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually, type LentGateway } from '../../support/gateway.ts'
import { createPerson, withPeople, type Person } from '../../support/asking.ts'
import { createParty, createTlsKey, registryOf } from '../../support/parties.ts'
import { perform } from './perform.ts'

const province = createParty({ code: 'H49', name: 'Tỉnh thử' })
const shut = createParty({
  code: 'H50',
  dialect: 'axis-xml',
  options: { url: 'http://127.0.0.1:9/in' },
  networks: ['127.0.0.0/8'],
})
const parties = [province, shut]
const admin = createPerson('Lê Thị Thử', 'admin')
const operator = createPerson('Phạm Văn Trực', 'operator')
const why = ['--reason', 'bảo trì'] as const

type Do = (person: Person, ...args: readonly string[]) => ReturnType<typeof perform>

const withCli = (use: (run: Do, lent: LentGateway) => Promise<void>): Promise<void> =>
  withPeople(parties, { people: [admin, operator] }, (_, lent) =>
    use(({ key }, ...args) => perform(lent.url, key, args), lent),
  )

/** What a command that has to succeed answers as JSON. */
async function jsonOf(run: Do, person: Person, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await run(person, ...args, '--json')
  expect(code, `${err}${out}`).to.equal(0)
  return JSON.parse(out) as Record<string, unknown>
}

describe('lienthong: administration', () => {
  it('lists and shows bodies, page by page, and tries the way to them', () =>
    withCli(async (run) => {
      const first = await run(operator, 'agency', 'list', '--max', '1')
      expect(first.out).to.match(/H49 +Tỉnh thử +live +mailbox[^]*--after H49/)
      const rest = await run(operator, 'agency', 'list', '--after', 'H49')
      expect(rest.out)
        .to.match(/H50 +H50 +live +axis-xml/)
        .and.not.to.contain('--after')
      expect((await run(operator, 'agency', 'show', 'H50')).out).to.match(/networks +\["127.0.0.0\/8"\]/)
      const good = await run(operator, 'agency', 'test', 'H49')
      expect(good.code, good.err).to.equal(0)
      const bad = await run(operator, 'agency', 'test', 'H50')
      expect(bad.code).to.equal(1)
      expect(bad.out).to.match(/econnrefused[^]*Nothing listens there/)
    }))

  it('imports a registry file by code: what would change, then the change, and then none is left', () =>
    withCli(async (run, { dir }) => {
      const file = join(dir, 'registry.json')
      const agencies = parties.map(({ agency }) => ({ ...agency, name: `${agency.name} (mới)` }))
      await writeFile(file, JSON.stringify(registryOf(parties, { agencies })))
      const load = (...more: readonly string[]) =>
        run(admin, 'agency', 'import', file, '--reason', 'đổi tên', ...more)
      const before = await load()
      expect(before.out, before.err).to.match(/Chưa đổi gì[^]*changed +agencies +H49/)
      expect((await run(admin, 'agency', 'list')).out).not.to.contain('(mới)')
      expect((await load('--yes')).out).to.match(/Imported[^]*changed +agencies +H50/)
      expect((await run(admin, 'agency', 'list')).out).to.contain('Tỉnh thử (mới)')
      expect((await load()).out).to.contain('No difference')
    }))

  it('gives, lists, rotates and revokes credentials; a secret that goes to a file is shown nowhere', () =>
    withCli(async (run, { dir, call }) => {
      const file = join(dir, 'secret')
      const refused = (key: string) =>
        eventually('the old secret ends', async () => (await call(key, 'GET', '/v1/me')).status === 401)
      const given = ['--role', 'agency', '--agency', 'H49', '--label', 'máy chủ', '--days', '30', ...why]
      const made = await jsonOf(run, admin, 'credential', 'create', ...given, '--secret-file', file)
      const secret = (await readFile(file, 'utf8')).trim()
      expect((await stat(file)).mode & 0o777).to.equal(0o600)
      expect(JSON.stringify(made)).not.to.contain(secret)
      expect((await call(secret, 'GET', '/v1/me')).status).to.equal(200)
      const { id } = made['credential'] as { id: string }
      expect((await run(operator, 'credential', 'list', '--agency', 'H49')).out).to.match(/máy chủ +H49/)
      const rotated = await run(admin, 'credential', 'rotate', id, '--overlap', '0', ...why)
      const fresh = /shown once +(\S+)/.exec(rotated.out)?.[1] ?? ''
      await refused(secret)
      expect((await call(fresh, 'GET', '/v1/me')).status, rotated.out + rotated.err).to.equal(200)
      expect((await run(admin, 'credential', 'unlock', id, ...why)).err).to.contain('wrong_state')
      expect((await run(admin, 'credential', 'revoke', id, ...why)).out).to.contain(`revoked: ${id}`)
      await refused(fresh)
    }))

  it('gives a credential of a client certificate from its PEM file', () =>
    withCli(async (run, { dir }) => {
      const { certificate } = createTlsKey('H49', 'state')
      const file = join(dir, 'client.pem')
      await writeFile(file, certificate.pem)
      const given = ['--kind', 'certificate', '--certificate', file, '--role', 'agency', '--agency', 'H49']
      const made = await jsonOf(run, admin, 'credential', 'create', ...given)
      expect(made['credential']).to.include({ kind: 'certificate', fingerprint: certificate.fingerprint })
      expect(made['secret']).to.equal(null)
    }))

  it('unlocks a credential that nobody has used for long', () =>
    withCli(async (run, { clock }) => {
      const given = ['--role', 'agency', '--agency', 'H49', '--days', '1000']
      const made = await jsonOf(run, admin, 'credential', 'create', ...given)
      const { id } = made['credential'] as { id: string }
      const listed = async () => (await run(admin, 'credential', 'list', '--agency', 'H49')).out
      clock.pass(100 * 86_400_000)
      expect(await listed(), 'the administrator goes on being used').to.match(new RegExp(`${id} .* active`))
      clock.pass(84 * 86_400_000)
      expect(await listed()).to.match(new RegExp(`${id} .* locked`))
      const unlocked = await run(admin, 'credential', 'unlock', id, ...why)
      expect(unlocked.out, unlocked.err).to.contain(`unlocked: ${id}`)
      expect(await listed()).to.match(new RegExp(`${id} .* active`))
    }))

  it('pauses, resumes and drains; shows who did what and why; tells a refusal whole', () =>
    withCli(async (run) => {
      expect((await run(operator, 'pause', 'H49', ...why)).out).to.match(/paused +có · yes/)
      expect((await run(operator, 'drain', 'H49', ...why)).out).to.match(/draining +có · yes/)
      const resumed = await run(operator, 'resume', 'H49', ...why)
      expect(resumed.out).to.match(/paused +không · no[^]*draining +không · no/)
      const all = await run(admin, 'audit', '--body', 'H49', '--from', '1h', '--max', '2')
      expect(all.out).to.match(/Phạm Văn Trực[^]*bảo trì[^]*--before [0-9a-f-]{36}/)
      expect((await run(admin, 'audit', '--to', '1d')).out).to.contain('Nothing yet')
      const { out, err, code } = await run(operator, 'credential', 'create', '--role', 'operator')
      expect({ out, code }).to.deep.equal({ out: '', code: 3 })
      expect(err).to.match(/mã · code +forbidden[^]*detail id +[0-9a-f-]{36}/)
    }))
})
