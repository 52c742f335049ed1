import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readEnv, type Env } from '../../config/env.ts'
import { loadKeys } from '../../config/keys.ts'
import { writePkcs12 } from '../../signing/pkcs12.ts'
import { createDecryptionKey, createSigningKey } from '../support/parties.ts'
import { withTempDir } from '../support/processes.ts'

/** An environment with key files as the sandbox makes them. */
function withKeyFiles(use: (env: (change: Record<string, string>) => Env) => void): Promise<void> {
  return withTempDir(async (dir) => {
    const write = (name: string, { key, certificate }: ReturnType<typeof createDecryptionKey>) => {
      const path = join(dir, name)
      writeFileSync(path, writePkcs12(key, [certificate], 'mat-khau'))
      return path
    }
    const base = {
      MASTER_KEYS: `sandbox:${randomBytes(32).toString('base64')}`,
      SIGNING_PKCS12_FILE: write('signing.p12', createSigningKey('TRUC', 'state')),
      SIGNING_PASSPHRASE: 'mat-khau',
      ENCRYPTION_PKCS12_FILE: write('encryption.p12', createDecryptionKey('TRUC', 'state')),
      ENCRYPTION_PASSPHRASE: 'mat-khau',
      SANDBOX: '1',
    }
    use((change) => readEnv({ ...base, ...change }))
  })
}

describe('the keys of the gateway', () => {
  it('load in the sandbox', () =>
    withKeyFiles((env) => {
      const keys = loadKeys(env({}))
      expect(keys.signing.algorithm).to.include({ jws: 'ES256' })
      expect(keys.master.current).to.equal('sandbox')
    }))

  it('are refused in production when the sandbox made them', () =>
    withKeyFiles((env) => {
      expect(() => loadKeys(env({ SANDBOX: '0' }))).to.throw(
        /SIGNING_PKCS12_FILE holds a sandbox certificate/,
      )
    }))

  it('are refused with a wrong passphrase, which is not said', () =>
    withKeyFiles((env) => {
      expect(() => loadKeys(env({ ENCRYPTION_PASSPHRASE: 'sai-roi' })))
        .to.throw(/ENCRYPTION_PKCS12_FILE or ENCRYPTION_PASSPHRASE is wrong/)
        .with.property('message')
        .that.does.not.contain('sai-roi')
    }))

  it('need master keys of 32 bytes', () =>
    withKeyFiles((env) => {
      expect(() => loadKeys(env({ MASTER_KEYS: 'k1:c2hvcnQ=' }))).to.throw(/MASTER_KEYS is not a list/)
    }))
})
