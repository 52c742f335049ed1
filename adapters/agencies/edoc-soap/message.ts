import { bounds } from '../../../schemas/bounds.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import type { DoorRequest } from '../content.ts'
import { parameterOf, readMultipart, type MimePart } from '../mime.ts'

/** A message of the bus: its envelope, and the parts after it, to be read once. */
export interface OpenMessage {
  /** The exact bytes of the envelope. */
  readonly original: Uint8Array
  readonly attachments: AsyncIterable<MimePart>
}

const isMultipart = (contentType: string): boolean => /^\s*multipart\/related\b/i.test(contentType)

async function* none(): AsyncGenerator<MimePart> {}

/** Opens a message that comes bare or as the first part of a multipart body (SOAP with attachments, MTOM). Throws GatewayError. */
export async function openMessage(
  source: AsyncIterable<Uint8Array>,
  contentType: string,
): Promise<OpenMessage> {
  if (!isMultipart(contentType)) return { original: await collect(source), attachments: none() }
  const parts = readMultipart(source, parameterOf(contentType, 'boundary'))
  const first = await parts.next()
  if (first.done === true) throw new GatewayError('malformed_request', { field: 'body', reason: 'no parts' })
  return { original: await collect(first.value.bytes), attachments: parts }
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of source) {
    size += piece.byteLength
    if (size > bounds.originalBytes)
      throw new GatewayError('too_large', {
        reason: `an envelope holds at most ${bounds.originalBytes} bytes`,
      })
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/**
 * The envelope in the beginning of a body that is held. Throws `too_large` where it does not end there: who calls would not be known
 * before the rest is read.
 */
export function envelopeIn({ headers, body }: DoorRequest): Buffer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const contentType = headers['content-type'] ?? ''
  if (!isMultipart(contentType)) return bytes
  const delimiter = `--${parameterOf(contentType, 'boundary')}`
  const start = bytes.indexOf('\r\n\r\n', bytes.indexOf(delimiter))
  const end = bytes.indexOf(`\r\n${delimiter}`, start)
  if (start < 0 || end < 0)
    throw new GatewayError('too_large', {
      field: 'Envelope',
      reason: `more than ${bytes.byteLength} bytes before its end`,
    })
  return bytes.subarray(start + 4, end)
}
