import { GatewayError } from './errors.ts'
import type { Payload } from './message.ts'

/** What any payload may measure, whatever its action. A string is counted in bytes of UTF-8. */
export const jsonLimits = { depth: 32, keys: 200, items: 5000, stringBytes: 65_536, keyLength: 200 } as const

/** A place inside a payload, outermost first. */
export type Path = readonly PropertyKey[]

/** Writes a path as `a.b[3].c`, the whole as `root`. A hostile name is cut and loses its control characters. */
export function pathText(path: Path, root = 'payload'): string {
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${nameText(String(part))}`))
    .join('')
  return path.length === 0 ? root : text.replace(/^\./, '')
}

function nameText(name: string): string {
  return name === '' ? '""' : name.replace(/[\p{Cc}\p{Cs}]/gu, '?').slice(0, jsonLimits.keyLength)
}

/** Sees each scalar with the name it stands under; rows of a list stand under the list's name. */
export type Visit = (name: string, value: string | number | boolean, path: Path) => void

interface Walk {
  readonly path: PropertyKey[]
  readonly visit: Visit
}

function tooLarge(path: Path, reason: string): never {
  throw new GatewayError('too_large', { field: pathText(path), reason })
}

function unreadable(path: Path, reason: string): never {
  throw new GatewayError('invalid_field', { field: pathText(path), reason })
}

function checkText(value: string, path: Path): void {
  const { stringBytes } = jsonLimits
  // A UTF-16 unit takes at most three bytes: short strings need no counting.
  if (value.length * 3 > stringBytes && Buffer.byteLength(value) > stringBytes)
    tooLarge(path, `longer than ${stringBytes} bytes`)
  // Half a surrogate pair has no UTF-8 form, so its digest would not survive storage.
  if (/\p{Cs}/u.test(value)) unreadable(path, 'not Unicode text')
}

function walkList(items: readonly unknown[], name: string, walk: Walk): void {
  if (items.length > jsonLimits.items) tooLarge(walk.path, `more than ${jsonLimits.items} items`)
  for (let index = 0; index < items.length; index++) step(index, items[index], name, walk)
}

function walkObject(value: object, walk: Walk): void {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) unreadable(walk.path, 'not a JSON value')
  const names = Object.keys(value)
  if (names.length > jsonLimits.keys) tooLarge(walk.path, `more than ${jsonLimits.keys} fields`)
  for (const name of names) {
    if (name.length > jsonLimits.keyLength) tooLarge([...walk.path, name], 'field name too long')
    checkText(name, walk.path)
    step(name, (value as Record<string, unknown>)[name], name, walk)
  }
}

function step(key: PropertyKey, value: unknown, name: string, walk: Walk): void {
  walk.path.push(key)
  walkValue(value, name, walk)
  walk.path.pop()
}

function walkValue(value: unknown, name: string, walk: Walk): void {
  if (typeof value === 'object' && value !== null) {
    walkNested(value, name, walk)
    return
  }
  if (typeof value === 'string') checkText(value, walk.path)
  else if (typeof value === 'number' && !Number.isFinite(value)) unreadable(walk.path, 'not a JSON value')
  else if (value !== null && typeof value !== 'number' && typeof value !== 'boolean')
    unreadable(walk.path, 'not a JSON value')
  if (value !== null) walk.visit(name, value, walk.path)
}

function walkNested(value: object, name: string, walk: Walk): void {
  if (walk.path.length >= jsonLimits.depth) tooLarge(walk.path, `deeper than ${jsonLimits.depth} levels`)
  if (Array.isArray(value)) walkList(value, name, walk)
  else walkObject(value, walk)
}

/**
 * Goes through a payload once: holds it to the limits of size and to JSON, and shows each scalar to `visit`.
 * The payload is level 1. Throws GatewayError `too_large` or `invalid_field` at the first fault, naming the field.
 */
export function walkPayload(payload: unknown, visit: Visit): asserts payload is Payload {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    unreadable([], 'not an object')
  walkNested(payload, '', { path: [], visit })
}
