import { GatewayError } from '../../schemas/errors.ts'

/** White space, bare or as references: writers break lines, and some escape their ends. */
const blank = /[ \t\r\n]+|&#(?:9|10|13|32|x[9ad]|x20);/gi
const alphabet = /^[A-Za-z0-9+/]*={0,2}$/

/** Decodes as it comes. Strict: a partner's reader would decode bad base64 to garbage without a word (edXML §3.3). Throws `invalid_field`. */
export async function* decodeBase64(source: AsyncIterable<Buffer>, field: string): AsyncGenerator<Buffer> {
  const refuse = () => new GatewayError('invalid_field', { field, reason: 'not base64' })
  let rest = ''
  let isOver = false
  for await (const piece of source) {
    const text = (rest + piece.toString('latin1')).replace(blank, '')
    const whole = wholePart(text)
    rest = text.slice(whole)
    if (whole === 0) continue
    const group = text.slice(0, whole)
    if (isOver || !alphabet.test(group)) throw refuse()
    isOver = group.endsWith('=')
    yield Buffer.from(group, 'base64')
  }
  if (rest !== '') throw refuse()
}

/** Of whole groups of four, before a reference that may not be whole. */
function wholePart(text: string): number {
  const reference = text.indexOf('&', Math.max(0, text.length - 6))
  const usable = reference < 0 ? text.length : reference
  return usable - (usable % 4)
}

/** Encodes as it comes. */
export async function* encodeBase64(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of source) {
    const bytes = rest.byteLength === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece])
    const whole = bytes.byteLength - (bytes.byteLength % 3)
    rest = bytes.subarray(whole)
    if (whole > 0) yield Buffer.from(bytes.toString('base64', 0, whole), 'latin1')
  }
  if (rest.byteLength > 0) yield Buffer.from(rest.toString('base64'), 'latin1')
}
