import type { ErrorCode } from '../../../schemas/errors.ts'
import type { KnownCertificate } from '../../../signing/open.ts'
import { bodyXml, craft } from '../craft.ts'
import { algorithms } from './algorithms.ts'
import { certificates } from './certificates.ts'
import { content } from './content.ts'
import type { Row } from './kit.ts'
import { references } from './references.ts'
import { structure } from './structure.ts'
import { unsigned } from './unsigned.ts'
import { xml } from './xml.ts'

/** One thing wrong, all else right. `knows`: certificates the registry holds besides those of `parties.ts`. */
export interface Fault {
  readonly code: ErrorCode
  readonly reason: RegExp
  readonly xml: string | Buffer
  readonly knows?: readonly KnownCertificate[]
}

const rows = { ...algorithms, ...references, ...unsigned, ...structure, ...xml, ...content, ...certificates }

/** Faults of the bytes, which text cannot hold. */
const byteFaults: Readonly<Record<string, Fault>> = {
  'encoded-in-utf-16': {
    code: 'malformed_xml',
    reason: /UTF-8/,
    xml: Buffer.from(`\ufeff${craft({})}`, 'utf16le'),
  },
  'not-utf-8': {
    code: 'malformed_xml',
    reason: /UTF-8/,
    xml: Buffer.concat([Buffer.from(craft({})), Buffer.from([0xff])]),
  },
  'zero-byte': { code: 'malformed_xml', reason: /UTF-8/, xml: Buffer.from(`${craft({})}\u0000`) },
  empty: { code: 'malformed_xml', reason: /./, xml: Buffer.alloc(0) },
}

/** A forger who changes the body and recomputes its digest, but cannot sign. */
const refitted = (): string => {
  const honest = craft({})
  const forged = craft({ body: bodyXml.replace('150000', '1') })
  const value = /<ds:SignatureValue>[^<]*/
  return forged.replace(value, value.exec(honest)?.[0] ?? '')
}

const faultOf = ([code, reason, wanted, { knows } = { knows: [] }]: Row): Fault => ({
  code,
  reason,
  xml: craft(wanted),
  knows,
})

/** Every fault by the name of its fixture, freshly made. */
export const faults: Readonly<Record<string, Fault>> = {
  ...Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, faultOf(row)])),
  ...byteFaults,
  'digest-changed-to-fit-the-body': { code: 'bad_signature', reason: /signature value/, xml: refitted() },
}
