import { GatewayError } from '../schemas/errors.ts'
import type { Scanned } from './scan.ts'

const refuse = (reason: string, field: string): GatewayError =>
  new GatewayError('malformed_xml', { reason, field })

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
