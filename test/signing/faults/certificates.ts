import { writeHeader } from '../../../signing/header-xml.ts'
import { certificateInfo } from '../craft.ts'
import { header, hub, newPair, newRsaPair, now, sender } from '../parties.ts'
import { certified, knowing, more } from './kit.ts'
import type { Rows } from './kit.ts'

const dayMs = 86_400_000
const expired = certified(newPair(), { start: now - 10 * dayMs, days: 9 })
const early = certified(newPair(), { start: now + dayMs })
const forEncryption = certified(newRsaPair(), { use: 'encrypt' })
const otherClass = certified(newPair(), { partyClass: 'company' })
const stranger = certified(newPair())
const otherBody = certified(newPair(), {}, 'H02')

/** Certificates that prove nothing here. */
export const certificates: Rows = {
  'certificate-expired': ['untrusted_certificate', /expired/, { signer: expired }, knowing(expired)],
  'certificate-not-yet-valid': ['untrusted_certificate', /not valid yet/, { signer: early }, knowing(early)],
  'certificate-unknown': ['untrusted_certificate', /not known/, { signer: stranger }],
  'certificate-of-another-body': [
    'untrusted_certificate',
    /does not belong to SealedBy/,
    { signer: otherBody },
    knowing(otherBody, 'H02'),
  ],
  'certificate-of-the-other-party-class': [
    'untrusted_certificate',
    /party class/,
    { signer: otherClass },
    knowing(otherClass),
  ],
  'certificate-for-encryption': [
    'untrusted_certificate',
    /key usage/,
    { signer: forEncryption, method: `${more}rsa-sha256` },
    knowing(forEncryption),
  ],
  'certificate-missing': ['malformed_xml', /KeyInfo|Signature must hold/, { keyInfo: '' }],
  'certificate-exchanged': ['bad_signature', /signature value/, { keyInfo: certificateInfo(hub) }],
  'key-value-instead-of-certificate': [
    'malformed_xml',
    /KeyInfo must hold/,
    { keyInfo: '<ds:KeyInfo><ds:KeyValue></ds:KeyValue></ds:KeyInfo>' },
  ],
  'key-name-instead-of-certificate': [
    'malformed_xml',
    /KeyInfo must hold/,
    { keyInfo: '<ds:KeyInfo><ds:KeyName>H01</ds:KeyName></ds:KeyInfo>' },
  ],
  'key-to-be-fetched': [
    'malformed_xml',
    /KeyInfo must hold/,
    {
      keyInfo:
        '<ds:KeyInfo><ds:RetrievalMethod URI="http://example.invalid/"></ds:RetrievalMethod></ds:KeyInfo>',
    },
  ],
  'second-certificate': [
    'malformed_xml',
    /X509Data must hold/,
    {
      keyInfo: certificateInfo(sender).replace(
        '</ds:X509Data>',
        '<ds:X509Certificate>AA==</ds:X509Certificate></ds:X509Data>',
      ),
    },
  ],
  'sealed-by-a-third-body': [
    'untrusted_certificate',
    /neither the sender nor a gateway/,
    { signer: otherBody, header: writeHeader({ ...header, sealedBy: 'H02' }) },
    knowing(otherBody, 'H02'),
  ],
}
