import { GatewayError } from '../schemas/errors.ts'
import { bodyEnd, bodyStart } from './payload-xml.ts'
import { headerEnd, headerStart } from './header-xml.ts'
import { axis } from './namespaces.ts'
import { signatureStart } from './signature-xml.ts'

export const rootStart = `<ax:Envelope xmlns:ax="${axis}">`
export const rootEnd = '</ax:Envelope>'

/** The three parts of an envelope as they stand in the canonical document. */
export interface Parts {
  readonly header: Buffer
  readonly body: Buffer
  readonly signature: Buffer
}

const refuse = (reason: string, field: string): GatewayError =>
  new GatewayError('malformed_xml', { reason, field })

const expectStart = (xml: Buffer, at: number, start: string, field: string): void => {
  const found = xml.toString('latin1', at, at + start.length)
  if (found !== start) throw refuse(`expected ${start}`, field)
}

const whiteSpace = new Set([0x20, 0x09, 0x0a])

const skipBlank = (xml: Buffer, from: number): number => {
  let at = from
  while (whiteSpace.has(xml[at] ?? 0)) at += 1
  return at
}

/** End of the part that begins at `start`: after the last `end` before `limit`. */
const endOf = (xml: Buffer, end: string, limit: number, field: string): number => {
  const at = xml.lastIndexOf(end, limit - end.length)
  if (at < 0) throw refuse('is not whole', field)
  return at + end.length
}

/**
 * Cuts a canonical document into Header, Body and Signature by position. In canonical XML a `<` is always markup, Header and Body
 * declare their own namespace, and the readers of the parts refuse the prefix `ax`: so each slice is the exclusive
 * canonical form of its element, which is what was signed. Whoever reads a slice proves that it is one element.
 */
export function cutEnvelope(xml: Buffer): Parts {
  expectStart(xml, 0, rootStart, 'Envelope')
  const headerAt = skipBlank(xml, rootStart.length)
  expectStart(xml, headerAt, headerStart, 'Header')
  const headerTo = xml.indexOf(headerEnd, headerAt) + headerEnd.length
  const bodyAt = skipBlank(xml, headerTo)
  expectStart(xml, bodyAt, bodyStart, 'Body')
  const bodyTo = endOf(xml, bodyEnd, xml.length, 'Body')
  const signatureAt = skipBlank(xml, bodyTo)
  expectStart(xml, signatureAt, signatureStart, 'Signature')
  const signatureTo = endOf(xml, '</ds:Signature>', xml.length, 'Signature')
  const rootAt = skipBlank(xml, signatureTo)
  if (xml.toString('latin1', rootAt) !== rootEnd) throw refuse('nothing may follow the signature', 'Envelope')
  return {
    header: xml.subarray(headerAt, headerTo),
    body: xml.subarray(bodyAt, bodyTo),
    signature: xml.subarray(signatureAt, signatureTo),
  }
}
