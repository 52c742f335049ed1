import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import type { DoorAnswer, TakenRequest, Trusted } from '../../adapters/agencies/content.ts'
import type { Dialect } from '../../adapters/agencies/dialect.ts'
import type { DialectDoor, Done, Guest } from '../../adapters/agencies/door.ts'
import type { EdxmlDocument } from '../../adapters/agencies/edxml/document.ts'
import { encodeDocument } from '../../adapters/agencies/edxml/encode.ts'
import { edxmlOptions, type EdxmlOptions } from '../../adapters/agencies/edxml/options.ts'
import { readEdxml } from '../../adapters/agencies/edxml/read-message.ts'
import { dialects } from '../../adapters/agencies/index.ts'
import { mailbox } from '../../adapters/agencies/mailbox/index.ts'
import { createApp } from '../../routes/app.ts'
import { GatewayError } from '../../schemas/errors.ts'
import { textOf } from '../../schemas/fields.ts'
import { messageOf } from '../contracts/dialect.ts'
import type { LentGateway } from './gateway.ts'
import { unsigned } from './parts.ts'

const text = (status: number, body: string): DoorAnswer => ({ status, headers: {}, body })

function contentOf(document: EdxmlDocument, sender: string): Trusted {
  const { action, recipients, payload, original } = document
  const naturalKey = [action, textOf(payload['DocumentId'])]
  return { kind: 'trusted', header: { sender, recipients, action }, naturalKey, payload, original }
}

const summary = { vi: 'Nhận và trả văn bản', en: 'Takes and gives documents' }

/** A door that takes bare edXML and gives back, as edXML, the last letter of a subject. */
const door: DialectDoor<EdxmlOptions, EdxmlDocument> = {
  rows: [
    { method: 'POST', path: '/van-ban', streams: true, summary },
    { method: 'GET', path: '/van-ban', summary },
  ],
  claim: () => ({ kind: 'credential' }),
  take({ bytes, keeping }, _request, guest) {
    if (guest === null) throw new GatewayError('unauthenticated')
    return readEdxml(bytes, guest.options, keeping)
  },
  read({ taken, query }, guest) {
    const subject = { of: 'subject', actions: ['document.letter'] } as const
    if (taken === undefined) return { kind: 'lookup', wanted: { ...subject, subjectKey: query['id'] ?? '' } }
    return { kind: 'submit', whole: true, contents: [contentOf(taken, guest?.agency.code ?? '')] }
  },
  write,
  fail: ({ row, code, reason }) => text(row.status, `${code}: ${reason ?? ''}`),
}

function write(
  done: Done,
  _request: TakenRequest<EdxmlDocument>,
  guest: Guest<EdxmlOptions> | null,
): DoorAnswer {
  if (done.kind === 'lookup' && done.found.of === 'subject' && guest !== null) {
    const payload = done.found.messages.at(-1)?.payload ?? {}
    const written = encodeDocument({ ...messageOf('document.letter'), payload }, guest.options)
    if (written.kind === 'unsupported') return text(404, written.reason)
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: '',
      parts: unsigned(written.parts),
    }
  }
  const [result] = done.kind === 'submit' ? done.results : []
  if (result?.kind === 'refused') return text(result.status, result.error.code)
  return text(200, result?.kind ?? 'nothing')
}

const streaming: Dialect = {
  ...mailbox,
  name: 'streaming',
  options: z.strictObject(edxmlOptions),
  verbs: [],
  door: door,
}

/** Opens the doors of a lent gateway once more, with that of a dialect which streams. */
export async function withStreamingDoor(
  { gateway }: LentGateway,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const app = createApp({ ...gateway.app, dialects: new Map([...dialects, ['streaming', streaming]]) })
  const server = createServer(app).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
