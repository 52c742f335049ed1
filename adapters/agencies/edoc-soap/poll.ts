import { GatewayError } from '../../../schemas/errors.ts'
import type { Trusted } from '../content.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import type { Partner, Poll, Waiting } from '../poll.ts'
import { unavailable, type Bus } from './bus.ts'
import { restBus } from './bus-rest.ts'
import { soapBus } from './bus-soap.ts'
import { EdocOptions } from './options.ts'
import { organisationChange, organisationsOf } from './poll-organisations.ts'
import { traceIn, tracesOf } from './poll-traces.ts'

const buses: Readonly<Record<EdocOptions['wire'], Bus>> = { soap: soapBus, rest: restBus }
const optionsOf = ({ agency }: Partner): EdocOptions => EdocOptions.parse(agency.options)
const busOf = (partner: Partner): Bus => buses[optionsOf(partner).wire]

/** The bus answers for a document, and so is its sender here; it is known again by its id there (edXML §11.14). */
const contentOf = (document: EdxmlDocument, { id, about }: Waiting, { agency }: Partner): Trusted => ({
  ...{ kind: 'trusted', payload: document.payload, flags: document.flags, original: document.original },
  header: { sender: agency.code, recipients: document.recipients, action: document.action },
  naturalKey: ['edoc.docId', about['type'] ?? '', id],
})

/** One list that does not come leaves the others as they are: not every bus has all. */
async function listOr(name: string, look: Promise<readonly Waiting[]>): Promise<readonly Waiting[]> {
  try {
    return await look
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'lease_lost') throw error
    return [{ id: name, about: { type: 'FAULT', fault: error.reason ?? error.code } }]
  }
}

type Contents = (waiting: Waiting, partner: Partner) => Promise<readonly Trusted[]>

/** What is listed beside documents, by its type. */
const contents: Readonly<Record<string, Contents>> = {
  TRACE: (waiting, partner) =>
    Promise.resolve([contentOf(traceIn(waiting, optionsOf(partner)), waiting, partner)]),
  ORGAN: organisationChange,
  END: () => Promise.resolve([]),
  FAULT: ({ about }) => Promise.reject(unavailable(about['fault'] ?? '')),
}

/** What a bus holds for us. It has no word for a refusal: what is refused here is confirmed there too. */
export const poll: Poll = {
  everySeconds({ options }) {
    const { url, pollSeconds } = EdocOptions.parse(options)
    return url === undefined ? 0 : pollSeconds
  },
  async list(partner) {
    const { documents, traces, organisations } = busOf(partner)
    const waiting = await documents(partner)
    const reports =
      traces !== undefined && optionsOf(partner).pollTraces
        ? await listOr('GetTraces', tracesOf(traces, partner))
        : []
    return [
      ...waiting,
      ...reports,
      ...(await listOr('GetOrganizations', organisationsOf(organisations, partner))),
    ]
  },
  async fetch(waiting, partner) {
    const others = contents[waiting.about['type'] ?? '']
    if (others !== undefined) return others(waiting, partner)
    return [contentOf(await busOf(partner).fetch(waiting, partner), waiting, partner)]
  },
  async acknowledge(waiting, _verdict, partner) {
    if (contents[waiting.about['type'] ?? ''] === undefined) await busOf(partner).confirm(waiting, partner)
  },
}
