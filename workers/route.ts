import type { ActionRow, RecipientRule } from '../schemas/actions.ts'
import { GatewayError } from '../schemas/errors.ts'
import { textOf } from '../schemas/fields.ts'
import type { Message } from '../schemas/message.ts'
import { partiesOf } from '../schemas/parties.ts'
import type { Directory } from './directory.ts'
import { mayReach } from './readiness.ts'

/** The alias under which the bodies of the portal core are registered. */
export const portalCoreAlias = 'portal-core'

interface Question {
  readonly message: Message
  readonly row: ActionRow
  readonly now: number
}

/** Bodies that a name or rule leads to. One that cannot be reached is left out, unless none of its group is left. */
interface Group {
  readonly codes: readonly string[]
  /** Nobody is refused for the sake of a subscriber. */
  readonly optional: boolean
}

/** Who receives a message: those it names, else those the table of actions names. Never its own sender. Throws `unroutable`, or `forbidden` between bodies that may not reach each other. */
export function route(question: Question, directory: Directory): readonly string[] {
  const { message, now } = question
  const groups = groupsOf(question, directory).map(({ codes, optional }) => ({
    optional,
    codes: codes.flatMap((code) => directory.resolve(code, now)).filter((code) => code !== message.sender),
  }))
  const all = groups.flatMap(({ codes }) => codes)
  const unknown = all.find((code) => directory.agency(code) === undefined)
  if (unknown !== undefined)
    throw new GatewayError('unroutable', { field: 'Recipients', reason: `unknown body ${unknown}` })
  const reached = groups.flatMap((group) => reachable(group, message.sender, directory))
  if (reached.length === 0)
    throw new GatewayError('unroutable', {
      field: 'Recipients',
      reason: 'no recipient is named and none follows from the action',
    })
  return [...new Set(reached)]
}

function groupsOf(question: Question, directory: Directory): readonly Group[] {
  const { message, row } = question
  const each = (codes: readonly string[], optional = false): readonly Group[] =>
    codes.map((code) => ({ codes: [code], optional }))
  if (message.recipients.length > 0) return each(message.recipients)
  return row.recipients.flatMap((rule) => {
    const codes = answers[rule](question, directory)
    return rule === 'portal-core' ? [{ codes, optional: false }] : each(codes, rule === 'subscribers')
  })
}

function reachable({ codes, optional }: Group, sender: string, directory: Directory): readonly string[] {
  const reached = codes.filter((code) => mayReach(directory.agency(sender), directory.agency(code)))
  if (reached.length === 0 && codes.length > 0 && !optional)
    throw new GatewayError('forbidden', {
      field: 'Recipients',
      reason: `one of ${sender} and ${codes.join(', ')} is under test, and the other neither that nor a test recipient`,
    })
  return reached
}

const answers: Record<RecipientRule, (question: Question, directory: Directory) => readonly string[]> = {
  named: () => [],
  'portal-core': ({ now }, directory) => directory.resolve(portalCoreAlias, now),
  'dossier-owner': ({ message }, directory) =>
    partiesOf(message.payload).dossiers.flatMap((maHoSo) => directory.dossierOwner(maHoSo) ?? []),
  competent: ({ message }) => partiesOf(message.payload).competent,
  subscribers: ({ message, row }, directory) => [
    ...directory.subscribers(message.action),
    ...directory.subscribers(`${row.family}:${textOf(message.payload['DanhMuc'])}`),
  ],
}
