import type { Craft } from '../craft.ts'
import { edited } from './kit.ts'
import type { Rows } from './kit.ts'

const doctype = (subset: string): Craft => edited((text) => `<!DOCTYPE Envelope${subset}>${text}`)

/** What XML allows and we do not. */
export const xml: Rows = {
  'text-split-by-comment-in-body': [
    'malformed_xml',
    /comments/,
    edited((text) => text.replace('>150000<', '>150<!-- -->000<')),
  ],
  'text-split-by-comment-in-digest': [
    'malformed_xml',
    /comments/,
    edited((text) => text.replace('<ds:DigestValue>', '<ds:DigestValue><!--x-->')),
  ],
  'text-split-by-comment-in-header': [
    'malformed_xml',
    /comments/,
    edited((text) => text.replace('<Sender>H01', '<Sender>H01<!---->')),
  ],
  'comment-before-envelope': ['malformed_xml', /comments/, edited((text) => `<!-- x -->${text}`)],
  cdata: ['malformed_xml', /CDATA/, edited((text) => text.replace('>150000<', '><![CDATA[150000]]><'))],
  'processing-instruction': [
    'malformed_xml',
    /processing/,
    edited((text) => text.replace('<MaHoSo>', '<?php x ?><MaHoSo>')),
  ],
  'processing-instruction-of-stylesheet': [
    'malformed_xml',
    /processing/,
    edited((text) => `<?xml version="1.0"?><?xml-stylesheet href="http://example.invalid/"?>${text}`),
  ],
  doctype: ['malformed_xml', /DOCTYPE/, doctype('')],
  'doctype-external': ['malformed_xml', /DOCTYPE/, doctype(' SYSTEM "http://example.invalid/x.dtd"')],
  'entity-internal': [
    'malformed_xml',
    /DOCTYPE/,
    edited((text) => `<!DOCTYPE x [<!ENTITY fee "150000">]>${text.replace('>150000<', '>&fee;<')}`),
  ],
  'entity-external': [
    'malformed_xml',
    /DOCTYPE/,
    edited(
      (text) =>
        `<!DOCTYPE x [<!ENTITY fee SYSTEM "file:///etc/hostname">]>${text.replace('>150000<', '>&fee;<')}`,
    ),
  ],
  'entity-expansion': [
    'malformed_xml',
    /DOCTYPE/,
    edited(
      (text) =>
        `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${text.replace('>150000<', '>&b;<')}`,
    ),
  ],
  'entity-undeclared': ['malformed_xml', /line 1/, edited((text) => text.replace('>150000<', '>&fee;<'))],
  'declared-in-another-encoding': [
    'malformed_xml',
    /processing|UTF-8/,
    edited((text) => `<?xml version="1.0" encoding="ISO-8859-1"?>${text}`),
  ],
  'xml-version-1-1': ['malformed_xml', /processing/, edited((text) => `<?xml version="1.1"?>${text}`)],
  'not-whole': ['malformed_xml', /line 1/, edited((text) => text.slice(0, -5))],
  'two-documents': ['malformed_xml', /line 1/, edited((text) => text + text)],
}
