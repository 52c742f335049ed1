import { GatewayError } from '../schemas/errors.ts'
import { headerStart } from './header-xml.ts'
import { axis } from './namespaces.ts'
import { bodyStart } from './payload-xml.ts'
import { scanAt, sourceOf, type Part, type Source } from './scan.ts'
import { signatureStart } from './signature-xml.ts'

export const rootStart = `<ax:Envelope xmlns:ax="${axis}">`
export const rootEnd = '</ax:Envelope>'

/** The three parts of an envelope as they stand in the canonical document. */
export interface Parts {
  readonly header: Part
  readonly body: Part
  readonly signature: Part
}

const refuse = (reason: string, field: string): GatewayError =>
  new GatewayError('malformed_xml', { reason, field })

const expectStart = ({ latin }: Source, at: number, start: string, field: string): void => {
  if (!latin.startsWith(start, at)) throw refuse(`expected ${start}`, field)
}

const whiteSpace = new Set([0x20, 0x09, 0x0a])

const skipBlank = ({ bytes }: Source, from: number): number => {
  let at = from
  while (whiteSpace.has(bytes[at] ?? 0)) at += 1
  return at
}

/** The part that begins at `from`, or after the blank there. */
const partAt = (source: Source, from: number, start: string, field: string): Part => {
  const at = skipBlank(source, from)
  expectStart(source, at, start, field)
  return scanAt(source, at)
}

/**
 * Cuts a canonical document into Header, Body and Signature, and reads each. Header and Body declare their own namespace, and the
 * readers of the parts refuse the prefix `ax`: so each slice is the exclusive canonical form of its element, which is what was signed.
 */
export function cutEnvelope(xml: Buffer): Parts {
  const source = sourceOf(xml)
  expectStart(source, 0, rootStart, 'Envelope')
  const header = partAt(source, rootStart.length, headerStart, 'Header')
  const body = partAt(source, header.end, bodyStart, 'Body')
  const signature = partAt(source, body.end, signatureStart, 'Signature')
  const rest = source.latin.slice(skipBlank(source, signature.end))
  if (rest !== rootEnd) throw refuse('nothing may follow the signature', 'Envelope')
  return { header, body, signature }
}
