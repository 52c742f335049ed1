import type { ActionRow, RecipientRule } from '../schemas/actions.ts'
import { GatewayError } from '../schemas/errors.ts'
import { textOf } from '../schemas/fields.ts'
import type { Message } from '../schemas/message.ts'
import { partiesOf } from '../schemas/parties.ts'
import type { Directory } from './directory.ts'

/** The alias under which the bodies of the portal core are registered. */
const portalCoreAlias = 'portal-core'

interface Question {
  readonly message: Message
  readonly row: ActionRow
  readonly now: number
}

/** Who receives a message: those it names, else those the table of actions names. Never its own sender. Throws `unroutable`. */
export function route(question: Question, directory: Directory): readonly string[] {
  const { message, row, now } = question
  const named =
    message.recipients.length > 0
      ? message.recipients
      : row.recipients.flatMap((rule) => answers[rule](question, directory))
  const codes = [...new Set(named.flatMap((code) => directory.resolve(code, now)))].filter(
    (code) => code !== message.sender,
  )
  const unknown = codes.find((code) => directory.agency(code) === undefined)
  if (unknown !== undefined)
    throw new GatewayError('unroutable', { field: 'Recipients', reason: `unknown body ${unknown}` })
  if (codes.length === 0)
    throw new GatewayError('unroutable', {
      field: 'Recipients',
      reason: 'no recipient is named and none follows from the action',
    })
  for (const code of codes) refuseUnready(code, message, directory)
  return codes
}

/** A body under test exchanges with bodies under test only; a suspended one receives what is already known, not what is new. */
function refuseUnready(code: string, message: Message, directory: Directory): void {
  const recipient = directory.agency(code)
  const sender = directory.agency(message.sender)
  if (sender?.status === 'testing' && recipient?.status === 'live')
    throw new GatewayError('forbidden', {
      field: 'Recipients',
      reason: `${message.sender} is under test and ${code} is live`,
    })
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
