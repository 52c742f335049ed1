import type { Agency } from '../../../schemas/agency.ts'
import type { Trusted } from '../dialect.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import { toDirectory } from '../edxml/organ.ts'
import { readCoded, type Coded } from '../edxml/read-coded.ts'
import { readEdxml } from '../edxml/read-message.ts'
import type { Partner, Poll, Waiting } from '../poll.ts'
import { fieldsOf, unavailable } from './answer.ts'
import { callAxis } from './axis.ts'
import { inGroups, messageTypes, serviceType } from './documents.ts'
import { VxpOptions } from './options.ts'
import { restAxis } from './rest/axis.ts'
import { waitingIn, type PolledAxis } from './waiting.ts'

const listBytes = 16 * 1024 * 1024
/** What an answer may measure that is read as it comes, and one in base64. */
const streamedBytes = 300 * 1024 * 1024
const codedBytes = 400 * 1024 * 1024

/**
 * What a document becomes: several messages where it names more recipients than one has. The axis answers for it, and so is its sender here; the document names its own. It is known again by its
 * id on the axis (edxml §11.14).
 */
export function contentsOf(
  { action, payload, recipients, flags, original }: EdxmlDocument,
  { id, about }: Waiting,
  { code, options }: Agency,
): readonly Trusted[] {
  const to = toDirectory(about['to'] ?? '', VxpOptions.parse(options))
  const named = (to === '' ? recipients : [to]).map((each) => each.toUpperCase())
  return inGroups(named).map((group, at) => ({
    ...{ kind: 'trusted', header: { sender: code, recipients: group, action } },
    ...{ naturalKey: ['vxp.docId', id, ...(at === 0 ? [] : [String(at)])], payload, flags, original },
  }))
}

async function listVerbs(partner: Partner): Promise<readonly Waiting[]> {
  const found: Waiting[] = []
  for (const messagetype of Object.keys(messageTypes)) {
    const args = { servicetype: serviceType, messagetype }
    const rest = { maxAnswerBytes: listBytes }
    found.push(...waitingIn(fieldsOf(await callAxis(partner, { verb: 'getReceivedEdocList', args, rest }))))
  }
  return found
}

async function coded(docId: string, partner: Partner): Promise<EdxmlDocument> {
  const options = VxpOptions.parse(partner.agency.options)
  let read: Coded | undefined
  const receive = async (bytes: AsyncIterable<Uint8Array>) => {
    read = await readCoded(bytes, options, partner.keeping)
  }
  const rest = { body: Buffer.from('{}'), receive, maxAnswerBytes: codedBytes }
  const answer = await callAxis(partner, { verb: 'getEdoc', args: { docId }, rest })
  fieldsOf('failure' in answer || read === undefined ? answer : { ...answer, body: read.rest })
  if (read === undefined || read.document === null) throw unavailable('no document')
  return read.document
}

async function streamed(docId: string, partner: Partner): Promise<EdxmlDocument> {
  const options = VxpOptions.parse(partner.agency.options)
  let document: EdxmlDocument | undefined
  const receive = async (bytes: AsyncIterable<Uint8Array>) => {
    document = await readEdxml(bytes, options, partner.keeping)
  }
  const rest = { method: 'GET', receive, maxAnswerBytes: streamedBytes } as const
  const answer = await callAxis(partner, { verb: 'downloadEdoc', args: { docId }, rest })
  if (document !== undefined) return document
  throw unavailable('failure' in answer ? answer.code : `http_${answer.status}`)
}

const verbAxis: PolledAxis = {
  list: listVerbs,
  fetch(docId, partner) {
    const { fetchBy } = VxpOptions.parse(partner.agency.options)
    return (fetchBy === 'getEdoc' ? coded : streamed)(docId, partner)
  },
  async tell(args, partner) {
    return fieldsOf(
      await callAxis(partner, { verb: 'updateStatus', args, rest: { body: Buffer.from('{}') } }),
    )
  },
}

const axes = { axis: verbAxis, rest: restAxis } as const
const axisOf = ({ agency }: Partner): PolledAxis => axes[VxpOptions.parse(agency.options).wire]

/** The lists of an axis: letters first, so that a status finds the letter that it speaks of. */
export const poll: Poll = {
  everySeconds: ({ options }) => (options['url'] === undefined ? 0 : VxpOptions.parse(options).pollSeconds),
  list: (partner) => axisOf(partner).list(partner),
  fetch: async (waiting, partner) =>
    contentsOf(await axisOf(partner).fetch(waiting.id, partner), waiting, partner.agency),
  async acknowledge({ id }, verdict, partner) {
    const status =
      verdict.kind === 'taken' ? { status: 'done' } : { status: 'fail', description: verdict.code }
    await axisOf(partner).tell({ docId: id, ...status }, partner)
  },
}
