import { GatewayError } from './errors.ts'
import { jsonLimits, pathText } from './limits.ts'

/** Values in one document: as many as an envelope may have elements. */
const maxValues = 50_000
/** Levels of a document: those of a payload, and the object that it stands in. */
const maxDepth = jsonLimits.depth + 1
/** Decimal digits that every double keeps. */
const sureDigits = 15

const unreadable = (reason: string, field = 'body'): GatewayError =>
  new GatewayError('malformed_request', { field, reason })

/** Whether a number written so is what a double holds: one that loses digits on the way is no proof of an amount. */
export function keepsDigits(written: string): boolean {
  const digits = written.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '').length
  return digits <= sureDigits || String(Number(written)) === written
}

/**
 * Reads JSON strictly: UTF-8 without a mark, each name once in its object, no `__proto__`, no number that loses digits, at most
 * 50,000 values and 33 levels. Two readers that disagree on a repeated name would see two messages under one seal.
 * Throws `malformed_request`, or `too_large`.
 */
export function readJson(bytes: Uint8Array): unknown {
  const text = decode(bytes)
  checkTokens(text) // before parsing, so that depth and count are bounded first
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable('the body is not JSON')
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw unreadable('the body is not UTF-8')
  }
}

/** What is open around a token: the names of an object so far, or null for a list. */
type Open = Set<string> | null

const token = /["[\]{},]|-?\d[\d.eE+-]*/g
const colonNext = /\s*:/y

/** Looks at each token of what may be JSON. What is no JSON passes here, or fails early; the parser refuses it. */
function checkTokens(text: string): void {
  const open: Open[] = []
  let values = 1
  token.lastIndex = 0
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match
    if (found === '"') token.lastIndex = checkString(text, match.index, open.at(-1) ?? null)
    else if (found === '}' || found === ']') open.pop()
    else if (found === ',') values += 1
    else if (found === '{' || found === '[') {
      values += 1
      open.push(found === '{' ? new Set() : null)
    } else if (!keepsDigits(found)) throw unreadable('a number has too many digits; send it as text')
    checkSize(values, open.length)
  }
}

function checkSize(values: number, depth: number): void {
  if (depth > maxDepth) throw new GatewayError('too_large', { field: 'body', reason: 'nested too deep' })
  if (values > maxValues)
    throw new GatewayError('too_large', { field: 'body', reason: `more than ${maxValues} values` })
}

/** The offset after the string that begins at `start`; a string before a colon is a name of the object around it. */
function checkString(text: string, start: number, names: Open): number {
  const end = endOfString(text, start)
  colonNext.lastIndex = end
  if (names !== null && colonNext.test(text)) addName(names, text.slice(start, end))
  return end
}

function addName(names: Set<string>, written: string): void {
  const name = nameOf(written)
  if (name === '__proto__') throw unreadable('is no name of a field', name)
  if (names.has(name)) throw unreadable('is given twice', pathText([name]))
  names.add(name)
}

/** Escapes are read: `"a"` and `"\u0061"` are one name. */
function nameOf(written: string): string {
  try {
    return String(JSON.parse(written))
  } catch {
    throw unreadable('the body is not JSON')
  }
}

/** After the first quote that no odd number of backslashes stands before; the end of the text where there is none. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return at + 1
  }
  return text.length
}
