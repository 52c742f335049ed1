import { axis } from '../../../signing/namespaces.ts'
import { bodyXml } from '../craft.ts'
import { edited, signedBody } from './kit.ts'
import type { Rows } from './kit.ts'

/** A second one of something, or something elsewhere. */
export const structure: Rows = {
  'second-signature': [
    'malformed_xml',
    /nothing may follow the signature/,
    { assemble: ({ header: head, body, signature }) => `${head}${body}${signature}${signature}` },
  ],
  'signature-within-signature': [
    'malformed_xml',
    /Signature must hold/,
    { editSignature: (text) => text.replace('</ds:Signature>', `${text}</ds:Signature>`) },
  ],
  'second-signed-info': [
    'malformed_xml',
    /Signature must hold/,
    { editSignature: (text) => text.replace(/(<ds:SignedInfo>.*<\/ds:SignedInfo>)/s, '$1$1') },
  ],
  'signed-info-within-object': [
    'malformed_xml',
    /Signature must hold/,
    {
      editSignature: (text) =>
        text.replace(/(<ds:SignedInfo>.*<\/ds:SignedInfo>)/s, '<ds:Object>$1</ds:Object>$1'),
    },
  ],
  'object-in-signature': [
    'malformed_xml',
    /Signature must hold/,
    { editSignature: (text) => text.replace('</ds:Signature>', '<ds:Object></ds:Object></ds:Signature>') },
  ],
  'second-body': [
    'malformed_xml',
    /expected <ds:Signature/,
    {
      assemble: ({ header: head, body, signature }) =>
        `${head}${body}${body.replace('150000', '1')}${signature}`,
    },
  ],
  'second-body-signed-with-the-first': [
    'malformed_xml',
    /expected <ds:Signature/,
    { body: `${bodyXml}${bodyXml.replace('150000', '1')}` },
  ],
  'second-header': [
    'malformed_xml',
    /expected <Body/,
    {
      assemble: ({ header: head, body, signature }) =>
        `${head}${head.replace('G05', 'G06')}${body}${signature}`,
    },
  ],
  'duplicate-id': ['malformed_xml', /Id is not allowed/, signedBody('<MaHoSo Id="body">1</MaHoSo>')],
  'duplicate-id-on-root': [
    'malformed_xml',
    /Envelope/,
    edited((text) => text.replace('<ax:Envelope ', '<ax:Envelope Id="body" ')),
  ],
  'id-in-signature': [
    'malformed_xml',
    /Signature/,
    { editSignature: (text) => text.replace('<ds:Signature ', '<ds:Signature Id="body" ') },
  ],
  'body-wrapped': [
    'malformed_xml',
    /expected <Body/,
    {
      assemble: ({ header: head, body, signature }) =>
        `${head}<Wrapper>${body}</Wrapper><Body xmlns="${axis}" Id="other"><LePhi>1</LePhi></Body>${signature}`,
    },
  ],
  'body-moved-into-signature': [
    'malformed_xml',
    /Signature|Body/,
    {
      assemble: ({ header: head, body, signature }) =>
        `${head}<Body xmlns="${axis}" Id="body"><LePhi>1</LePhi></Body>${signature.replace('</ds:Signature>', `<ds:Object>${body}</ds:Object></ds:Signature>`)}`,
    },
  ],
  'header-moved-into-body': [
    'malformed_xml',
    /expected <Header|expected <Body/,
    {
      assemble: ({ header: head, body, signature }) =>
        `${body.replace('</Body>', `${head}</Body>`)}${signature}`,
    },
  ],
  'body-before-header': [
    'malformed_xml',
    /expected <Header/,
    { assemble: ({ header: head, body, signature }) => `${body}${head}${signature}` },
  ],
  'signature-before-body': [
    'malformed_xml',
    /expected <Body/,
    { assemble: ({ header: head, body, signature }) => `${head}${signature}${body}` },
  ],
  'envelope-wrapped': [
    'malformed_xml',
    /Envelope/,
    edited((text) => `<ax:Outer xmlns:ax="${axis}">${text}</ax:Outer>`),
  ],
  'element-after-signature': [
    'malformed_xml',
    /nothing may follow/,
    { assemble: ({ header: head, body, signature }) => `${head}${body}${signature}<Extra></Extra>` },
  ],
  'text-after-signature': [
    'malformed_xml',
    /nothing may follow/,
    { assemble: ({ header: head, body, signature }) => `${head}${body}${signature}x` },
  ],
  'body-of-another-namespace': [
    'malformed_xml',
    /expected <Body/,
    { body: bodyXml.replace(axis, 'urn:example:other') },
  ],
  'prefix-of-root-used-within': ['malformed_xml', /element name/, signedBody('<ax:LePhi>1</ax:LePhi>')],
  'namespace-within-body': [
    'malformed_xml',
    /xmlns is not allowed/,
    signedBody('<LePhi xmlns="urn:example:other">1</LePhi>'),
  ],
  'relative-namespace': [
    'malformed_xml',
    /canonical form/,
    signedBody('<x:LePhi xmlns:x="other">1</x:LePhi>'),
  ],
}
