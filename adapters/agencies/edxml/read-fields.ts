import type { Json, Payload } from '../../../schemas/message.ts'
import type { Element, Leaf } from './elements.ts'
import type { EdxmlOptions } from './options.ts'
import { toDirectory } from './organ.ts'
import type { Node } from './tree.ts'

/** Real messages carry the word where there was nothing (edXML §3.2). */
const orNothing = (text: string): string => (text.toLowerCase() === 'null' ? '' : text)

const leaves: Record<Leaf, (text: string, options: EdxmlOptions) => string> = {
  text: (text) => text,
  day: (text) => orNothing(text.trim()),
  moment: (text) => orNothing(text.trim()),
  organ: (text, options) => toDirectory(orNothing(text.trim()), options),
}

/** `Business` is how many spell what the format calls `Bussiness`; the official client loses it silently (edXML §3.2). */
const nameOf = ({ name }: Node): string => name.replace(/^Business/, 'Bussiness')

/** What an element says, as JSON: those that are known by their row, unknown ones as they are. */
export function readField(node: Node, element: Element | undefined, options: EdxmlOptions): Json {
  if (element?.leaf !== undefined) return leaves[element.leaf](node.text, options)
  if (element !== undefined || node.children.length > 0) return readFields(node, element, options)
  const attributes = attributesOf(node)
  return Object.keys(attributes).length === 0 ? node.text : { ...attributes, '#': node.text }
}

/** The children of an element by name; what is repeated, or may be, is a list. */
export function readFields(node: Node, element: Element | undefined, options: EdxmlOptions): Payload {
  const fields = new Map<string, Json[]>()
  for (const child of node.children) {
    const name = nameOf(child)
    const value = readField(child, element?.children?.[name], options)
    const values = fields.get(name)
    if (values === undefined) fields.set(name, [value])
    else values.push(value) // a copy for each of 45,000 took 12 s
  }
  const read = [...fields].map(([name, values]): readonly [string, Json] => {
    const [only = '', ...others] = values
    return [name, others.length > 0 || element?.children?.[name]?.many === true ? values : only]
  })
  return { ...(element === undefined ? attributesOf(node) : {}), ...Object.fromEntries(read) }
}

const attributesOf = ({ attributes }: Node): Payload =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`@${name}`, value]))
