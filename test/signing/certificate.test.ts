import { expect } from 'chai'
import { GatewayError } from '../../schemas/errors.ts'
import { checkCertificate, readCertificate } from '../../signing/certificate.ts'
import type { Certificate } from '../../signing/certificate.ts'
import { createAuthority, issueCertificate } from '../../signing/issue.ts'
import { signingKey } from '../../signing/keys.ts'
import { authorities, certify, newPair, newRsaPair, now, roots } from './parties.ts'

const dayMs = 86_400_000
const pair = newPair()
const certificate = certify('H01', pair)

const codeOf = (attempt: () => unknown): string | null => {
  try {
    attempt()
    return null
  } catch (error) {
    if (error instanceof GatewayError) return `${error.code}: ${error.reason ?? ''}`
    throw error
  }
}

const check = (one: Certificate, at = now, anchors: readonly Certificate[] = roots.state): string | null =>
  codeOf(() => checkCertificate(one, anchors, at))

describe('certificates', () => {
  it('reads PEM and DER alike', () => {
    const fromPem = readCertificate(certificate.pem)
    const fromDer = readCertificate(certificate.der)
    expect(fromPem.fingerprint)
      .to.equal(fromDer.fingerprint)
      .and.match(/^[0-9a-f]{64}$/)
    expect(fromPem.subject).to.include('H01')
    expect(fromPem.publicKey.equals(pair.publicKey)).to.equal(true)
    expect([fromPem.validFrom, fromPem.validTo]).to.deep.equal([now - 10 * dayMs, now + 355 * dayMs])
  })

  it('refuses what is no certificate', () => {
    for (const bytes of ['', 'x', Buffer.from([0x30, 0x03, 0x02, 0x01, 0x00])]) {
      expect(codeOf(() => readCertificate(bytes))).to.match(/^untrusted_certificate: .*read/)
    }
  })

  it('trusts what an authority of the list issued, RSA or EC, again and again', () => {
    for (const one of [certificate, certificate, certify('H01', newRsaPair())])
      expect(check(one)).to.equal(null)
  })

  it('knows when it is valid, also when asked before', () => {
    expect(
      [now - 11 * dayMs, now, now + 356 * dayMs].map((at) => check(certificate, at) === null),
    ).to.deep.equal([false, true, false])
  })

  it('refuses another list of authorities, also when asked before with the right one', () => {
    expect(check(certificate)).to.equal(null)
    expect(check(certificate, now, roots.company)).to.match(/party class/)
    expect(check(certificate, now, [])).to.match(/party class/)
  })

  it('refuses an authority of the same name that did not sign it', () => {
    const twin = createAuthority({
      name: 'Gốc cơ quan',
      organization: 'Thử nghiệm',
      now: now - dayMs,
      years: 1,
    })
    expect(twin.certificate.subject).to.equal(authorities.state.certificate.subject)
    expect(check(certificate, now, [twin.certificate])).to.match(/party class/)
  })

  it('refuses an issuer that is no authority', () => {
    const posing = { key: pair.privateKey, certificate }
    const issued = issueCertificate(posing, {
      name: 'H02',
      organization: 'x',
      publicKey: newPair().publicKey,
      now,
      days: 1,
      use: 'sign',
    })
    expect(check(issued, now, [certificate, ...roots.state])).to.match(/party class/)
  })

  it('refuses an authority that is expired', () => {
    const short = createAuthority({ name: 'Ngắn', organization: 'x', now: now - 400 * dayMs, years: 1 })
    const issued = issueCertificate(short, {
      name: 'H01',
      organization: 'x',
      publicKey: pair.publicKey,
      now: now - dayMs,
      days: 9,
      use: 'sign',
    })
    expect(check(issued, now, [short.certificate])).to.match(/authority is expired/)
  })

  it('refuses weak keys and the wrong use', () => {
    expect(check(certify('H01', newRsaPair(1024)))).to.match(/strong/)
    expect(check(certify('H01', newPair('secp384r1')))).to.match(/strong/)
    expect(check(certify('H01', newRsaPair(), { use: 'encrypt' }))).to.match(/key usage/)
    expect(codeOf(() => checkCertificate(certificate, roots.state, now, 'encrypt'))).to.match(/key usage/)
  })

  it('binds a key to its own certificate only', () => {
    expect(signingKey(pair.privateKey, certificate).algorithm.jws).to.equal('ES256')
    expect(codeOf(() => signingKey(newPair().privateKey, certificate))).to.match(/not for this key/)
    expect(codeOf(() => signingKey(pair.publicKey, certificate))).to.match(/private key/)
    const short = newRsaPair(1024)
    expect(codeOf(() => signingKey(short.privateKey, certify('H01', short)))).to.match(/^weak_algorithm/)
  })
})
