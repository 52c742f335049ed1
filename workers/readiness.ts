import type { Store } from '../adapters/store/store.ts'
import type { Family } from '../schemas/actions.ts'
import type { Agency } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Message } from '../schemas/message.ts'
import type { Directory } from './directory.ts'

/**
 * Whether a message may go from one body to another as they stand. A body under test exchanges with bodies under test, and with live ones
 * marked as test recipients; it gets nothing of the live traffic (QC25 Art. 23.4).
 */
export function mayReach(sender: Agency | undefined, recipient: Agency | undefined): boolean {
  const isTest = (body: Agency | undefined) => body?.status === 'testing'
  const takesTests = (body: Agency | undefined) => isTest(body) || body?.testRecipient === true
  if (isTest(sender)) return takesTests(recipient)
  return !isTest(recipient) || takesTests(sender)
}

/** Neither dossiers nor transactions: a suspended body goes on with them. */
const unbound: ReadonlySet<string> = new Set<Family>(['catalog', 'statistics', 'notice'])

/**
 * Throws `body_suspended` where a suspended body would begin something, as sender or as recipient: no dossier or transaction that the
 * parties do not know already. What is known goes on (QC25 Art. 23.7, 30.7). The store is asked for suspended bodies only.
 */
export async function refuseNewOfSuspended(
  { message, recipients }: { readonly message: Message; readonly recipients: readonly string[] },
  directory: Directory,
  store: Pick<Store, 'isKnownSubject'>,
): Promise<void> {
  const { sender, family, subjectKey } = message
  const parties = [sender, ...recipients]
  const suspended = parties.find((code) => directory.agency(code)?.status === 'suspended')
  if (suspended === undefined || unbound.has(family)) return
  if (subjectKey !== '' && (await store.isKnownSubject(subjectKey, parties))) return
  throw new GatewayError('body_suspended', {
    field: suspended === sender ? 'Sender' : 'Recipients',
    reason: `${suspended} goes on with what is known, and begins nothing new`,
  })
}
