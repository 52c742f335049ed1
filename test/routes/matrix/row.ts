import type { Role } from '../../../schemas/agency.ts'
import type { CallAnswer } from '../../support/gateway.ts'
import type { Relation, World } from '../../support/world.ts'

/** Whose things a role reaches: its own body's, those below too, everybody's, nobody's. */
export type Reach = 'own' | 'below' | 'all' | 'none'

export const reached: Readonly<Record<Reach, readonly Relation[]>> = {
  own: ['own'],
  below: ['own', 'child'],
  all: ['own', 'child', 'foreign'],
  none: [],
}

export interface Ask {
  readonly path: string
  readonly body?: { readonly type: string; readonly bytes: string | Uint8Array }
  readonly headers?: Readonly<Record<string, string>>
  /** Without the key of the caller: the body says who it is. */
  readonly keyless?: true
  /** Of a list: whether the answer shows what was asked about. */
  readonly shows?: (answer: CallAnswer) => boolean
}

/** What is expected of one operation. */
export interface MatrixRow {
  /** What each role reaches; a role that is not named reaches nothing. */
  readonly reach: 'public' | Readonly<Partial<Record<Role, Reach>>>
  /** A status beside success that only those meet who are let in. */
  readonly past?: number
  /** Makes what is asked for, anew for each caller, as the thing of a body. */
  readonly ask: (world: World, relation: Relation) => Ask | Promise<Ask>
}

/** Every role with the same reach. */
export function everybody(reach: Reach): MatrixRow['reach'] {
  return { agency: reach, 'agency-admin': reach, operator: reach, admin: reach, auditor: reach }
}

export function jsonBody(value: unknown): NonNullable<Ask['body']> {
  return { type: 'application/json', bytes: JSON.stringify(value) }
}
