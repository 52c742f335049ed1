import { GatewayError } from './errors.ts'
import { textOf } from './fields.ts'
import { linkFields } from './links.ts'
import { pathText, type Path } from './limits.ts'
import type { Json, Payload } from './message.ts'
import { isList } from './objects.ts'

/** Files that one message may refer to. */
const maxFiles = 200

/** What a payload says of a file that was uploaded here: the sender's signature covers the digest, so it covers the file. */
export interface FileLink {
  readonly id: string
  /** SHA-256, lower-case hex. */
  readonly digest: string
  /** Path of the field. */
  readonly field: string
}

const ours = /^\/v1\/files\//
const whole = /^\/v1\/files\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\?sha256=([0-9a-f]{64}))?$/

/** How a payload refers to a file. */
export const fileLink = ({ id, digest }: Pick<FileLink, 'id' | 'digest'>): string =>
  `/v1/files/${id}?sha256=${digest}`

/** The file that a link names with its SHA-256; null where it is no such link. */
export function readFileLink(link: string): Pick<FileLink, 'id' | 'digest'> | null {
  const [, id, digest] = whole.exec(link) ?? []
  return id === undefined || digest === undefined ? null : { id, digest }
}

/** The files that a payload refers to, each once. Throws `invalid_field` for a link that names no file or no SHA-256, `too_large` for too many. */
export function fileLinks(payload: Payload): readonly FileLink[] {
  const found = new Map<string, FileLink>()
  collect(payload, [], (link) => found.set(`${link.id} ${link.digest}`, link))
  if (found.size > maxFiles)
    throw new GatewayError('too_large', { field: 'payload', reason: `more than ${maxFiles} files` })
  return [...found.values()]
}

function collect(value: Json, path: Path, add: (link: FileLink) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (isList(value)) {
    for (const [index, item] of value.entries()) collect(item, [...path, index], add)
    return
  }
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'object') collect(member, [...path, name], add)
    else if (linkFields.has(name) && ours.test(textOf(member)))
      add(linkOf(textOf(member), textOf(value['Digest']), pathText([...path, name])))
  }
}

/** An attachment of a letter may name its SHA-256 in `Digest`; every other link carries it. */
function linkOf(text: string, sibling: string, field: string): FileLink {
  const [, id, inLink] = whole.exec(text) ?? []
  const digest = inLink ?? (/^[0-9a-f]{64}$/.test(sibling) ? sibling : undefined)
  if (id === undefined || digest === undefined)
    throw new GatewayError('invalid_field', { field, reason: 'not /v1/files/{id}?sha256={hex}' })
  return { id, digest, field }
}
