import { GatewayError } from '../../../schemas/errors.ts'
import type { DoorRequest } from '../content.ts'
import type { PullDeed } from '../pull.ts'
import { writeData, writeRefusal, writeSuccess } from './answers.ts'
import { headerOf, type Arguments } from './arguments.ts'
import { directoryVerbs } from './directory-verbs.ts'
import { actionsOf, expressed } from './documents.ts'
import { receivedRow, sentRows } from './lists.ts'
import { readFilter } from './moment.ts'
import type { VxpOptions } from './options.ts'
import { contentsOf } from './send-edoc.ts'
import { plain, rows, said, strange, writeRows, type Verb } from './verb.ts'

function filtersOf(args: Arguments): { readonly since?: number; readonly before?: number } {
  const [since, before] = ['fromDate', 'toDate'].map((name) => readFilter(args.text(name)))
  return { ...(since === undefined ? {} : { since }), ...(before === undefined ? {} : { before }) }
}

const waiting = (args: Arguments, type: string): PullDeed => ({
  ...{ kind: 'list', actions: actionsOf(type), expressed },
  ...filtersOf(args),
})

const count = (type: string): Verb => ({
  ...said('Đếm số gói tin đang chờ nhận', 'How many wait'),
  ...{ methods: ['POST', 'GET'], empty: { count: 0 } },
  read: (args) => waiting(args, type),
  write: ({ done }) => (done.kind === 'list' ? writeSuccess({ count: done.waiting.length }) : strange(done)),
})

export const docIdOf = (args: Arguments): string => {
  const id = args.text('docId')
  if (id === '') throw new GatewayError('invalid_field', { field: 'docId', reason: 'missing' })
  return id
}

/** What a client says of what it has fetched. */
const outcomes: Readonly<Record<string, Extract<PullDeed, { kind: 'ack' }>['outcome']>> = {
  processing: 'begun',
  done: 'delivered',
  fail: 'refused',
}

function acknowledgement(args: Arguments): PullDeed {
  const status = args.text('status').toLowerCase()
  const outcome = Object.hasOwn(outcomes, status) ? outcomes[status] : undefined
  if (outcome === undefined)
    throw new GatewayError('invalid_field', { field: 'status', reason: 'not processing, done or fail' })
  return { kind: 'ack', deliveryId: docIdOf(args), outcome, reason: args.text('description').slice(0, 500) }
}

const getEdoc: Pick<Verb, 'read'> = {
  read(args, _request, { options }) {
    refuseWire('axis', options)
    return { kind: 'get', deliveryId: docIdOf(args) }
  },
}

/** What waits is written for the wire that its body speaks. */
export function refuseWire(wire: VxpOptions['wire'], options: VxpOptions): void {
  if (options.wire !== wire)
    throw new GatewayError('forbidden', { reason: `the body fetches by ${options.wire}` })
}

/** The verbs of the axis by name. */
export const verbs: Readonly<Record<string, Verb>> = {
  ...directoryVerbs,
  sendEdoc: {
    ...{ ...plain, streams: true, empty: { DocId: '' } },
    ...said('Gửi văn bản hoặc trạng thái (edXML)', 'Sends a letter or a status, as edXML'),
    read(args, request, guest) {
      if (request.taken === undefined) throw new GatewayError('malformed_request', { field: 'body' })
      const signature = headerOf(request, 'hash-header')
      return { kind: 'submit', contents: contentsOf(request.taken, { args, signature }, guest), whole: true }
    },
    write({ done }) {
      if (done.kind !== 'submit') return strange(done)
      const refused = done.results.find((result) => result.kind === 'refused')
      if (refused !== undefined) return writeRefusal(refused, { DocId: '' })
      return writeSuccess({ DocId: done.results.flatMap((each) => ('id' in each ? each.id : []))[0] ?? '' })
    },
  },
  getReceivedEdocList: {
    ...rows,
    ...said('Danh sách gói tin chờ nhận', 'What waits for the caller'),
    read: (args) => waiting(args, args.text('messagetype')),
    write: ({ done, options }) =>
      done.kind === 'list'
        ? writeRows(done.waiting.map((each) => receivedRow(each, options)))
        : strange(done),
  },
  getSentEdocList: {
    ...rows,
    ...said(
      'Danh sách gói tin đã gửi và trạng thái từng nơi nhận',
      'What the caller sent, and what became of it',
    ),
    read(args) {
      const messageId = args.text('docId')
      const wanted = { of: 'sent', actions: actionsOf(args.text('messagetype')), ...filtersOf(args) } as const
      return { kind: 'lookup', wanted: messageId === '' ? wanted : { ...wanted, messageId } }
    },
    write: ({ done, options }) =>
      done.kind === 'lookup' && done.found.of === 'sent'
        ? writeRows(done.found.messages.flatMap((message) => sentRows(message, options)))
        : strange(done),
  },
  getEdoc: {
    ...plain,
    ...said('Lấy một gói tin, edXML trong base64', 'Fetches one, as base64 of the edXML'),
    ...getEdoc,
    write({ done }) {
      if (done.kind !== 'get') return strange(done)
      const { body, parts = [Buffer.from(body).toString('utf8')] } = done.encoded
      return writeData([{ base64: parts }])
    },
  },
  downloadEdoc: {
    ...{ methods: ['GET', 'POST'], empty: {} },
    ...said('Tải một gói tin, edXML', 'Fetches one, as the edXML itself'),
    ...getEdoc,
    write({ done }) {
      if (done.kind !== 'get') return strange(done)
      const { body, parts = [], contentType } = done.encoded
      return { status: 200, headers: { 'content-type': contentType }, body, parts }
    },
  },
  updateStatus: {
    ...plain,
    ...said('Báo đã nhận (done), đang xử lý hoặc lỗi (fail)', 'Acknowledges what was fetched'),
    read: acknowledgement,
    write: () => writeSuccess(),
  },
  countReceiveEdoc: count('edoc'),
  countReceiveStatus: count('status'),
}

export const verbOf = ({ path }: DoorRequest): Verb | undefined => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return Object.hasOwn(verbs, name) ? verbs[name] : undefined
}
