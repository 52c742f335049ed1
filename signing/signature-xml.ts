import { GatewayError } from '../schemas/errors.ts'
import { sha256 } from './digest.ts'
import { signBytes } from './keys.ts'
import type { SigningKey } from './keys.ts'
import { ds, excC14n, sha256Uri } from './namespaces.ts'
import { expectBase64, expectElement, expectText } from './expect.ts'
import type { Part, Scanned } from './scan.ts'

export const signatureStart = `<ds:Signature xmlns:ds="${ds}">`

const infoStart = '<ds:SignedInfo>'
const infoEnd = '</ds:SignedInfo>'
/** As a subtree of its own, SignedInfo carries the declaration it inherits from Signature within the document. */
const infoAlone = `<ds:SignedInfo xmlns:ds="${ds}">`

const empty = (name: string, algorithm: string): string =>
  `<ds:${name} Algorithm="${algorithm}"></ds:${name}>`

const transforms = `<ds:Transforms>${empty('Transform', excC14n)}</ds:Transforms>`

/** What is signed: a part of the document in canonical form, where `uri` is its `#Id`, or bytes beside it. */
export interface Referred {
  /** Safe as the value of an attribute. */
  readonly uri: string
  /** SHA-256. */
  readonly digest: Uint8Array
}

const referenceTo = ({ uri, digest }: Referred): string =>
  `<ds:Reference URI="${uri}">${uri.startsWith('#') ? transforms : ''}${empty('DigestMethod', sha256Uri)}` +
  `<ds:DigestValue>${Buffer.from(digest).toString('base64')}</ds:DigestValue></ds:Reference>`

/** The Signature element of an envelope over its two parts, both given in canonical form. */
export const writeSignature = (header: Uint8Array, body: Uint8Array, key: SigningKey): Promise<string> =>
  signReferences(
    [
      { uri: '#header', digest: sha256(header) },
      { uri: '#body', digest: sha256(body) },
    ],
    key,
  )

/** The Signature element over what it refers to, in canonical form. */
export async function signReferences(references: readonly Referred[], key: SigningKey): Promise<string> {
  const { uri } = key.algorithm
  const info = `${empty('CanonicalizationMethod', excC14n)}${empty('SignatureMethod', uri)}${references.map(referenceTo).join('')}`
  const signature = await signBytes(key, Buffer.from(`${infoAlone}${info}${infoEnd}`, 'latin1'))
  return (
    `${signatureStart}${infoStart}${info}${infoEnd}<ds:SignatureValue>${signature.toString('base64')}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${key.certificate.der.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`
  )
}

/** What a Signature element says; nothing of it is true yet. */
export interface ReadSignature {
  /** Canonical form of SignedInfo: the bytes that are signed. */
  readonly signedInfo: Buffer
  readonly algorithmUri: string
  readonly headerDigest: Buffer
  readonly bodyDigest: Buffer
  readonly value: Buffer
  /** DER of the certificate in KeyInfo: it names a key, it does not prove one. */
  readonly certificate: Buffer
}

const weak = (reason: string): GatewayError => new GatewayError('weak_algorithm', { reason })
const unsigned = (field: string, reason: string): GatewayError =>
  new GatewayError('bad_signature', { field, reason })

const algorithmIn = (element: Scanned | undefined, name: string): string => {
  const algorithm = element?.attributes.get('Algorithm') ?? ''
  expectElement(element, name, { Algorithm: algorithm }, [])
  return algorithm
}

const expectAlgorithm = (element: Scanned | undefined, name: string, uri: string): void => {
  if (algorithmIn(element, name) !== uri) throw weak(`${name} must be ${uri}`)
}

const readReference = (reference: Scanned | undefined, id: string): Buffer => {
  const uri = reference?.attributes.get('URI') ?? ''
  if (uri !== `#${id}`)
    throw unsigned('Reference', `the two references must be to #header and #body, in this order`)
  const [transforms, method, value] = expectElement(reference, 'ds:Reference', { URI: uri }, [
    'ds:Transforms',
    'ds:DigestMethod',
    'ds:DigestValue',
  ])
  const [transform] = expectElement(transforms, 'ds:Transforms', {}, ['ds:Transform'])
  expectAlgorithm(transform, 'ds:Transform', excC14n)
  expectAlgorithm(method, 'ds:DigestMethod', sha256Uri)
  return expectBase64(expectText(value, 'ds:DigestValue'), 'DigestValue')
}

const readInfo = (
  info: Scanned | undefined,
): Pick<ReadSignature, 'algorithmUri' | 'headerDigest' | 'bodyDigest'> => {
  const references = info?.children.filter(({ name }) => name === 'ds:Reference') ?? []
  if (references.length !== 2)
    throw unsigned('SignedInfo', 'Header and Body must both be signed, and nothing else')
  const [c14n, method, header, body] = expectElement(info, 'ds:SignedInfo', {}, [
    'ds:CanonicalizationMethod',
    'ds:SignatureMethod',
    'ds:Reference',
    'ds:Reference',
  ])
  expectAlgorithm(c14n, 'ds:CanonicalizationMethod', excC14n)
  return {
    algorithmUri: algorithmIn(method, 'ds:SignatureMethod'),
    headerDigest: readReference(header, 'header'),
    bodyDigest: readReference(body, 'body'),
  }
}

const readKeyInfo = (keyInfo: Scanned | undefined): Buffer => {
  const [data] = expectElement(keyInfo, 'ds:KeyInfo', {}, ['ds:X509Data'])
  const [certificate] = expectElement(data, 'ds:X509Data', {}, ['ds:X509Certificate'])
  return expectBase64(expectText(certificate, 'ds:X509Certificate'), 'X509Certificate')
}

const infoAloneBytes = Buffer.from(infoAlone)

/** SignedInfo is the first thing in Signature, but for white space; whoever has scanned it has proved that there is one. */
const cutInfo = (signature: Buffer): Buffer => {
  const from = signature.indexOf(infoStart) + infoStart.length
  const to = signature.indexOf(infoEnd, from) + infoEnd.length
  return Buffer.concat([infoAloneBytes, signature.subarray(from, to)])
}

/** Reads the Signature element, cut from the canonical document. One of each part, in order, nothing else. */
export function readSignature({ element, bytes }: Part): ReadSignature {
  const parts = expectElement(element, 'ds:Signature', { 'xmlns:ds': ds }, [
    'ds:SignedInfo',
    'ds:SignatureValue',
    'ds:KeyInfo',
  ])
  const [info, value, keyInfo] = parts
  return {
    ...readInfo(info),
    signedInfo: cutInfo(bytes),
    value: expectBase64(expectText(value, 'ds:SignatureValue'), 'SignatureValue'),
    certificate: readKeyInfo(keyInfo),
  }
}
