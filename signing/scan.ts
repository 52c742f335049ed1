import { GatewayError } from '../schemas/errors.ts'
import { unescape } from './xml-text.ts'

/** An element of canonical XML. It holds text or elements, never both. */
export interface Scanned {
  readonly name: string
  /** Namespace declarations count as attributes: a reader that allows a fixed set refuses a strange one. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Scanned[]
  readonly text: string
}

interface Building extends Scanned {
  readonly children: Building[]
  text: string
}

const refuse = (reason: string, field?: string): GatewayError =>
  new GatewayError('malformed_xml', field === undefined ? { reason } : { reason, field })

/** One tag and the text after it. Canonical XML has one way to write each: no comments, no empty-element tags, double quotes. */
const token = /<(\/?)([^\s<>/="']+)((?: [^\s<>/="']+="[^"<]*")*)>([^<]*)/y
const attribute = / ([^=]+)="([^"]*)"/g
const noAttributes: ReadonlyMap<string, string> = new Map()

const readAttributes = (text: string): ReadonlyMap<string, string> => {
  if (text === '') return noAttributes
  const attributes = new Map<string, string>()
  attribute.lastIndex = 0 // matchAll would compile a copy for every tag
  for (let match = attribute.exec(text); match !== null; match = attribute.exec(text))
    attributes.set(match[1] ?? '', unescape(match[2] ?? ''))
  return attributes
}

const blank = /^\s*$/

const addText = (element: Building | undefined, text: string): void => {
  if (text === '') return
  if (element === undefined) throw refuse('text after the element')
  element.text += unescape(text)
}

const close = (element: Building | undefined, name: string): void => {
  if (element?.name !== name) throw refuse('elements are not nested')
  if (element.children.length > 0 && !blank.test(element.text)) throw refuse('text between elements', name)
}

/** Reads exactly one element of canonical XML. Anything else, before or after it too, is `malformed_xml`. */
export function scan(xml: string): Scanned {
  const open: Building[] = []
  let root: Building | undefined
  token.lastIndex = 0
  for (let match = token.exec(xml); match !== null; match = token.exec(xml)) {
    const [, slash, name = '', attributes = '', text = ''] = match
    if (slash === '/') close(open.pop(), name)
    else {
      const element: Building = { name, attributes: readAttributes(attributes), children: [], text: '' }
      if (root !== undefined && open.length === 0) throw refuse('more than one element', name)
      open.at(-1)?.children.push(element)
      root ??= element
      open.push(element)
    }
    addText(open.at(-1), text)
    if (token.lastIndex === xml.length) break
  }
  if (root === undefined || open.length > 0 || token.lastIndex !== xml.length)
    throw refuse('element is not whole')
  return root
}

/** The element's children when it has this name, exactly these attributes and children of these names in this order. */
export function expectElement(
  element: Scanned | undefined,
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly string[],
): readonly Scanned[] {
  if (element?.name !== name) throw refuse(`expected ${name}`, element?.name ?? name)
  const expected = Object.entries(attributes)
  if (
    element.attributes.size !== expected.length ||
    expected.some(([key, value]) => element.attributes.get(key) !== value)
  ) {
    throw refuse(`attributes are not those of ${name}`, name)
  }
  const names = element.children.map((child) => child.name)
  if (names.length !== children.length || names.some((child, at) => child !== children[at])) {
    throw refuse(`${name} must hold ${children.join(', ') || 'text only'}`, name)
  }
  if (children.length === 0) return []
  return element.children
}

/** Text of an element of this name without attributes or children. */
export function expectText(element: Scanned | undefined, name: string): string {
  expectElement(element, name, {}, [])
  return element?.text ?? ''
}

/** Bytes of a base64 text: line breaks are allowed, any other spelling of the same bytes is not. */
export function expectBase64(text: string, field: string): Buffer {
  const compact = text.replace(/[ \t\r\n]/g, '')
  const bytes = Buffer.from(compact, 'base64')
  if (bytes.toString('base64') !== compact) throw refuse('is not base64', field)
  return bytes
}
