import { createHmac, sign } from 'node:crypto'
import { ds, excC14n } from '../../../signing/namespaces.ts'
import { bodyXml, headerXml } from '../craft.ts'
import { newPair, newRsaPair, sender, senderRsa } from '../parties.ts'
import { certified, knowing, more } from './kit.ts'
import type { Rows } from './kit.ts'

const dsSha1 = `${ds}sha1`
const short = certified(newRsaPair(1024))
const otherCurve = certified(newPair('secp384r1'))

/** Weak or wrong algorithms and keys. */
export const algorithms: Rows = {
  'signature-with-sha1': [
    'weak_algorithm',
    /algorithm/,
    { signer: senderRsa, method: `${ds}rsa-sha1`, hash: 'sha1' },
  ],
  'signature-with-ecdsa-sha1': ['weak_algorithm', /algorithm/, { method: `${more}ecdsa-sha1`, hash: 'sha1' }],
  'digest-with-sha1': [
    'weak_algorithm',
    /DigestMethod/,
    {
      references: [
        { uri: '#header', of: headerXml },
        { uri: '#body', of: bodyXml, hash: 'sha1', digestUri: dsSha1 },
      ],
    },
  ],
  'rsa-key-of-1024-bits': [
    'weak_algorithm',
    /fit/,
    { signer: short, method: `${more}rsa-sha256` },
    knowing(short),
  ],
  'key-on-another-curve': ['weak_algorithm', /fit/, { signer: otherCurve }, knowing(otherCurve)],
  'hmac-where-a-key-pair-is-due': [
    'weak_algorithm',
    /algorithm/,
    {
      method: `${more}hmac-sha256`,
      signInfo: (info) => createHmac('sha256', sender.certificate.pem).update(info).digest(),
    },
  ],
  'algorithm-of-another-key-kind': ['weak_algorithm', /fit/, { method: `${more}rsa-sha256` }],
  'ecdsa-value-in-der': [
    'bad_signature',
    /signature value/,
    { signInfo: (info) => sign('sha256', Buffer.from(info), sender.key) },
  ],
  'inclusive-canonicalization': [
    'weak_algorithm',
    /Canonicalization/,
    { c14n: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' },
  ],
  'canonicalization-with-comments': [
    'weak_algorithm',
    /Canonicalization/,
    { c14n: `${excC14n}WithComments` },
  ],
}
