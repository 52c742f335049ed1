import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { GatewayError } from '../../schemas/errors.ts'
import { readPkcs12, writePkcs12 } from '../../signing/pkcs12.ts'
import { withTempDir } from '../support/processes.ts'
import { needsTool } from '../support/tools.ts'
import { authorities, sender, senderRsa } from './parties.ts'

const passphrase = 'chi-de-thu'
const root = authorities.state.certificate
const signers = { EC: sender, RSA: senderRsa } as const

describe('PKCS#12', () => {
  for (const [name, { key, certificate }] of Object.entries(signers)) {
    it(`reads the ${name} key and certificates it writes`, () => {
      const store = readPkcs12(writePkcs12(key, [certificate, root], passphrase), passphrase)
      expect(store.key.equals(key)).to.equal(true)
      expect([store.certificate, ...store.chain].map(({ fingerprint }) => fingerprint)).to.deep.equal([
        certificate.fingerprint,
        root.fingerprint,
      ])
    })

    it(`reads the ${name} key that openssl writes, in its present and its older form`, async function () {
      needsTool(this, 'openssl')
      await withTempDir(async (folder) => {
        const [pem, file] = [join(folder, 'all.pem'), join(folder, 'keys.p12')]
        await writeFile(
          pem,
          `${key.export({ type: 'pkcs8', format: 'pem' }).toString()}${certificate.pem}${root.pem}`,
        )
        const older = ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']
        for (const form of [[], older]) {
          execFileSync('openssl', [
            'pkcs12',
            '-export',
            '-in',
            pem,
            '-out',
            file,
            '-passout',
            `pass:${passphrase}`,
            ...form,
          ])
          const store = readPkcs12(await readFile(file), passphrase)
          expect(store.key.equals(key)).to.equal(true)
          expect(store.certificate.fingerprint).to.equal(certificate.fingerprint)
        }
      })
    })

    it(`writes what openssl reads, ${name}`, async function () {
      needsTool(this, 'openssl')
      await withTempDir(async (folder) => {
        const file = join(folder, 'keys.p12')
        await writeFile(file, writePkcs12(key, [certificate, root], passphrase))
        const text = execFileSync('openssl', [
          'pkcs12',
          '-in',
          file,
          '-passin',
          `pass:${passphrase}`,
          '-nodes',
        ]).toString()
        expect(text).to.include(certificate.pem.trim()).and.include(root.pem.trim())
        expect(text).to.include(key.export({ type: 'pkcs8', format: 'pem' }).toString().trim())
      })
    })
  }

  const good = writePkcs12(sender.key, [sender.certificate], passphrase)
  const changed = Uint8Array.from(good, (byte, at) => (at === 200 ? byte ^ 1 : byte))
  const faults: Readonly<Record<string, () => unknown>> = {
    'a wrong passphrase': () => readPkcs12(good, 'khac'),
    'a changed file': () => readPkcs12(changed, passphrase),
    'half a file': () => readPkcs12(good.subarray(0, 300), passphrase),
    'no file at all': () => readPkcs12(Buffer.from('hello'), passphrase),
    'a file without the certificate of its key': () =>
      readPkcs12(writePkcs12(sender.key, [root], passphrase), passphrase),
    'a passphrase that other tools would spell otherwise': () => writePkcs12(sender.key, [root], 'mật khẩu'),
    'an empty passphrase': () => writePkcs12(sender.key, [root], ''),
  }
  for (const [name, attempt] of Object.entries(faults)) {
    it(`refuses ${name}`, () => {
      expect(attempt).to.throw(GatewayError).with.property('code', 'untrusted_certificate')
    })
  }
})
