import { GatewayError } from '../../../schemas/errors.ts'
import { createTreeReader } from '../edxml/read-tree.ts'
import { childrenOf, type Node } from '../edxml/tree.ts'
import type { Field, Fields } from './fields.ts'

const wsdlNamespace = 'http://schemas.xmlsoap.org/wsdl/'
const schemaNamespace = 'http://www.w3.org/2001/XMLSchema'

/** What a description offers, or why it cannot be used. */
type Described =
  | {
      readonly kind: 'described'
      readonly operations: ReadonlySet<string>
      /** Names of all elements and parts; null where the schemas leave open what stands inside. */
      readonly elements: ReadonlySet<string> | null
    }
  | { readonly kind: 'unusable'; readonly reason: string }

const unusable = (reason: string): Described => ({ kind: 'unusable', reason: reason.slice(0, 300) })

const namesOf = (nodes: readonly Node[]): ReadonlySet<string> =>
  new Set(nodes.flatMap(({ attributes }) => attributes['name'] ?? []))

const within = (nodes: readonly Node[], name: string): readonly Node[] =>
  nodes.flatMap((node) => childrenOf(node, name))

const local = (name = ''): string => name.replace(/^.*:/, '')

/** Every element of a tree, the root first. */
const allOf = (node: Node): readonly Node[] => [node, ...node.children.flatMap(allOf)]

function treeOf(text: string): Node {
  const tree = createTreeReader()
  tree.write(text.replace(/^\s+/, ''))
  return tree.end()
}

function describedBy(root: Node): Described {
  if (root.name !== 'definitions' || root.namespace !== wsdlNamespace)
    return unusable('is no WSDL 1.1: its root is not definitions')
  const ports = within(childrenOf(root, 'service'), 'port')
  if (ports.length === 0) return unusable('has no service with a port')
  const bound = new Set(ports.map(({ attributes }) => local(attributes['binding'])))
  const bindings = childrenOf(root, 'binding').filter(({ attributes }) => bound.has(attributes['name'] ?? ''))
  if (bindings.length === 0) return unusable('has no binding for its port')
  const types = new Set(bindings.map(({ attributes }) => local(attributes['type'])))
  const portTypes = childrenOf(root, 'portType').filter(({ attributes }) =>
    types.has(attributes['name'] ?? ''),
  )
  const bindable = namesOf(within(bindings, 'operation'))
  const operations = [...namesOf(within(portTypes, 'operation'))].filter((name) => bindable.has(name))
  const schemas = within(childrenOf(root, 'types'), 'schema').flatMap(allOf)
  const ofSchema = (name: string) =>
    schemas.filter((node) => node.name === name && node.namespace === schemaNamespace)
  const elements = ofSchema('element')
  const referred = elements.flatMap(({ attributes }) => attributes['ref'] ?? []).map(local)
  const parts = namesOf(within(childrenOf(root, 'message'), 'part'))
  return {
    ...{ kind: 'described', operations: new Set(operations) },
    elements: ofSchema('any').length > 0 ? null : new Set([...namesOf(elements), ...referred, ...parts]),
  }
}

function read(text: string): Described {
  try {
    return describedBy(treeOf(text))
  } catch (error) {
    if (error instanceof GatewayError) return unusable(error.reason ?? error.code)
    throw error
  }
}

const mostKept = 16
const kept = new Map<string, Described>()

/** Options are read at every call: a description is read once. */
function described(text: string): Described {
  const known = kept.get(text) ?? read(text)
  if (kept.size >= mostKept) kept.clear()
  kept.set(text, known)
  return known
}

const elementsIn = (fields: Fields): readonly string[] =>
  Object.entries(fields).flatMap(([name, field]) => [name, ...inner(field)])

const inner = (field: Field): readonly string[] =>
  typeof field === 'object' && 'fields' in field ? elementsIn(field.fields) : []

interface Called {
  readonly name: string
  readonly fields: Fields
  readonly secrets: Readonly<Record<string, string>>
}

/** Where options and the description that they name do not fit; empty where they do. */
export function misfits(
  text: string,
  operations: Readonly<Record<string, Called | undefined>>,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const found = described(text)
  if (found.kind === 'unusable') return [{ path: ['wsdl'], message: found.reason }]
  return Object.entries(operations).flatMap(([action, called]) => {
    if (called === undefined) return []
    const { name, fields, secrets } = called
    const path = ['operations', action]
    if (!found.operations.has(name))
      return [{ path: [...path, 'name'], message: `the WSDL has no operation ${name}` }]
    const strange = [...elementsIn(fields), ...Object.keys(secrets)].filter(
      (element) => found.elements?.has(element) === false,
    )
    return [...new Set(strange)].map((element) => ({
      path: [...path, 'fields'],
      message: `the WSDL has no element ${element}`,
    }))
  })
}
