import { actions, isAction } from './actions.ts'
import type { ActionName, ActionRow } from './actions.ts'
import { GatewayError } from './errors.ts'
import { collectFlags } from './flags.ts'
import { pathText, walkPayload } from './limits.ts'
import type { Payload } from './message.ts'

export interface Parsed {
  readonly action: ActionName
  readonly row: ActionRow
  /** The very value that was given: parsing judges, it never rewrites. */
  readonly payload: Payload
  readonly subjectKey: string
  readonly flags: readonly string[]
}

/**
 * Judges the payload of an action: JSON limits, then the fields of the action, then what is unusual.
 * Throws GatewayError at the first fault: `unknown_action`, `too_large`, or `invalid_field` with the path of the field
 * (`data[3].NgayTiepNhan`) and what it is not. What is merely unusual is carried, and named in `flags`.
 */
export function parsePayload(action: string, payload: unknown): Parsed {
  if (!isAction(action)) throw new GatewayError('unknown_action', { field: 'action' })
  const row: ActionRow = actions[action]
  const flags = collectFlags(action, row.family)
  walkPayload(payload, flags.visit)
  const [fault] = row.schema.safeParse(payload).error?.issues ?? []
  if (fault) throw new GatewayError('invalid_field', { field: pathText(fault.path), reason: fault.message })
  return { action, row, payload, subjectKey: row.orderKey(payload), flags: flags.flagsOf(payload) }
}
