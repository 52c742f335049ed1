import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { rootEnd, rootStart } from '../../signing/cut.ts'
import { sealEnvelope, signEnvelope } from '../../signing/envelope.ts'
import { writeHeader } from '../../signing/header-xml.ts'
import type { SigningKey } from '../../signing/keys.ts'
import { ds } from '../../signing/namespaces.ts'
import { writePayload } from '../../signing/payload-xml.ts'
import { header, hopHeader, hub, payload, receiver, sender, senderRsa } from './parties.ts'

export const run = promisify(execFile)
export const passphrase = 'chi-de-thu'
export const javaSource = (name: string): string =>
  fileURLToPath(new URL(`java/${name}.java`, import.meta.url))
export const axisIds = ['Header', 'Body'].flatMap((name) => ['--id-attr:Id', `urn:lien-thong:axis:1:${name}`])

export const signers = { ecdsa: sender, rsa: senderRsa } as const satisfies Record<string, SigningKey>

/** A change that an independent verifier must see, so that its yes means something. */
export const spoiled = (envelope: Uint8Array): Buffer =>
  Buffer.from(Buffer.from(envelope).toString().replace('>G05<', '>G06<'))

export const samples = async (): Promise<
  readonly { name: string; signer: SigningKey; bytes: Uint8Array; good: boolean }[]
> => {
  const plain = await Promise.all(
    Object.entries(signers).map(async ([name, signer]) => ({
      name,
      signer,
      bytes: await signEnvelope(header, payload, signer),
      good: true,
    })),
  )
  const inner = plain[0]!.bytes
  const outer = await sealEnvelope({ inner, header: hopHeader, recipient: receiver.certificate, key: hub })
  const good = [...plain, { name: 'sealed', signer: hub, bytes: outer, good: true }]
  return [
    ...good,
    ...good.map((one) => ({ ...one, name: `${one.name}-spoiled`, bytes: spoiled(one.bytes), good: false })),
  ]
}

/** An envelope as a partner would lay it out, still to be signed. `signature` is what their tool fills in. */
export const partnerEnvelope = (signature: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${rootStart}\n  ${writeHeader(header)}\n  ${writePayload(payload).replace('<LePhi', '\n    <LePhi')}\n${signature}${rootEnd}\n`

const reference = (id: string): string => `
      <ds:Reference URI="#${id}">
        <ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>
        <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
        <ds:DigestValue/>
      </ds:Reference>`

export const template = ({ algorithm }: SigningKey): string => `  <ds:Signature xmlns:ds="${ds}">
    <ds:SignedInfo>
      <ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
      <ds:SignatureMethod Algorithm="${algorithm.uri}"/>${reference('header')}${reference('body')}
    </ds:SignedInfo>
    <ds:SignatureValue/>
    <ds:KeyInfo><ds:X509Data><ds:X509Certificate/></ds:X509Data></ds:KeyInfo>
  </ds:Signature>
`
