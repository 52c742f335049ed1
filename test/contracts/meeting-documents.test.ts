import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { openParts } from '../../adapters/agencies/body-parts.ts'
import type { Dialect } from '../../adapters/agencies/dialect.ts'
import { edocSoap } from '../../adapters/agencies/edoc-soap/index.ts'
import { openMessage } from '../../adapters/agencies/edoc-soap/message.ts'
import { defaults } from '../../adapters/agencies/edoc-soap/options.ts'
import { readDocument } from '../../adapters/agencies/edoc-soap/read-document.ts'
import { readEnvelope } from '../../adapters/agencies/edoc-soap/read-envelope.ts'
import { edxmlDefaults } from '../../adapters/agencies/edxml/options.ts'
import { readEdxml } from '../../adapters/agencies/edxml/read-message.ts'
import { nativeJson } from '../../adapters/agencies/native-json/index.ts'
import { vxp } from '../../adapters/agencies/vxp/index.ts'
import type { Agency } from '../../schemas/agency.ts'
import type { Message, Payload } from '../../schemas/message.ts'
import { parsePayload } from '../../schemas/parse.ts'
import { memoryFiles } from '../support/memory-files.ts'
import { unsigned } from '../support/parts.ts'
import { said } from '../support/said.ts'
import { messageOf } from './dialect.ts'

type Files = ReturnType<typeof memoryFiles>
type Action = 'document.letter' | 'document.status'

interface Document {
  readonly action: string
  readonly payload: Payload
}

/** One dialect in which documents come and go. */
interface Speaker {
  readonly name: string
  readonly dialect: Dialect
  readonly options: Agency['options']
  /** What its server reads from what we have written; files go to `files`. */
  readonly read: (written: Written, files: Files) => Promise<Document>
}

interface Written {
  readonly bytes: Buffer
  readonly contentType: string
}

/** Bytes as a network brings them. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 1_000)
    yield await Promise.resolve(bytes.subarray(at, at + 1_000))
}

const readFile: Speaker['read'] = ({ bytes }, files) => readEdxml(pieces(bytes), edxmlDefaults, files)

const bus = { url: 'https://bus.example.vn/services/eDocService', organId: 'H49' }

const speakers: readonly Speaker[] = [
  { name: 'vxp', dialect: vxp, options: {}, read: readFile },
  {
    ...{ name: 'edoc-soap', dialect: edocSoap, options: bus },
    async read({ bytes, contentType }, files) {
      const { original, attachments } = await openMessage(pieces(bytes), contentType)
      return readDocument({ envelope: readEnvelope(original), original, attachments }, defaults, files)
    },
  },
  {
    ...{ name: 'edoc-soap by REST', dialect: edocSoap, options: { ...bus, wire: 'rest' } },
    read: readFile,
  },
  {
    ...{ name: 'native-json', dialect: nativeJson, options: {} },
    read: ({ bytes }) => Promise.resolve(JSON.parse(bytes.toString()) as Message),
  },
]

async function write(
  { dialect, options }: Speaker,
  { action, payload }: Document,
  files: Files,
): Promise<Written> {
  const row = { code: 'G22', name: 'Cổng', partyClass: 'state', status: 'live', options } as const
  const message = { ...messageOf(action as Action), payload }
  const draft = dialect.encode(message, { ...row, dialect: dialect.name })
  if (draft.kind === 'unsupported') throw new Error(draft.reason)
  const { contentType, body, parts } = draft
  if (parts === undefined) return { contentType, bytes: Buffer.from(body) }
  const written: Uint8Array[] = []
  for await (const piece of openParts(unsigned(parts), (id) => files.read(id))) written.push(piece)
  return { contentType, bytes: Buffer.concat(written) }
}

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/edxml/${name}`, import.meta.url))

const unknown = { TruongRieng: 'của riêng hai bên' }

/** A document as a client of the axis has sent it, with a field that no dialect knows. */
async function sample(action: Action, files: Files): Promise<Document> {
  const name = action === 'document.letter' ? 'letter.edxml' : 'status.edxml'
  const read = await readFile({ bytes: fixture(name), contentType: '' }, files)
  return { action, payload: { ...read.payload, ...unknown } }
}

const contentsOf = (files: Files): readonly string[] => [...files.files.values()].map(String)

describe('the dialects that carry documents meet in the middle', () => {
  for (const action of ['document.letter', 'document.status'] as const)
    for (const from of speakers)
      for (const to of speakers)
        it(`${action}, ${from.name} → ${to.name}: the same document with its files, unknown fields too`, async () => {
          const [sent, here, there] = [memoryFiles(), memoryFiles(), memoryFiles()]
          const document = await sample(action, sent)
          expect(contentsOf(sent).length > 0, 'a letter has files').to.equal(action === 'document.letter')
          const stored = from.name === 'native-json' ? sent : here // files of a message in JSON are here by then
          const taken = await from.read(await write(from, document, sent), stored)
          expect(taken.action).to.equal(action)
          expect(said(taken.payload)).to.deep.equal(said(document.payload))
          expect(() => parsePayload(action, taken.payload)).not.to.throw()
          const arrived = await to.read(await write(to, taken, stored), there)
          expect({ action: arrived.action, payload: said(arrived.payload) }).to.deep.equal({
            ...{ action, payload: said(document.payload) },
          })
          if (to.name !== 'native-json') expect(contentsOf(there)).to.deep.equal(contentsOf(sent))
        })
})
