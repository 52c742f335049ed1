import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import type { Partner, Waiting } from '../poll.ts'

/** An axis as it is polled, by each wire: what waits, one document, and what became of it. */
export interface PolledAxis {
  list(partner: Partner): Promise<readonly Waiting[]>
  fetch(docId: string, partner: Partner): Promise<EdxmlDocument>
  tell(args: Readonly<Record<string, string>>, partner: Partner): Promise<unknown>
}

/** Rows that wait: those of another state were acknowledged before (edxml §8.2). */
export function waitingIn(fields: Payload): readonly Waiting[] {
  const rows = Array.isArray(fields['data']) ? (fields['data'] as readonly Payload[]) : [] // read as they may be
  return rows
    .map((row) => ({ id: textOf(row['docId']), status: textOf(row['status']), to: textOf(row['to']) }))
    .filter(({ id, status }) => id !== '' && ['', 'initial'].includes(status))
    .map(({ id, to }) => ({ id, about: { to } }))
}
