import { families, isAction } from '../../schemas/actions.ts'
import type { Caller } from '../../schemas/agency.ts'
import { GatewayError } from '../../schemas/errors.ts'
import type { Directory } from '../directory.ts'
import { assertInSight } from '../sight.ts'
import type { ChangeRegistry } from './change.ts'

type Kind = 'aliases' | 'grants' | 'subscriptions'

interface KindRow {
  /** Of the acts in the audit. */
  readonly noun: string
  readonly checkName: (name: string, current: Directory) => void
  readonly checkValue: (value: string, current: Directory) => boolean
  readonly expected: string
}

/** `catalog:<name>`, or another family with what its topic is. */
const isTopic = (name: string) =>
  isAction(name) || Object.hasOwn(families, /^([a-z]+):.+$/.exec(name)?.[1] ?? '')

const isBody = (code: string, current: Directory) => current.agency(code) !== undefined

const kinds: Readonly<Record<Kind, KindRow>> = {
  aliases: {
    noun: 'alias',
    checkName: (name) => {
      if (!/^[a-z]+(?:-[a-z]+)*$/.test(name)) refuse('alias', 'expected: small letters and hyphens')
    },
    checkValue: isBody,
    expected: 'the code of a body',
  },
  grants: {
    noun: 'grant',
    checkName: (name, current) => {
      if (!isBody(name, current)) throw new GatewayError('not_found', { field: 'code' })
    },
    checkValue: isAction,
    expected: 'a row of the table of actions',
  },
  subscriptions: {
    noun: 'subscription',
    checkName: (name) => {
      if (!isTopic(name))
        refuse('topic', 'expected: an action, or a family and what it is about, catalog:<name>')
    },
    checkValue: isBody,
    expected: 'the code of a body',
  },
}

export interface Lists {
  /** What a name stands for. Throws `not_found`. */
  find(caller: Caller, kind: Kind, name: string): readonly string[]
  /** All names; for the gateway's people. */
  all(kind: Kind): Readonly<Record<string, readonly string[]>>
  /** Replaces what a name stands for; an empty list of an alias or topic stands for nobody. */
  replace(
    caller: Caller,
    wish: {
      readonly kind: Kind
      readonly name: string
      readonly values: readonly string[]
      readonly reason?: string | undefined
    },
  ): Promise<readonly string[]>
}

/** The registry's lists: whom an alias stands for, what a body may send, who subscribed to what. */
export function createLists(deps: {
  readonly directory: () => Directory
  readonly change: ChangeRegistry
}): Lists {
  return {
    find(caller, kind, name) {
      const current = deps.directory()
      if (kind === 'grants') assertInSight(caller, name, current)
      const found = listOf(current, kind, name) ?? (kind === 'grants' ? [] : undefined)
      if (found === undefined) throw new GatewayError('not_found', { field: kinds[kind].noun })
      return found
    },
    all: (kind) => deps.directory().registry[kind],
    replace: (caller, { kind, name, values: wanted, reason }) =>
      deps.change(caller, (current) => {
        const values = [...new Set(wanted)]
        checkList(kind, { name, values }, current)
        const before = listOf(current, kind, name)
        if (JSON.stringify(before) === JSON.stringify(values)) return { patch: {}, acts: [], answer: values }
        const act = {
          act: `${kinds[kind].noun}.update`,
          object: name,
          body: kind === 'grants' ? name : null,
          before: before ?? null,
          after: values,
          reason: reason ?? null,
        }
        return { patch: { [kind]: { [name]: values } }, acts: [act], answer: values }
      }),
  }
}

function listOf(current: Directory, kind: Kind, name: string): readonly string[] | undefined {
  const lists = current.registry[kind]
  return Object.hasOwn(lists, name) ? lists[name] : undefined
}

/** Throws `invalid_field` with the path of what is no name or value of its kind. */
export function checkList(
  kind: Kind,
  { name, values }: { readonly name: string; readonly values: readonly string[] },
  current: Directory,
): void {
  const { checkName, checkValue, expected } = kinds[kind]
  checkName(name, current)
  const index = values.findIndex((value) => !checkValue(value, current))
  if (index >= 0) refuse(`values[${index}]`, `expected: ${expected}`)
}

function refuse(field: string, reason: string): never {
  throw new GatewayError('invalid_field', { field, reason })
}
