import { signedBody, signedHeader } from './kit.ts'
import type { Rows } from './kit.ts'

/** Header and payload that do not read. */
export const content: Rows = {
  'field-given-twice': ['malformed_xml', /twice/, signedBody('<LePhi>1</LePhi><LePhi>2</LePhi>')],
  'field-of-unknown-type': ['malformed_xml', /type/, signedBody('<LePhi type="money">1</LePhi>')],
  'number-that-loses-digits': [
    'malformed_xml',
    /digits/,
    signedBody('<LePhi type="number">12345678901234567890</LePhi>'),
  ],
  'text-between-elements': ['malformed_xml', /text between/, signedBody('<A>x<B>1</B></A>')],
  'header-without-sender': [
    'malformed_xml',
    /missing/,
    signedHeader((text) => text.replace('<Sender>H01</Sender>', '')),
  ],
  'header-element-twice': [
    'malformed_xml',
    /out of place/,
    signedHeader((text) => text.replace('<Sender>H01</Sender>', '<Sender>H01</Sender><Sender>H02</Sender>')),
  ],
  'header-element-unknown': [
    'malformed_xml',
    /not a header element/,
    signedHeader((text) => text.replace('</Header>', '<Route>x</Route></Header>')),
  ],
  'header-time-without-zone': [
    'malformed_xml',
    /time/,
    signedHeader((text) => text.replace(/Z<\/SentAt>/, '</SentAt>')),
  ],
}
