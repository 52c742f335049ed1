import { expect } from 'chai'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readEnv } from '../../config/env.ts'
import { rateOf } from '../../config/rate.ts'
import { createFailpoint } from '../../config/failpoint.ts'
import { programOf } from '../../sandbox/program.ts'
import { withProcess, withTempDir } from '../support/processes.ts'

const needed = {
  MASTER_KEYS: 'k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  SIGNING_PKCS12_FILE: '/none/signing.p12',
  SIGNING_PASSPHRASE: 'mat-khau',
  ENCRYPTION_PKCS12_FILE: '/none/encryption.p12',
  ENCRYPTION_PASSPHRASE: 'mat-khau',
}

describe('the environment', () => {
  it('has defaults for all but secrets', () => {
    const env = readEnv(needed)
    expect(env).to.include({ HOST: '127.0.0.1', PORT: 8080, SANDBOX: '0', GATEWAY_CODE: 'TRUC' })
    expect(Object.isFrozen(env)).to.equal(true)
  })

  it('names every secret that is missing', () => {
    expect(() => readEnv({})).to.throw(
      /MASTER_KEYS is not set.*SIGNING_PKCS12_FILE is not set.*SIGNING_PASSPHRASE is not set.*ENCRYPTION_PKCS12_FILE is not set.*ENCRYPTION_PASSPHRASE is not set/,
    )
  })

  it('names what is wrong, and never says its value', () => {
    expect(() => readEnv({ ...needed, PORT: 'eight', DATABASE_URL: 'postgres://u:geheim@h/d' }))
      .to.throw(/PORT is not valid/)
      .with.property('message')
      .that.does.not.match(/geheim|eight/)
  })

  it('takes a secret from a file', () =>
    withTempDir(async (dir) => {
      const path = join(dir, 'secret')
      writeFileSync(path, 'from-file\n')
      const rest = { ...needed, SIGNING_PASSPHRASE: undefined }
      expect(readEnv({ ...rest, SIGNING_PASSPHRASE_FILE: path }).SIGNING_PASSPHRASE).to.equal('from-file')
    }))
})

describe('failpoints', () => {
  it('are refused outside the sandbox, and where there is no such point', () => {
    expect(() => createFailpoint('accept:after-commit@1', false)).to.throw(/sandbox alone/)
    expect(() => createFailpoint('nowhere@1', true)).to.throw(/nowhere is none of/)
    expect(() => createFailpoint(undefined, false)).not.to.throw()
  })
})

describe('starting', () => {
  const main = programOf('main')
  const start = (env: Record<string, string>, expected: RegExp) =>
    withProcess(process.execPath, main, { env }, async (lent) => {
      await lent.waitForLine(expected, 15_000)
      expect((await lent.exit).code).to.equal(1)
    })

  it('stops at once without secrets, naming them', () => start({}, /cannot start: .*MASTER_KEYS is not set/))

  it('stops at keys that cannot be read, naming them', () =>
    start(needed, /cannot start: SIGNING_PKCS12_FILE or SIGNING_PASSPHRASE is wrong/))
})

describe('the rate of a body', () => {
  it('is shared by the nodes, and never less than one at once', () => {
    expect(rateOf({ RATE_PER_SECOND: 2000, NODE_COUNT: 4 })).to.deep.equal({ perSecond: 500, burst: 500 })
    expect(rateOf({ RATE_PER_SECOND: 1, NODE_COUNT: 2 })).to.deep.equal({ perSecond: 0.5, burst: 1 })
  })
})
