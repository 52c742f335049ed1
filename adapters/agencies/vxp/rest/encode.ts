import { textOf } from '../../../../schemas/fields.ts'
import type { Message } from '../../../../schemas/message.ts'
import type { BodyPart, DraftPart } from '../../body-parts.ts'
import type { Draft, Unsupported } from '../../dialect.ts'
import { blocksOf, encodeDocument } from '../../edxml/encode.ts'
import { messageTypeOf } from '../documents.ts'
import type { VxpOptions } from '../options.ts'

const common = { kind: 'encoded', seal: 'none', body: new Uint8Array(0), headers: {} } as const

/** The form of a `sendEdoc`: what it is, and its edXML as a file (edxml §8.3). */
export function encodeForm(message: Message, options: VxpOptions): Draft | Unsupported {
  const written = encodeDocument(message, options)
  if (written.kind === 'unsupported') return written
  const boundary = `lt-${message.id}`
  const begun = (disposition: string) => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n`
  const head =
    `${begun('name="messageType"')}\r\n${messageTypeOf(message.action)}\r\n` +
    `${begun(`name="edocFile"; filename="${message.id}.edxml"`)}Content-Type: application/xml\r\n\r\n`
  const parts = [head, ...written.parts, `\r\n--${boundary}--\r\n`]
  return { ...common, contentType: `multipart/form-data; boundary=${boundary}`, parts }
}

/** `data` of a `getEdoc`: the edXML whole, and its files once more beside it, for clients that look there (edxml §8.3). */
export function encodeHeld(message: Message, options: VxpOptions): Draft | Unsupported {
  const written = encodeDocument(message, options)
  const blocks = blocksOf(message, options)
  if (written.kind === 'unsupported') return written
  if (blocks.kind === 'unsupported') return blocks
  const files = blocks.attachments.flatMap(({ row, file }) =>
    file === undefined ? [] : [{ fileName: textOf(row['AttachmentName']), file }],
  )
  const attachments = files.flatMap(({ fileName, file }, at): readonly BodyPart[] => [
    `${at === 0 ? '' : ','}{"fileName":${JSON.stringify(fileName)},"fileContent":"`,
    ...[{ base64: [{ file }] }, '"}'],
  ])
  const parts = ['{"edxml":"', ...written.parts.map(quoted), '","attachments":[', ...attachments, ']}']
  return { ...common, contentType: 'application/json', parts }
}

/** Text as it stands inside a JSON string; files come as base64, which needs no escape, and a signature needs none either. */
const quoted = (part: DraftPart): DraftPart =>
  typeof part === 'string' ? JSON.stringify(part).slice(1, -1) : part
