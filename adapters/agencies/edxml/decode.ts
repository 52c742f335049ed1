import { GatewayError } from '../../../schemas/errors.ts'
import { fileLink } from '../../../schemas/file-links.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import { documentPayloads } from '../../../schemas/payloads/document.ts'
import { objectIn } from '../../../schemas/objects.ts'
import { canonical } from '../canonical.ts'
import type { Attachment, EdxmlDocument, SignatureState } from './document.ts'
import { attachmentFields, errorList, letterHeader, statusHeader, traceHeaders } from './elements.ts'
import type { EdxmlOptions } from './options.ts'
import { isOrganCode } from './organ.ts'
import { readField, readFields } from './read-fields.ts'
import { childOf, without, type Node } from './tree.ts'

/** The parts of a message, wherever its partner puts them: the SOAP bus has them in headers (edXML §2, §8.4). */
export interface Found {
  /** `MessageHeader`, or `Status` as one partner calls it. */
  readonly message: Node
  readonly traces: Node | undefined
  readonly errors: Node | undefined
  /** `Reference`s of the manifest. */
  readonly references: readonly Node[]
  /** `Attachment`s, each with its file. */
  readonly attached: readonly { readonly node: Node; readonly attachment: Attachment }[]
  readonly signature: SignatureState
  readonly flags: readonly string[]
  readonly original: Uint8Array
}

/** Ids are paired without `cid:`, which clients leave out or repeat (edXML §3.3). */
export const contentIdOf = (node: Node): string =>
  (childOf(node, 'ContentId')?.text ?? '').trim().replace(/^(?:cid:)+/i, '')

/**
 * Reads a message leniently (edXML §11.7 to §11.11): a status if it has a `StatusCode`, else a letter. Unknown elements are kept. Throws
 * GatewayError `invalid_field` for a code that is none, `bad_signature` where one is required; the fields themselves are judged at intake.
 */
export function documentOf(found: Found, options: EdxmlOptions): EdxmlDocument {
  if (options.signature === 'require' && found.signature !== 'verified')
    throw new GatewayError('bad_signature', { field: 'Signature', reason: 'is asked for, and not verified' })
  const isStatus = found.message.name === 'Status' || childOf(found.message, 'StatusCode') !== undefined
  return isStatus ? statusOf(found, options) : letterOf(found, options)
}

function statusOf({ message, signature, flags, original }: Found, options: EdxmlOptions): EdxmlDocument {
  const fields = readFields(message, statusHeader, options)
  const answered = objectIn(fields['ResponseFor'])
  const payload = canonical(documentPayloads.status, {
    ...fields,
    DocumentId: answered['DocumentId'] ?? '',
  }) as Payload // an object stays one
  const recipients = codesOf([answered], 'ResponseFor')
  return {
    ...{ kind: 'status', action: 'document.status', payload, recipients, signature, flags, original },
    sender: senderOf(payload),
  }
}

function letterOf(found: Found, options: EdxmlOptions): EdxmlDocument {
  const { message, traces, errors, attached, signature, flags, original } = found
  const read = traces === undefined ? {} : readFields(traces, traceHeaders, options)
  const hops = without(read, 'Bussiness')
  const letter = canonical(documentPayloads.letter, {
    ...readFields(message, letterHeader, options),
    ...('Bussiness' in read ? { Bussiness: read['Bussiness'] } : {}),
    ...(Object.keys(hops).length === 0 ? {} : { TraceHeaderList: hops }),
    ...(errors === undefined ? {} : { ErrorList: readField(errors, errorList, options) }),
    Attachments: attachmentRows(found, options),
  }) as Payload // an object stays one
  const payload: Payload = { ...letter, DocumentId: letter['DocumentId'] ?? nameOfLetter(letter) }
  const recipients = codesOf(rowsOf(payload['To']), 'To')
  return {
    ...{ kind: 'letter', action: 'document.letter', payload, recipients, signature, flags, original },
    sender: senderOf(payload),
    attachments: attached.map(({ attachment }) => attachment),
  }
}

/** The name that the official client gives a letter, for one that came without (edXML §1.2); nothing where a part of it is missing. */
function nameOfLetter(letter: Payload): string {
  const { CodeNumber: number, CodeNotation: notation } = objectIn(letter['Code'])
  const date = textOf(objectIn(letter['PromulgationInfo'])['PromulgationDate'])
  const parts = [textOf(objectIn(letter['From'])['OrganId']), date, textOf(number), textOf(notation)]
  if (parts.includes('')) return ''
  const [organ, , ...code] = parts
  return `${organ},${date.slice(0, 4)}/${date.slice(4, 6)}/${date.slice(6, 8)},${code.join('/')}`
}

function attachmentRows({ references, attached }: Found, options: EdxmlOptions): readonly Payload[] {
  const fieldsOf = (node: Node): Payload => ({
    ...without(readFields(node, attachmentFields, options), 'ContentTransferEncoded'),
    ContentId: contentIdOf(node),
  })
  const manifest = new Map(references.map((node) => [contentIdOf(node), fieldsOf(node)]))
  const present = attached.map(({ node, attachment }) => {
    const listed = manifest.get(attachment.contentId) ?? {}
    manifest.delete(attachment.contentId)
    return { ...listed, ...fieldsOf(node), ...fileFields(attachment) }
  })
  return [...present, ...manifest.values()]
}

/** What a letter says of a file of its own. */
export function fileFields({ name, type, size, sha256, file, fault }: Attachment): Payload {
  return {
    ...{ AttachmentName: name, ContentType: type, Size: String(size), Digest: sha256 },
    Url: fileLink({ id: file, digest: sha256 }),
    ...(fault === undefined ? {} : { Fault: fault }),
  }
}

const rowsOf = (value: unknown): readonly Payload[] => (Array.isArray(value) ? value.map(objectIn) : [])

const senderOf = ({ From }: Payload): string => codesOf([objectIn(From)], 'From')[0] ?? ''

function codesOf(organs: readonly Payload[], field: string): readonly string[] {
  const codes = organs.map(({ OrganId }) => textOf(OrganId)).filter((code) => code !== '')
  if (codes.every(isOrganCode)) return [...new Set(codes)]
  throw new GatewayError('invalid_field', { field: `${field}.OrganId`, reason: 'not the code of a body' })
}
