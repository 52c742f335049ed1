import { bodyXml, headerXml } from '../craft.ts'
import { edited } from './kit.ts'
import type { Rows } from './kit.ts'

const lastUnusedBit = (text: string): string =>
  text.replace(
    /(.)=(<\/ds:DigestValue>)/,
    (_all, character: string, end: string) => `${String.fromCharCode(character.charCodeAt(0) + 1)}=${end}`,
  )

/** Parts that nobody signed, or that changed since. */
export const unsigned: Rows = {
  'body-not-signed': [
    'bad_signature',
    /must both be signed/,
    { references: [{ uri: '#header', of: headerXml }] },
  ],
  'header-not-signed': [
    'bad_signature',
    /must both be signed/,
    { references: [{ uri: '#body', of: bodyXml }] },
  ],
  'no-reference': ['bad_signature', /must both be signed/, { references: [] }],
  'no-signature': ['malformed_xml', /Signature/, { editSignature: () => '' }],
  'empty-signature-value': ['bad_signature', /signature value/, { signInfo: () => Buffer.alloc(0) }],
  'zero-signature-value': ['bad_signature', /signature value/, { signInfo: () => Buffer.alloc(64) }],
  'header-changed-after-signing': [
    'bad_signature',
    /Header/,
    edited((text) => text.replace('>G05<', '>G06<')),
  ],
  'body-changed-after-signing': [
    'bad_signature',
    /Body/,
    edited((text) => text.replace('>150000<', '>150001<')),
  ],
  'digest-in-another-spelling': ['malformed_xml', /base64/, edited(lastUnusedBit)],
}
