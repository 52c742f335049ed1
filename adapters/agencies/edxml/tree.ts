import type { Payload } from '../../../schemas/message.ts'

/** An element as it was read: names without prefix, for partners differ in prefixes, order and place (edXML §2). */
export interface Node {
  readonly name: string
  readonly namespace: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Node[]
  readonly text: string
}

/** The first child of one of these names. */
export const childOf = (node: Node | undefined, ...names: readonly string[]): Node | undefined =>
  node?.children.find(({ name }) => names.includes(name))

export const childrenOf = (node: Node | undefined, name: string): readonly Node[] =>
  node?.children.filter((child) => child.name === name) ?? []

/** Fields but for some. */
export const without = (fields: Payload, ...names: readonly string[]): Payload =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
