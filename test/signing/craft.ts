import { createHash, sign } from 'node:crypto'
import { rootEnd, rootStart } from '../../signing/cut.ts'
import { writeHeader } from '../../signing/header-xml.ts'
import type { SigningKey } from '../../signing/keys.ts'
import { ds, excC14n, sha256Uri } from '../../signing/namespaces.ts'
import { writePayload } from '../../signing/payload-xml.ts'
import { header as plainHeader, payload, sender } from './parties.ts'

/** Writes an envelope that is validly signed but for what the test wants wrong: every part can be replaced. */
export interface Craft {
  readonly signer?: Pick<SigningKey, 'key' | 'certificate'>
  readonly header?: string
  readonly body?: string
  /** Parts the references speak of, in order. */
  readonly references?: readonly Reference[]
  readonly c14n?: string
  readonly method?: string
  readonly hash?: 'sha256' | 'sha1'
  readonly signInfo?: (info: string) => Buffer
  readonly editInfo?: (info: string) => string
  readonly editSignature?: (signature: string) => string
  readonly keyInfo?: string
  readonly assemble?: (parts: {
    readonly header: string
    readonly body: string
    readonly signature: string
  }) => string
  readonly edit?: (envelope: string) => string
}

export interface Reference {
  readonly uri: string
  /** The text that is digested. */
  readonly of: string
  readonly transforms?: string
  readonly digestUri?: string
  readonly hash?: 'sha256' | 'sha1'
}

export const transform = (uri: string, content = ''): string =>
  `<ds:Transform Algorithm="${uri}">${content}</ds:Transform>`

const writeReference = ({ uri, of, transforms, digestUri, hash = 'sha256' }: Reference): string =>
  `<ds:Reference URI="${uri}"><ds:Transforms>${transforms ?? transform(excC14n)}</ds:Transforms>` +
  `<ds:DigestMethod Algorithm="${digestUri ?? sha256Uri}"></ds:DigestMethod>` +
  `<ds:DigestValue>${createHash(hash).update(of).digest('base64')}</ds:DigestValue></ds:Reference>`

export const headerXml = writeHeader(plainHeader)
export const bodyXml = writePayload(payload)
const ecdsa = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'

const same = (text: string): string => text

export const certificateInfo = ({ certificate }: Pick<SigningKey, 'certificate'>): string =>
  `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate.der.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`

const writeSignature = (craft: Craft, header: string, body: string): string => {
  const {
    signer = sender,
    hash = 'sha256',
    c14n = excC14n,
    method = ecdsa,
    editInfo = same,
    editSignature = same,
  } = craft
  const references = craft.references ?? [
    { uri: '#header', of: header },
    { uri: '#body', of: body },
  ]
  const inner = editInfo(
    `<ds:CanonicalizationMethod Algorithm="${c14n}"></ds:CanonicalizationMethod>` +
      `<ds:SignatureMethod Algorithm="${method}"></ds:SignatureMethod>${references.map(writeReference).join('')}`,
  )
  const signed = `<ds:SignedInfo xmlns:ds="${ds}">${inner}</ds:SignedInfo>`
  const value =
    craft.signInfo?.(signed) ??
    sign(hash, Buffer.from(signed), { key: signer.key, dsaEncoding: 'ieee-p1363' })
  return editSignature(
    `<ds:Signature xmlns:ds="${ds}"><ds:SignedInfo>${inner}</ds:SignedInfo><ds:SignatureValue>${value.toString('base64')}</ds:SignatureValue>` +
      `${craft.keyInfo ?? certificateInfo(signer)}</ds:Signature>`,
  )
}

export function craft(wanted: Craft): string {
  const { header = headerXml, body = bodyXml, edit = same } = wanted
  const signature = writeSignature(wanted, header, body)
  const assemble = wanted.assemble ?? ((parts) => `${parts.header}${parts.body}${parts.signature}`)
  return edit(`${rootStart}${assemble({ header, body, signature })}${rootEnd}`)
}
