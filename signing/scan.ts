import { GatewayError } from '../schemas/errors.ts'
import { xmlLimits } from './parse-xml.ts'
import { unescape } from './xml-text.ts'

/** An element of canonical XML. It holds text or elements, never both. */
export interface Scanned {
  readonly name: string
  /** In the order of the document. Namespace declarations count as attributes: a reader that allows a fixed set refuses a strange one. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Scanned[]
  readonly text: string
}

/** Bytes of canonical XML, and the same bytes as text: what is ASCII is cut from it, which costs less than decoding it. */
export interface Source {
  readonly bytes: Buffer
  readonly latin: string
}

/** An element with the bytes that it was read from, and where they end in their source. */
export interface Part {
  readonly element: Scanned
  readonly bytes: Buffer
  readonly end: number
}

interface Building extends Scanned {
  /** Its name as bytes: the closing tag has the same. */
  readonly mark: string
  /** Where its opening tag ends. */
  readonly inside: number
  readonly children: Building[]
  text: string
}

const refuse = (reason: string, field?: string): GatewayError =>
  new GatewayError('malformed_xml', field === undefined ? { reason } : { reason, field })
const tooLarge = (reason: string): GatewayError => new GatewayError('too_large', { reason })

/** As deep as libxml2 reads: what is read here it may not have seen. */
const maxDepth = 256

const lessThan = 0x3c
const greaterThan = 0x3e
const slash = 0x2f
const space = 0x20
const equals = 0x3d
const quote = 0x22

/** What a byte is within a name, a text or a value. Bits: a text is told by the sum of its bytes. */
const plain = 0
const beyondAscii = 1
const escape = 2
/** May begin U+FFFE or U+FFFF, which XML cannot carry. */
const doubtful = 4
const end = 8
const never = 16

type Kinds = Uint8Array

function kindsOf(ends: string, nevers: string): Kinds {
  const kinds = new Uint8Array(257).fill(plain)
  for (let byte = 0; byte < 0x20; byte += 1) kinds[byte] = never
  for (const byte of [0x09, 0x0a]) kinds[byte] = plain
  kinds.fill(beyondAscii, 0x80, 0x100)
  kinds[0xef] = beyondAscii | doubtful
  kinds['&'.charCodeAt(0)] = escape
  for (const mark of ends) kinds[mark.charCodeAt(0)] = end
  for (const mark of nevers) kinds[mark.charCodeAt(0)] = never
  kinds[endOfBytes] = never
  return kinds
}

/** Where a byte would be after the last. */
const endOfBytes = 256

const inName = kindsOf(' >=', '\t\n</"\'&')
const inText = kindsOf('<', '>')
const inValue = kindsOf('"', '<\t\n')

/** The one way in which canonical XML writes what it escapes (Canonical XML 1.0 §2.3). */
const textEscapes = /^[^&]*(?:&(?:amp|lt|gt|#xD);[^&]*)*$/
const valueEscapes = /^[^&]*(?:&(?:amp|lt|quot|#x9|#xA|#xD);[^&]*)*$/
const unfit = /[\ufffe\uffff]/

/** A run of bytes up to the one that ends it: where that is, and what was seen on the way. */
interface Run {
  readonly to: number
  readonly seen: number
}

function runOf(bytes: Buffer, from: number, kinds: Kinds): Run {
  let seen = plain
  let to = from
  for (let kind = kindAt(bytes, to, kinds); kind !== end; kind = kindAt(bytes, to, kinds)) {
    if (kind === never) throw refuse('is not in canonical form, or not whole')
    seen |= kind
    to += 1
  }
  return { to, seen }
}

const kindAt = (bytes: Buffer, at: number, kinds: Kinds): number => kinds[bytes[at] ?? endOfBytes] ?? never

/** The text of a run, its escapes resolved. */
function textOf({ bytes, latin }: Source, from: number, { to, seen }: Run, escapes: RegExp): string {
  if (seen === plain) return latin.slice(from, to)
  const text = (seen & beyondAscii) === 0 ? latin.slice(from, to) : bytes.toString('utf8', from, to)
  if ((seen & doubtful) !== 0 && unfit.test(text)) throw refuse('holds a character that XML cannot carry')
  if ((seen & escape) === 0) return text
  if (!escapes.test(text)) throw refuse('has an escape that canonical XML does not write')
  return unescape(text)
}

const noAttributes: ReadonlyMap<string, string> = new Map()

/** The attributes from the blank at `from`, and where they end. */
function attributesAt(source: Source, from: number): readonly [ReadonlyMap<string, string>, number] {
  const { bytes } = source
  const attributes = new Map<string, string>()
  let at = from
  while (bytes[at] === space) {
    const named = runOf(bytes, at + 1, inName)
    const name = textOf(source, at + 1, named, textEscapes)
    const valueAt = named.to + 2
    if (name === '' || bytes[named.to] !== equals || bytes[valueAt - 1] !== quote)
      throw refuse('has an attribute without a value')
    if (attributes.has(name)) throw refuse('has an attribute twice', name)
    if (attributes.size === xmlLimits.attributes) throw tooLarge('too many attributes in one element')
    const value = runOf(bytes, valueAt, inValue)
    attributes.set(name, textOf(source, valueAt, value, valueEscapes))
    at = value.to + 1
  }
  return [attributes, at]
}

/** The element whose tag opens at `at`. */
function openAt(source: Source, at: number): Building {
  const { bytes, latin } = source
  if (bytes[at] !== lessThan) throw refuse('is not an element')
  const named = runOf(bytes, at + 1, inName)
  const name = textOf(source, at + 1, named, textEscapes)
  const mark = named.seen === plain ? name : latin.slice(at + 1, named.to)
  const [attributes, to] =
    bytes[named.to] === space ? attributesAt(source, named.to) : [noAttributes, named.to]
  if (name === '' || bytes[to] !== greaterThan) throw refuse('has a tag that is not whole')
  return { name, mark, inside: to + 1, attributes, children: [], text: '' }
}

const blank = /^[ \t\r\n]*$/

/** Where the tag at `at` ends, which must close `element`. */
function closeAt({ bytes, latin }: Source, at: number, { name, mark, children, text }: Building): number {
  const to = at + 2 + mark.length
  if (!latin.startsWith(mark, at + 2) || bytes[to] !== greaterThan) throw refuse('elements are not nested')
  if (children.length > 0 && !blank.test(text)) throw refuse('text between elements', name)
  return to + 1
}

/**
 * Reads the element of canonical XML that begins at `from`. What it lets through is written as canonical XML writes it, but for names,
 * namespaces and the order of attributes, which it does not judge. Anything else is `malformed_xml`, or `too_large`.
 */
export function scanAt(source: Source, from: number): Part {
  const { bytes } = source
  const root = openAt(source, from)
  const open = [root]
  let elements = 1
  let at = root.inside
  for (let top: Building | undefined = root; top !== undefined; top = open.at(-1)) {
    const text = runOf(bytes, at, inText)
    if (text.to > at) top.text += textOf(source, at, text, textEscapes)
    at = text.to
    if (bytes[at + 1] === slash) {
      at = closeAt(source, at, top)
      open.pop()
      continue
    }
    const element = openAt(source, at)
    top.children.push(element)
    open.push(element)
    at = element.inside
    elements += 1
    if (elements > xmlLimits.elements) throw tooLarge(`more than ${xmlLimits.elements} elements`)
    if (open.length > maxDepth) throw tooLarge(`deeper than ${maxDepth} levels`)
  }
  return { element: root, bytes: bytes.subarray(from, at), end: at }
}

export const sourceOf = (bytes: Buffer): Source => ({ bytes, latin: bytes.toString('latin1') })

/** Reads exactly one element. Anything before or after it is `malformed_xml` too. */
export function scan(bytes: Buffer): Scanned {
  const { element, end: to } = scanAt(sourceOf(bytes), 0)
  if (to !== bytes.length) throw refuse('more than one element')
  return element
}
