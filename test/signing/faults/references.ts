import { ds, excC14n } from '../../../signing/namespaces.ts'
import { bodyXml, headerXml, transform } from '../craft.ts'
import type { Craft } from '../craft.ts'
import type { Rows } from './kit.ts'

const refersTo = (uri: string): Craft => ({
  references: [
    { uri: '#header', of: headerXml },
    { uri, of: bodyXml },
  ],
})
const transforms = (text: string): Craft => ({
  references: [
    { uri: '#header', of: headerXml },
    { uri: '#body', of: bodyXml, transforms: text },
  ],
})

/** Transforms and references that are not ours. */
export const references: Rows = {
  'transform-xpath': [
    'weak_algorithm',
    /Transform/,
    transforms(transform('http://www.w3.org/TR/1999/REC-xpath-19991116')),
  ],
  'transform-xslt': [
    'weak_algorithm',
    /Transform/,
    transforms(transform('http://www.w3.org/TR/1999/REC-xslt-19991116')),
  ],
  'transform-enveloped-signature': [
    'weak_algorithm',
    /Transform/,
    transforms(transform(`${ds}enveloped-signature`)),
  ],
  'second-transform': ['malformed_xml', /Transforms/, transforms(transform(excC14n) + transform(excC14n))],
  'inclusive-namespaces': [
    'malformed_xml',
    /Transform/,
    transforms(
      transform(
        excC14n,
        `<ec:InclusiveNamespaces xmlns:ec="${excC14n}" PrefixList="ax"></ec:InclusiveNamespaces>`,
      ),
    ),
  ],
  'external-reference': ['bad_signature', /#header and #body/, refersTo('http://example.invalid/body.xml')],
  'reference-to-a-file': ['bad_signature', /#header and #body/, refersTo('file:///etc/hostname')],
  'reference-to-the-whole-document': ['bad_signature', /#header and #body/, refersTo('')],
  'reference-by-xpointer': ['bad_signature', /#header and #body/, refersTo("#xpointer(id('body'))")],
  'same-part-referenced-twice': [
    'bad_signature',
    /#header and #body/,
    {
      references: [
        { uri: '#header', of: headerXml },
        { uri: '#header', of: headerXml },
      ],
    },
  ],
  'references-in-other-order': [
    'bad_signature',
    /#header and #body/,
    {
      references: [
        { uri: '#body', of: bodyXml },
        { uri: '#header', of: headerXml },
      ],
    },
  ],
  'third-reference': [
    'bad_signature',
    /nothing else/,
    {
      references: [
        { uri: '#header', of: headerXml },
        { uri: '#body', of: bodyXml },
        { uri: '#body', of: bodyXml },
      ],
    },
  ],
}
