import { answerOf, GatewayError, type ErrorAnswer } from '../../../schemas/errors.ts'
import { textOf as fieldText } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import { objectIn } from '../../../schemas/objects.ts'
import { readJson } from '../../../schemas/read-json.ts'
import { isOneOf, secretHash } from '../../../signing/secret.ts'
import type { DoorAnswer, DoorRequest, TakenRequest } from '../content.ts'
import type { Deed, DialectDoor, Done, DoorRow, Guest } from '../door.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import { toDirectory, toPartner } from '../edxml/organ.ts'
import { readEdxml } from '../edxml/read-message.ts'
import type { Found, LetterWanted } from '../known.ts'
import type { WaitingDelivery } from '../pull.ts'
import { codeOf, restWords, writtenOf } from './answers.ts'
import { confirmation, listedBy, submission } from './deeds.ts'
import { organisationRows } from './directory.ts'
import { defaults, type EdocOptions } from './options.ts'

type Caller = Guest<EdocOptions>
type Asked = TakenRequest<EdxmlDocument>

const summary = {
  vi: 'Trục e-doc (REST): tham số ở tiêu đề organId, Authorization, type, docId',
  en: 'The e-doc bus (REST): its parameters are the headers organId, Authorization, type, docId',
}

/** What the bus's REST form is asked, by the last word of its path (edXML §8.4). */
const verbs: Readonly<Record<string, (request: Asked, guest: Caller) => Deed>> = {
  sendDocument({ taken }, guest) {
    if (taken === undefined) throw new GatewayError('malformed_request', { field: 'body', reason: 'missing' })
    return submission(taken, guest)
  },
  getPendingDocIds: ({ headers }, { options }) => listedBy(options, typed(headers)),
  getDocument: ({ headers }) => ({ kind: 'get', deliveryId: headers['docid'] ?? '' }),
  confirmReceived: ({ headers }, { options }) => confirmation(headers['docid'] ?? '', options),
  getOrganizations: () => ({ kind: 'lookup', wanted: { of: 'bodies' } }),
  checkExistDocument: ({ body }, { options }) => ({
    kind: 'lookup',
    wanted: { of: 'letter', ...letterAsked(body, options) },
  }),
}

/** Which letter is asked for: its two parties and its code, `number/notation`. Throws GatewayError. */
function letterAsked(body: Uint8Array, options: EdocOptions): LetterWanted {
  const asked = objectIn(readJson(body))
  const [sender = '', recipient = '', code = ''] = ['fromOrgan', 'toOrgan', 'docCode'].map((field) => {
    const value = fieldText(asked[field]).trim()
    if (value === '') throw new GatewayError('invalid_field', { field, reason: 'missing' })
    return value
  })
  return { sender: toDirectory(sender, options), recipient: toDirectory(recipient, options), code }
}

const rows: readonly DoorRow[] = [
  { method: 'POST', path: '/EdocService/sendDocument', streams: true, summary },
  { method: 'GET', path: '/EdocService/getPendingDocIds', summary },
  { method: 'POST', path: '/EdocService/getDocument', summary },
  { method: 'POST', path: '/EdocService/confirmReceived', summary },
  { method: 'GET', path: '/EdocService/getOrganizations', summary },
  { method: 'POST', path: '/EdocService/checkExistDocument', summary },
]

const types: Readonly<Record<string, 'document.letter' | 'document.status'>> = {
  EDOC: 'document.letter',
  STATUS: 'document.status',
}

/** Throws `invalid_field` where the header `type` is neither. */
function typed(headers: DoorRequest['headers']): 'document.letter' | 'document.status' {
  const type = Object.hasOwn(types, headers['type'] ?? '') ? types[headers['type'] ?? ''] : undefined
  if (type === undefined)
    throw new GatewayError('invalid_field', { field: 'type', reason: 'not EDOC or STATUS' })
  return type
}

const wordOf = ({ path }: DoorRequest): string => path.replace(/^.*\//, '')

/** Of the two forms of the list in use clients read one each. */
function listOf(waiting: readonly WaitingDelivery[], options: EdocOptions): object {
  const rows = waiting.map(({ deliveryId, number, recipient }) => ({
    ...{ docId: number ?? deliveryId, organId: toPartner(recipient, options) },
  }))
  return { docIDs: rows.map(({ docId }) => docId), pendingResult: rows }
}

/** Names begin with a small letter here. */
const inJson = (row: Payload): object =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [`${name.slice(0, 1).toLowerCase()}${name.slice(1)}`, value]),
  )

function found({ of, ...what }: Found, { query }: Asked, options: EdocOptions): DoorAnswer {
  if (of === 'letter' && 'isKnown' in what)
    // Of this verb alone the code of success is another one.
    return say({ code: '200', isExist: what.isKnown })
  const bodies = 'bodies' in what ? what.bodies : []
  const under = query['organId'] ?? query['domain'] ?? ''
  return say({ organizations: organisationRows(bodies, options, under).map(inJson) })
}

function write(done: Done, request: Asked, guest: Caller | null): DoorAnswer {
  const { options } = guest ?? { options: defaults }
  if (done.kind === 'list') return say(listOf(done.waiting, options))
  if (done.kind === 'lookup') return found(done.found, request, options)
  if (done.kind === 'get') {
    const { body, parts = [Buffer.from(body).toString('utf8')] } = done.encoded
    const [head = '', tail = ''] = textOf({ data: '\u0000' }).split('"\\u0000"')
    return { ...answered, body: '', parts: [`${head}"`, { base64: parts }, `"${tail}`] }
  }
  const [result] = done.kind === 'submit' ? done.results : []
  if (result?.kind === 'refused') return refuse(result.error)
  return say(result === undefined ? {} : { docId: result.number ?? result.id })
}

const answered = { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } } as const

/** Always 200: `code` tells (edXML §8.4). */
const textOf = (more: object): string => JSON.stringify({ status: 'Success', code: '0', errors: [], ...more })
const say = (more: object): DoorAnswer => ({ ...answered, body: textOf(more) })

function refuse(error: ErrorAnswer): DoorAnswer {
  const errors = [{ code: codeOf(error, 'Document', restWords), description: writtenOf(error) }]
  return say({ status: 'Fail', code: '9999', errors })
}

/** The same bus by REST: bare edXML one way, base64 of it in JSON the other. */
export const restDoor: DialectDoor<EdocOptions, EdxmlDocument> = {
  rows,
  claim({ headers }) {
    const given = secretHash((headers['authorization'] ?? '').replace(/^Bearer /i, ''))
    return {
      ...{ kind: 'account', account: headers['organid'] ?? '' },
      isProvedBy: (secrets) => isOneOf(given, secrets.map(secretHash)),
    }
  },
  take({ bytes, keeping }, { headers }, guest) {
    typed(headers)
    return readEdxml(bytes, guest?.options ?? defaults, keeping)
  },
  read(request, guest) {
    const verb = verbs[wordOf(request)]
    if (verb === undefined || guest === null) throw new GatewayError('not_found', { field: 'path' })
    return verb(request, guest)
  },
  write,
  fail: (error) =>
    refuse({ ...answerOf(error), reason: error.code === 'unauthenticated' ? null : (error.reason ?? null) }),
}
