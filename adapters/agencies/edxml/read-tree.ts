import { SaxesParser, type SaxesTagNS } from 'saxes'
import { GatewayError } from '../../../schemas/errors.ts'
import type { Node } from './tree.ts'

/** What a message may measure without the contents of its attachments. */
const treeLimits = { elements: 50_000, depth: 32, attributes: 64, valueBytes: 4_096 } as const

interface Building extends Node {
  readonly children: Building[]
  text: string
}

export interface TreeReader {
  /** Takes the next piece of the document. Throws `malformed_xml` or `too_large`. */
  write(text: string): void
  /** The innermost element that is open now, after the one around it. */
  readonly open: () => readonly [outer: Node | undefined, inner: Node | undefined]
  /** The root, once all was written. Throws `malformed_xml` where it is not whole. */
  end(): Node
}

const malformed = (reason: string): GatewayError => new GatewayError('malformed_xml', { reason })
const tooLarge = (reason: string): GatewayError => new GatewayError('too_large', { reason })

/** Builds the elements of a document as it comes. DOCTYPE and the entities that only it could declare are refused (edXML §11.8). */
export function createTreeReader(): TreeReader {
  const parser = new SaxesParser({ xmlns: true, fileName: '' })
  const opened: Building[] = []
  let root: Building | undefined
  let elements = 0
  parser.on('error', ({ message }) => {
    throw malformed(message.replace(/^:/, '').slice(0, 200))
  })
  parser.on('doctype', () => {
    throw malformed('DOCTYPE is not accepted')
  })
  parser.on('opentag', (opening) => {
    elements += 1
    if (elements > treeLimits.elements) throw tooLarge(`more than ${treeLimits.elements} elements`)
    if (opened.length >= treeLimits.depth) throw tooLarge(`deeper than ${treeLimits.depth} levels`)
    const element = elementOf(opening)
    opened.at(-1)?.children.push(element)
    root ??= element
    opened.push(element)
  })
  const add = (text: string) => {
    const element = opened.at(-1)
    if (element !== undefined) element.text += text
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => {
    opened.pop()
  })
  return {
    write: (text) => void parser.write(text),
    open: () => [opened.at(-2), opened.at(-1)],
    end() {
      parser.close()
      if (root === undefined) throw malformed('no element')
      return root
    },
  }
}

/** The links of the provincial bus stand in its attributes (edXML §8.4). */
const xlink = 'http://www.w3.org/1999/xlink'

function elementOf({ local, uri, attributes }: SaxesTagNS): Building {
  if (local === '__proto__') throw malformed('no name of an element')
  const all = Object.values(attributes)
  if (all.length > treeLimits.attributes) throw tooLarge('too many attributes in one element')
  const long = all.find(({ value }) => Buffer.byteLength(value) > treeLimits.valueBytes)
  if (long !== undefined) throw tooLarge(`attribute ${long.local.slice(0, 100)} is too long`)
  const own = all.filter(({ prefix, name, uri: of }) => (prefix === '' && name !== 'xmlns') || of === xlink)
  const read = Object.fromEntries(own.map(({ local: name, value }) => [name, value]))
  return { name: local, namespace: uri, attributes: read, children: [], text: '' }
}
