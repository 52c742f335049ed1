import { execFileSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { withTempDir } from '../../support/processes.ts'
import { needsTool } from '../../support/tools.ts'
import { run, unhurried } from './run.ts'

const secret = { LIENTHONG_PASSPHRASE: 'mat khau thu' }

describe('lienthong: keys', () => {
  for (const use of ['sign', 'encrypt']) {
    it(`makes a key to ${use} with, which OpenSSL reads, and shows it`, async function () {
      needsTool(this, 'openssl')
      await withTempDir(async (folder) => {
        const make = [
          'keys',
          'make',
          '--name',
          'H49',
          '--organization',
          'Tỉnh thử',
          '--use',
          use,
          '--out',
          'k',
        ]
        expect(await run(make, secret, folder)).to.include({ code: 0, err: '' })
        expect((await stat(join(folder, 'k.p12'))).mode & 0o777).to.equal(0o600)
        const openssl = (...args: readonly string[]) =>
          execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
        expect(openssl('req', '-in', 'k.csr', '-verify', '-noout', '-subject')).to.match(/CN ?= ?H49/)
        const pem = openssl(
          'pkcs12',
          '-in',
          'k.p12',
          '-passin',
          `pass:${secret.LIENTHONG_PASSPHRASE}`,
          '-nokeys',
        )
        expect(pem).to.contain('BEGIN CERTIFICATE')
        const shown = await run(['keys', 'show', 'k.p12', '--json'], secret, folder)
        expect(JSON.parse(shown.out)).to.include({ daysLeft: 89, hasKey: true })
        const again = await run(make, secret, folder)
        expect(again.code).to.equal(2)
        expect(again.err).to.contain('không ghi đè')
      })
    }).timeout(unhurried)
  }

  it('asks for the passphrase, and says when it is wrong', async () => {
    await withTempDir(async (folder) => {
      const make = ['keys', 'make', '--name', 'H49', '--out', 'k']
      expect((await run(make, {}, folder)).err).to.contain('LIENTHONG_PASSPHRASE')
      await run(make, secret, folder)
      const shown = await run(['keys', 'show', 'k.p12'], { LIENTHONG_PASSPHRASE: 'other' }, folder)
      expect(shown.code).to.equal(1)
      expect(shown.err).to.contain('wrong passphrase')
    })
  }).timeout(unhurried)
})
