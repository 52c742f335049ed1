import { answerOf, GatewayError, type ErrorAnswer } from '../../../schemas/errors.ts'
import { isOneOf, secretHash } from '../../../signing/secret.ts'
import type { DoorAnswer, DoorRequest, TakenRequest } from '../content.ts'
import type { Deed, DialectDoor, Done, DoorRow, Guest } from '../door.ts'
import type { EdxmlDocument } from '../edxml/document.ts'
import { readEdxml } from '../edxml/read-message.ts'
import { codeOf, writtenOf } from './answers.ts'
import { contentOf, listedBy } from './deeds.ts'
import { defaults, type EdocOptions } from './options.ts'

type Caller = Guest<EdocOptions>
type Asked = TakenRequest<EdxmlDocument>

const summary = {
  vi: 'Trục e-doc (REST): tham số ở tiêu đề organId, Authorization, type, docId',
  en: 'The e-doc bus (REST): its parameters are the headers organId, Authorization, type, docId',
}

/** What the bus's REST form is asked, by the last word of its path (edXML §8.4). */
const verbs: Readonly<Record<string, (request: Asked, guest: Caller) => Deed>> = {
  sendDocument: ({ taken }, guest) => ({
    kind: 'submit',
    contents: taken === undefined ? [] : [contentOf(taken, guest)],
    whole: true,
  }),
  getPendingDocIds: ({ headers }, { options }) => listedBy(options, typed(headers)),
  getDocument: ({ headers }) => ({ kind: 'get', deliveryId: headers['docid'] ?? '' }),
  confirmReceived: ({ headers }) => ({
    ...{ kind: 'ack', deliveryId: headers['docid'] ?? '', outcome: 'delivered', reason: '' },
  }),
}

const rows: readonly DoorRow[] = [
  { method: 'POST', path: '/EdocService/sendDocument', streams: true, summary },
  { method: 'GET', path: '/EdocService/getPendingDocIds', summary },
  { method: 'POST', path: '/EdocService/getDocument', summary },
  { method: 'POST', path: '/EdocService/confirmReceived', summary },
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

function write(done: Done, _request: Asked, _guest: Caller | null): DoorAnswer {
  if (done.kind === 'list')
    return say({ docIDs: done.waiting.map(({ deliveryId, number }) => number ?? deliveryId) })
  if (done.kind === 'get') {
    const { body, parts = [Buffer.from(body).toString('utf8')] } = done.encoded
    const [head = '', tail = ''] = textOf({ data: '\u0000' }).split('"\\u0000"')
    return { ...answered, body: '', parts: [`${head}"`, { base64: parts }, `"${tail}`] }
  }
  const [result] = done.kind === 'submit' ? done.results : []
  if (result?.kind === 'refused') return refuse(result.error)
  return say(result === undefined ? {} : { docId: result.id })
}

const answered = { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } } as const

/** Always 200: `code` tells (edXML §8.4). */
const textOf = (more: object): string => JSON.stringify({ status: 'Success', code: '0', errors: [], ...more })
const say = (more: object): DoorAnswer => ({ ...answered, body: textOf(more) })

function refuse(error: ErrorAnswer): DoorAnswer {
  const errors = [{ code: codeOf(error, 'Document'), description: writtenOf(error) }]
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
