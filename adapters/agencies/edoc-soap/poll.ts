import type { Trusted } from '../content.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import type { Partner, Poll, Waiting } from '../poll.ts'
import type { Bus } from './bus.ts'
import { restBus } from './bus-rest.ts'
import { soapBus } from './bus-soap.ts'
import { EdocOptions } from './options.ts'

const buses: Readonly<Record<EdocOptions['wire'], Bus>> = { soap: soapBus, rest: restBus }
const busOf = ({ agency }: Partner): Bus => buses[EdocOptions.parse(agency.options).wire]

/** The bus answers for a document, and so is its sender here; it is known again by its id there (edXML §11.14). */
const contentOf = (document: EdxmlDocument, { id, about }: Waiting, { agency }: Partner): Trusted => ({
  ...{ kind: 'trusted', payload: document.payload, original: document.original },
  header: { sender: agency.code, recipients: document.recipients, action: document.action },
  naturalKey: ['edoc.docId', about['type'] ?? '', id],
})

/** What a bus holds for us. It has no word for a refusal: what is refused here is confirmed there too. */
export const poll: Poll = {
  everySeconds({ options }) {
    const { url, pollSeconds } = EdocOptions.parse(options)
    return url === undefined ? 0 : pollSeconds
  },
  list: (partner, after) => busOf(partner).list(partner, after),
  fetch: async (waiting, partner) => [
    contentOf(await busOf(partner).fetch(waiting, partner), waiting, partner),
  ],
  acknowledge: async (waiting, _verdict, partner) => {
    await busOf(partner).confirm(waiting, partner)
  },
}
