import { isAction } from '../schemas/actions.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Header } from '../schemas/message.ts'
import type { Directory } from './directory.ts'

/** A caller speaks only for its own body and those below it, and sends only what that body's grants list. Deny by default. */
export function authorise(caller: Caller, { sender, action }: Header, directory: Directory): void {
  const body = directory.agency(sender)
  if (body === undefined) return refuse('Sender', `unknown body ${sender}`)
  if (!speaksFor(caller, sender, directory)) refuse('Sender', `the caller does not speak for ${sender}`)
  if (!isAction(action))
    throw new GatewayError('unknown_action', { field: 'Action', reason: action.slice(0, 64) })
  if (!directory.isGranted(sender, action)) refuse('Action', `${sender} is not granted ${action}`)
}

/** Whether a caller stands for a body: its own, or one below it. */
export function speaksFor(caller: Caller, body: string, directory: Directory): boolean {
  return caller.agency !== null && directory.isWithin(body, caller.agency)
}

/** Codes of the bodies that a caller stands for. */
export function bodiesOf(caller: Caller, directory: Directory): readonly string[] {
  return directory.agencies.map(({ code }) => code).filter((code) => speaksFor(caller, code, directory))
}

/** Those who handle the traffic and those who read the evidence see all of it; whoever keeps the registry needs no message. */
export function seesAll({ roles }: Caller): boolean {
  return roles.includes('operator') || roles.includes('auditor')
}

function refuse(field: string, reason: string): never {
  throw new GatewayError('forbidden', { field, reason })
}
