import { createHash, hash as hashOnce } from 'node:crypto'
import type { Json, Payload } from '../schemas/message.ts'

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

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** JSON with sorted names and no blanks (RFC 8785): equal values have equal text, other values have other text. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] as Json)}`).join(',')}}`
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
