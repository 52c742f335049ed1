import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { rootEnd, rootStart } from '../../signing/cut.ts'
import { sealEnvelope, signEnvelope } from '../../signing/envelope.ts'
import { writeHeader } from '../../signing/header-xml.ts'
import { openEnvelope } from '../../signing/open.ts'
import { writePayload } from '../../signing/payload-xml.ts'
import { writePkcs12 } from '../../signing/pkcs12.ts'
import { withTempDir } from '../support/processes.ts'
import { needsTool, santuarioClassPath } from '../support/tools.ts'
import { authorities, deps, header, hopHeader, hub, payload, receiver, sender } from './parties.ts'

import {
  run,
  passphrase,
  javaSource,
  axisIds,
  signers,
  samples,
  partnerEnvelope,
  template,
} from './interop.ts'

describe('axis envelope and Java', function () {
  this.timeout(60_000)

  it('the JDK verifies what we sign, and refuses it changed', async function () {
    needsTool(this, 'java')
    await withTempDir(async (folder) => {
      const all = await samples()
      const files = await Promise.all(
        all.map(async ({ name, signer, bytes }) => {
          const [certificate, envelope] = [join(folder, `${name}.pem`), join(folder, `${name}.xml`)]
          await Promise.all([writeFile(certificate, signer.certificate.pem), writeFile(envelope, bytes)])
          return [certificate, envelope]
        }),
      )
      const { stdout } = await run('java', [javaSource('VerifySignatures'), ...files.flat()])
      expect(stdout.trim().split('\n')).to.deep.equal(all.map(({ good }) => String(good)))
    })
  })

  it('we open what the JDK signs with keys from our PKCS#12 files', async function () {
    needsTool(this, 'java')
    await withTempDir(async (folder) => {
      const from = join(folder, 'from.xml')
      await writeFile(from, partnerEnvelope(''))
      const threes = await Promise.all(
        Object.entries(signers).map(async ([name, { key, certificate }]) => {
          const store = join(folder, `${name}.p12`)
          await writeFile(store, writePkcs12(key, [certificate, authorities.state.certificate], passphrase))
          return [store, from, join(folder, `${name}.xml`)]
        }),
      )
      await run('java', [javaSource('SignEnvelope'), passphrase, ...threes.flat()])
      for (const [, , to = ''] of threes) {
        const opened = await openEnvelope(await readFile(to), deps())
        expect([opened.payload, opened.header], to).to.deep.equal([payload, header])
      }
    })
  })

  it('Santuario decrypts what we seal', async function () {
    needsTool(this, 'santuario')
    await withTempDir(async (folder) => {
      const inner = await signEnvelope(header, payload, sender)
      const bytes = await sealEnvelope({
        inner,
        header: hopHeader,
        recipient: receiver.certificate,
        key: hub,
      })
      const [store, envelope, to] = [
        join(folder, 'keys.p12'),
        join(folder, 'sealed.xml'),
        join(folder, 'inner.xml'),
      ]
      await writeFile(store, writePkcs12(receiver.key, [receiver.certificate], passphrase))
      await writeFile(envelope, bytes)
      await run('java', [
        '-cp',
        santuarioClassPath,
        javaSource('Santuario'),
        'decrypt',
        store,
        passphrase,
        envelope,
        to,
      ])
      expect(await readFile(to)).to.deep.equal(Buffer.from(inner))
    })
  })

  it('we decrypt what Santuario seals, once the hop has signed it', async function () {
    needsTool(this, 'santuario')
    needsTool(this, 'xmlsec1')
    await withTempDir(async (folder) => {
      const [certificate, outer, inner, sealed, signed] = [
        'to.pem',
        'outer.xml',
        'inner.xml',
        'sealed.xml',
        'signed.xml',
      ].map((file) => join(folder, file)) as [string, string, string, string, string]
      const [key, own] = [join(folder, 'hop.pem'), join(folder, 'hop-certificate.pem')]
      const innerBytes = await signEnvelope(header, payload, sender)
      await writeFile(certificate, receiver.certificate.pem)
      await writeFile(inner, innerBytes)
      await writeFile(
        outer,
        `${rootStart}${writeHeader(hopHeader)}${writePayload({})}${template(hub)}${rootEnd}`,
      )
      await run('java', [
        '-cp',
        santuarioClassPath,
        javaSource('Santuario'),
        'encrypt',
        certificate,
        outer,
        inner,
        sealed,
      ])
      await writeFile(key, hub.key.export({ type: 'pkcs8', format: 'pem' }))
      await writeFile(own, hub.certificate.pem)
      await run('xmlsec1', [
        '--sign',
        ...axisIds,
        '--privkey-pem',
        `${key},${own}`,
        '--output',
        signed,
        sealed,
      ])
      const opened = await openEnvelope(await readFile(signed), deps())
      expect([opened.payload, opened.sealed, opened.outerHeader]).to.deep.equal([payload, true, hopHeader])
      expect(Buffer.from(opened.original)).to.deep.equal(Buffer.from(innerBytes))
    })
  })
})
