import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { Trusted } from '../content.ts'
import type { Deed, Guest } from '../door.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import type { Confirmed } from '../pull.ts'
import type { EdocOptions } from './options.ts'
import { statusOn } from './traces.ts'

/** A document is sent: all of it, or nothing. */
export const submission = (document: EdxmlDocument, guest: Guest<EdocOptions>): Deed => ({
  ...{ kind: 'submit', contents: [contentOf(document, guest)], whole: true },
  numbered: guest.options.documentIds === 'number',
})

/** A new document of a known name is one that exists, unless it is the same again (edXML §1.2, §11.14). */
function contentOf(
  { action, payload, sender, recipients, flags, original }: EdxmlDocument,
  { agency }: Guest<EdocOptions>,
): Trusted {
  const business = (payload['Bussiness'] ?? {}) as Payload // judged at intake
  const type = textOf(business['BussinessDocType'])
  const what =
    action === 'document.status' ? [textOf(payload['StatusCode']), textOf(payload['Timestamp'])] : [type]
  return {
    ...{ kind: 'trusted', payload, flags, original },
    header: { sender: sender === '' ? agency.code : sender, recipients, action },
    naturalKey: [action, textOf(payload['DocumentId']), ...what],
    mustBeNew: action === 'document.letter' && ['', '0'].includes(type),
  }
}

/** A document is confirmed; of a letter its sender hears from the recipient, which does not say so itself (edXML §4.2). */
export const confirmation = (deliveryId: string, { reportsArrival }: EdocOptions): Deed => ({
  ...{ kind: 'ack', deliveryId, outcome: 'delivered', reason: '' },
  ...(reportsArrival ? { report: arrivalOf } : {}),
})

function arrivalOf({ deliveryId, recipient, at, message }: Confirmed): Trusted | null {
  const { action, sender, payload: letter } = message
  if (action !== 'document.letter') return null
  const payload = statusOn(letter, { recipient, sender, at, code: '01', reason: '' })
  return {
    ...{ kind: 'trusted', payload, original: Buffer.from(JSON.stringify(payload)) },
    header: { sender: recipient, recipients: [sender], action: 'document.status' },
    naturalKey: ['edoc.arrival', deliveryId],
  }
}

const letters = ['document.letter']
const expressed = [...letters, 'document.status']

/** What waits for a body: of one action, or of all that it takes so. The bus's own client declares ids as `long`. */
export function listedBy({ statusesPend, wire }: EdocOptions, action?: string): Deed {
  const all = statusesPend || wire === 'rest' ? expressed : letters
  return { kind: 'list', actions: action === undefined ? all : [action], expressed, numbered: true }
}
