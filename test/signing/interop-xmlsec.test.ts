import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { SignedXml } from 'xml-crypto'
import { signEnvelope } from '../../signing/envelope.ts'
import { openEnvelope } from '../../signing/open.ts'
import { withTempDir } from '../support/processes.ts'
import { needsTool } from '../support/tools.ts'
import { authorities, deps, header, payload, senderRsa } from './parties.ts'

import { run, axisIds, signers, spoiled, samples, partnerEnvelope, template } from './interop.ts'

describe('axis envelope and xmlsec1 and xml-crypto', function () {
  this.timeout(60_000)

  it('xmlsec1 verifies what we sign, and refuses it changed', async function () {
    needsTool(this, 'xmlsec1')
    await withTempDir(async (folder) => {
      const root = join(folder, 'root.pem')
      await writeFile(root, authorities.state.certificate.pem)
      for (const { name, bytes, good } of await samples()) {
        const file = join(folder, `${name}.xml`)
        await writeFile(file, bytes)
        const time = ['--verification-gmt-time', '2026-01-31 08:00:00']
        const verified = await run('xmlsec1', [
          '--verify',
          ...axisIds,
          ...time,
          '--trusted-pem',
          root,
          file,
        ]).then(
          () => true,
          () => false,
        )
        expect(verified, name).to.equal(good)
      }
    })
  })

  it('we open what xmlsec1 signs, with its white space and short tags', async function () {
    needsTool(this, 'xmlsec1')
    await withTempDir(async (folder) => {
      for (const [name, signer] of Object.entries(signers)) {
        const [key, certificate, from, to] = ['key.pem', 'certificate.pem', 'from.xml', 'to.xml'].map(
          (file) => join(folder, `${name}-${file}`),
        ) as [string, string, string, string]
        await writeFile(key, signer.key.export({ type: 'pkcs8', format: 'pem' }))
        await writeFile(certificate, signer.certificate.pem)
        await writeFile(from, partnerEnvelope(template(signer)))
        await run('xmlsec1', [
          '--sign',
          ...axisIds,
          '--privkey-pem',
          `${key},${certificate}`,
          '--output',
          to,
          from,
        ])
        const bytes = await readFile(to)
        const opened = await openEnvelope(bytes, deps())
        expect([opened.payload, opened.header, opened.original], name).to.deep.equal([payload, header, bytes])
      }
    })
  })

  it('xml-crypto verifies what we sign with RSA, and refuses it changed', async () => {
    const bytes = await signEnvelope(header, payload, senderRsa)
    const check = (envelope: string): boolean => {
      const verifier = new SignedXml({ publicCert: senderRsa.certificate.pem })
      verifier.loadSignature(/<ds:Signature .*<\/ds:Signature>/s.exec(envelope)?.[0] ?? '')
      try {
        return verifier.checkSignature(envelope)
      } catch {
        return false
      }
    }
    expect([check(Buffer.from(bytes).toString()), check(spoiled(bytes).toString())]).to.deep.equal([
      true,
      false,
    ])
  })
})
