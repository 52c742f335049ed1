import { createHash, hash as hashOnce } from 'node:crypto'
import type { Json, Payload } from '../schemas/message.ts'
import { isList } from '../schemas/objects.ts'

/** SHA-256 over the parts, one after the other. */
export function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const [only = ''] = parts
  if (parts.length < 2) return hashOnce('sha256', only, 'buffer')
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** SHA-512, where a partner's protocol asks for it. */
export const sha512 = (bytes: Uint8Array): Buffer => hashOnce('sha512', bytes, 'buffer')

/** What JSON escapes, and all that may be half of a pair of surrogates. Most texts hold none of it. */
const remarkable = /["\\\u0000-\u001f\ud800-\udfff]/

const textJson = (text: string): string => (remarkable.test(text) ? JSON.stringify(text) : `"${text}"`)

/** JSON with sorted names and no blanks (RFC 8785): equal values have equal text, other values have other text. */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return textJson(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  let inside = '' // grows by what it is given: half the time of lists that are joined
  if (isList(value)) {
    for (const item of value) inside += `${inside === '' ? '' : ','}${canonicalJson(item)}`
    return `[${inside}]`
  }
  for (const name of Object.keys(value).sort())
    inside += `${inside === '' ? '' : ','}${textJson(name)}:${canonicalJson(value[name] as Json)}`
  return `{${inside}}`
}

export interface Content {
  readonly action: string
  readonly recipients: readonly string[]
  readonly subjectKey: string
  readonly payload: Payload
}

/** SHA-256 of what makes two messages the same: not the time, not the signature, not the order of the recipients. */
export function contentHash({ action, recipients, subjectKey, payload }: Content): Buffer {
  return sha256(canonicalJson({ action, recipients: [...recipients].sort(), subjectKey, payload }))
}

/** Each part is preceded by its length, so that no two lists of parts meet in one text. */
const lengthPrefixed = (parts: readonly string[]): Buffer =>
  sha256(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''))

/** Key of the idempotency ledger: 32 bytes. */
export const referenceKey = (sender: string, senderRef: string): Buffer => lengthPrefixed([sender, senderRef])

/** Key of what was accepted last under a natural key of a sender: 32 bytes. */
export const naturalKey = (sender: string, parts: readonly string[]): Buffer =>
  lengthPrefixed([sender, ...parts])

/** Id of a lane, (recipient, subjectKey): 16 bytes. */
export const laneKey = (recipient: string, subjectKey: string): Buffer =>
  lengthPrefixed([recipient, subjectKey]).subarray(0, 16)
