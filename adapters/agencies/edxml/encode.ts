import { writeDate } from '../../../schemas/dates.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import type { BodyPart, DraftPart } from '../body-parts.ts'
import type { Unsupported } from '../dialect.ts'
import { unsupported } from '../encoded.ts'
import { attachmentFields, errorList, letterHeader, qcvn, statusHeader, traceHeaders } from './elements.ts'
import { faultOf } from './lengths.ts'
import type { EdxmlOptions } from './options.ts'
import { pack } from './packing.ts'
import { endOfHeader, signedSheet, twiceNamed } from './sign-blocks.ts'
import { without } from './tree.ts'
import { tag, writeField, writeFields } from './write-fields.ts'

/** A message in edXML: the parts of its body in order. */
export interface Written {
  readonly kind: 'written'
  readonly parts: readonly DraftPart[]
}

/** What a message says in elements, for whichever envelope it goes out in. */
export interface Blocks {
  readonly kind: 'blocks'
  /** `MessageHeader` and, of a letter, what stands beside it, in order. */
  readonly header: readonly string[]
  readonly attachments: readonly Attached[]
}

/** An attachment that is named, with its stored file where it has one. */
interface Attached {
  readonly row: Payload
  /** Safe in a URL, without `cid:`. */
  readonly contentId: string
  readonly file: string | undefined
}

/** The blocks of a letter or a status. `unsupported` where it is neither, or does not fit. */
export function blocksOf(message: Message, options: EdxmlOptions): Blocks | Unsupported {
  if (message.action === 'document.status')
    return { kind: 'blocks', header: [statusXml(message.payload, options)], attachments: [] }
  if (message.action !== 'document.letter')
    return unsupported(`edXML carries letters and their states, not ${message.action}`)
  const fault = faultOf(message.payload, options) ?? fileFaultOf(message.payload)
  if (fault !== null) return unsupported(fault)
  const letter = withDefaults(message)
  return { kind: 'blocks', header: letterXml(letter, options), attachments: rowsOf(letter).map(attachedOf) }
}

/**
 * Writes a letter or a status strictly, as the official client does (edXML §11.1 to §11.6): its prefixes, its order, UTF-8 without mark,
 * its packing of attachments; signed where the partner has agreed on it. `unsupported` where it is neither, or does not fit.
 */
export function encodeDocument(message: Message, options: EdxmlOptions): Written | Unsupported {
  const blocks = blocksOf(message, options)
  if (blocks.kind === 'unsupported') return blocks
  const { header, attachments } = blocks
  const manifest = attachments.map((each) =>
    tag('Reference', writeFields(fileFields(each), attachmentFields, options)),
  )
  const isStatus = message.action === 'document.status'
  const body = isStatus ? '' : tag('edXMLBody', tag('edXMLManifest', manifest.join(''), ' version="1.0"'))
  const rest = isStatus ? [] : attachmentParts(attachments, options)
  if (options.signatureProfile === 'axis') return written([header.join(''), endOfHeader, body], rest)
  const files = contentsOf(attachments)
  const fault = twiceNamed(files)
  if (fault !== null) return unsupported(fault)
  return written(signedSheet({ header, body }, { files, messageId: message.id }), rest)
}

const begin =
  `<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="${qcvn}">` +
  `<edXML:edXMLEnvelope xmlns:edXML="${qcvn}"><edXML:edXMLHeader>`

const written = (sheet: readonly DraftPart[], rest: readonly BodyPart[]): Written => ({
  kind: 'written',
  parts: [begin, ...sheet, '</edXML:edXMLEnvelope>', ...rest, '</edXML>\n'],
})

/** A status as a block of edXML. Throws GatewayError `invalid_field` for what XML or the format cannot carry. */
export function statusXml(payload: Payload, options: EdxmlOptions): string {
  const answered = {
    DocumentId: payload['DocumentId'] ?? '',
    ...(payload['ResponseFor'] as Payload | undefined),
  } // judged at intake
  const status = { ...without(payload, 'DocumentId'), ResponseFor: answered }
  return tag('MessageHeader', writeFields(status, statusHeader, options))
}

