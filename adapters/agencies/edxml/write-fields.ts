import { readDate, writeDate } from '../../../schemas/dates.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { isList } from '../../../schemas/objects.ts'
import { isObject, objectIn } from '../../../schemas/objects.ts'
import { escapeText, escapeValue } from '../../../signing/xml-text.ts'
import type { Element, Leaf } from './elements.ts'
import type { EdxmlOptions } from './options.ts'
import { toPartner } from './organ.ts'

const safeName = /^(?!xml)[\p{L}_][\p{L}\p{N}_.-]*$/iu
const refuse = (field: string, reason: string) => new GatewayError('invalid_field', { field, reason })

/** Peers do not complain of another form, they store nonsense (edXML §5): what is no date does not go out. */
function dateText(text: string, name: string, leaf: 'day' | 'moment'): string {
  const ms = readDate(text)
  if (ms === null) throw refuse(name, 'not a date')
  const [, year, month, day, hour, minute, second] = /^(.{4})(..)(..)(..)(..)(..)$/.exec(writeDate(ms)) ?? []
  const date = `${year}/${month}/${day}`
  return leaf === 'day' ? date : `${date} ${hour}:${minute}:${second}`
}

const leaves: Record<Leaf, (text: string, name: string, options: EdxmlOptions) => string> = {
  text: (text) => text,
  day: (text, name) => dateText(text, name, 'day'),
  moment: (text, name) => dateText(text, name, 'moment'),
  organ: (text, _name, options) => toPartner(text, options),
}

/** An element with the prefix that strict readers ask for. */
export const tag = (name: string, content: string, attributes = ''): string =>
  content === '' ? `<edXML:${name}${attributes}/>` : `<edXML:${name}${attributes}>${content}</edXML:${name}>`

/**
 * Writes a field as elements: known ones in the official client's order, then unknown ones. What is empty is left out, unless the
 * profile wants every known element. Throws GatewayError `invalid_field` for what XML or the format cannot carry.
 */
export function writeField(
  name: string,
  value: Json | undefined,
  how: { readonly element: Element | undefined; readonly options: EdxmlOptions },
): string {
  const { element, options } = how
  if (value !== undefined && isList(value)) return value.map((each) => writeField(name, each, how)).join('')
  if (!safeName.test(name)) throw refuse(name.slice(0, 100), 'no name of an element')
  const content = contentOf(name, value, how)
  const attributes = isObject(value) && element === undefined ? attributesOf(value) : ''
  const isKept = element === undefined ? value !== undefined : options.profile === 'soap'
  return content === '' && !isKept ? '' : tag(name, content, attributes)
}

type How = Parameters<typeof writeField>[2]

function contentOf(name: string, value: Json | undefined, { element, options }: How): string {
  if (element?.leaf !== undefined || !(isObject(value) || element?.children)) {
    const text = textOf(value)
    return text === '' ? '' : escapeText(leaves[element?.leaf ?? 'text'](text, name, options), name)
  }
  return writeFields(objectIn(value), element, options)
}

/** The children of an element. */
export function writeFields(fields: Payload, element: Element | undefined, options: EdxmlOptions): string {
  const known = Object.entries(element?.children ?? {})
  const others = Object.keys(fields).filter((name) => !name.startsWith('@') && !isKnown(element, name))
  return [
    ...known.map(([name, child]) => writeField(name, fields[name], { element: child, options })),
    ...others.map((name) =>
      name === '#'
        ? escapeText(textOf(fields[name]), name)
        : writeField(name, fields[name], { element: undefined, options }),
    ),
  ].join('')
}

const isKnown = (element: Element | undefined, name: string): boolean =>
  Object.hasOwn(element?.children ?? {}, name)

function attributesOf(fields: Payload): string {
  const entries = Object.entries(fields).filter(([name]) => name.startsWith('@'))
  return entries
    .map(([name, value]) => {
      if (!safeName.test(name.slice(1))) throw refuse(name.slice(0, 100), 'no name of an attribute')
      return ` ${name.slice(1)}="${escapeValue(textOf(value), name)}"`
    })
    .join('')
}