function letterXml(letter: Payload, options: EdxmlOptions): readonly string[] {
  const { TraceHeaderList, Bussiness, ErrorList } = letter
  const fields = without(letter, 'TraceHeaderList', 'Bussiness', 'ErrorList', 'Attachments')
  const traces = { Bussiness: Bussiness ?? {}, ...(TraceHeaderList as Payload) } // withDefaults has put one there
  return [
    tag('MessageHeader', writeFields(fields, letterHeader, options)),
    tag('TraceHeaderList', writeFields(traces, traceHeaders, options)),
    writeField('ErrorList', ErrorList, { element: errorList, options }),
  ].filter((block) => block !== '')
}

const rowsOf = ({ Attachments }: Payload): readonly Payload[] => (Attachments ?? []) as readonly Payload[] // judged at intake

/** What the official readers cannot do without, and the official client writes by default (edXML §3.1, §11.2). */
function withDefaults({ payload, sentAt, sender }: Message): Payload {
  const part = (name: string) => payload[name] as Payload | undefined // judged at intake
  const { TraceHeader, ...traces } = part('TraceHeaderList') ?? {}
  return {
    ...payload,
    DocumentType: { Type: '2', ...part('DocumentType') },
    OtherInfo: { Priority: '0', ...part('OtherInfo') },
    SteeringType: payload['SteeringType'] ?? '0',
    Bussiness: { BussinessDocType: '0', ...part('Bussiness') },
    TraceHeaderList: {
      ...traces,
      TraceHeader: TraceHeader ?? [
        { OrganId: part('From')?.['OrganId'] ?? sender, Timestamp: writeDate(sentAt) },
      ],
    },
  }
}

const ours = /^\/v1\/files\/([0-9a-f-]{36})(?:\?|$)/
const fileOf = (row: Payload): string | undefined => ours.exec(textOf(row['Url']))?.[1]

function fileFaultOf(letter: Payload): string | null {
  const stranger = rowsOf(letter).find((row) => textOf(row['Url']) !== '' && fileOf(row) === undefined)
  return stranger === undefined ? null : `the file ${textOf(stranger['AttachmentName'])} does not lie here`
}

const urlSafe = /^[\w.@+-]{1,200}$/

function attachedOf(row: Payload): Attached {
  const file = fileOf(row)
  const id = textOf(row['ContentId'])
  return { row, file, contentId: urlSafe.test(id) ? id : (file ?? '') }
}

/** What of a row stands in the XML; the rest is of the store. */
function fileFields({ row, file, contentId }: Attached): Payload {
  return {
    ...without(row, 'Size', 'Digest', 'Url', 'Fault'),
    ...(file === undefined ? {} : { ContentType: packedOf(row, file).contentType }),
    ContentId: `cid:${contentId}`,
  }
}

const packedOf = (row: Payload, file: string) =>
  pack(textOf(row['AttachmentName']), textOf(row['ContentType']), file)

/** What each file that lies here is sent as. */
const contentsOf = (attachments: readonly Attached[]) =>
  attachments.flatMap(({ row, file, contentId }) =>
    file === undefined ? [] : [{ contentId, content: packedOf(row, file).content }],
  )

function attachmentParts(attachments: readonly Attached[], options: EdxmlOptions): readonly BodyPart[] {
  const contents = attachments.flatMap((each) =>
    each.file === undefined ? [] : attachmentXml(each, each.file, options),
  )
  return ['<AttachmentEncoded>', ...contents, '</AttachmentEncoded>']
}

/** Without prefix, all but the content: so the official client writes it, and strict readers ask for it (edXML §2). */
function attachmentXml(attached: Attached, file: string, options: EdxmlOptions): readonly BodyPart[] {
  const fields = writeFields(fileFields(attached), attachmentFields, options)
  const content = `<edXML:ContentTransferEncoded xmlns:edXML="${qcvn}">`
  return [
    `<Attachment>${fields.replaceAll(/<(\/?)edXML:/g, '<$1')}${content}`,
    { base64: packedOf(attached.row, file).content },
    '</edXML:ContentTransferEncoded></Attachment>',
  ]
}
