import { Readable } from 'node:stream'
import { z } from 'zod'
import { textOf } from '../../../../schemas/fields.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { decodeBase64 } from '../../base64.ts'
import type { Keeping } from '../../content.ts'
import { fileFields } from '../../edxml/decode.ts'
import type { EdxmlDocument } from '../../edxml/document.ts'
import { readEdxml } from '../../edxml/read-message.ts'
import type { Waiting } from '../../poll.ts'
import { unavailable } from '../answer.ts'
import { messageTypes } from '../documents.ts'
import { VxpOptions } from '../options.ts'
import { waitingIn, type PolledAxis } from '../waiting.ts'
import { askApi } from './call.ts'

/** What an answer may measure, which is held: a document, and its files once more. */
const heldBytes = 64 * 1024 * 1024

const Held = z.object({
  edxml: z.string().min(1),
  attachments: z.array(z.object({ fileName: z.string(), fileContent: z.string() })).nullish(),
})
type Beside = NonNullable<z.infer<typeof Held>['attachments']>

/** As text, else as base64 of it: the profile does not say. */
const bytesOf = (edxml: string): Buffer =>
  edxml.trimStart().startsWith('<') ? Buffer.from(edxml.trimStart()) : Buffer.from(edxml, 'base64')

/** A letter with the files that came beside it and not inside. */
async function withFiles(document: EdxmlDocument, beside: Beside, keeping: Keeping): Promise<EdxmlDocument> {
  const rows = [...((document.payload['Attachments'] ?? []) as readonly Payload[])] // as it was decoded
  for (const { fileName, fileContent } of beside) {
    const at = rows.findIndex((row) => textOf(row['AttachmentName']) === fileName)
    if (textOf(rows[at]?.['Url']) !== '') continue
    const { id: file, ...kept } = await keeping.keep(
      decodeBase64(Readable.from([Buffer.from(fileContent)]), fileName),
    )
    const named = {
      contentId: '',
      name: fileName,
      type: kept.mediaType,
      size: kept.size,
      sha256: kept.digest,
      file,
    }
    rows.splice(at < 0 ? rows.length : at, 1, { ...rows[at], ...fileFields(named) })
  }
  return rows.length === 0 ? document : { ...document, payload: { ...document.payload, Attachments: rows } }
}

/** The REST profile of a province as it is polled (edxml §8.3). */
export const restAxis: PolledAxis = {
  async list(partner) {
    const found: Waiting[] = []
    for (const type of Object.keys(messageTypes)) {
      const path = `syncReceivedEdocList?messageType=${type}`
      const rest = { method: 'GET', maxAnswerBytes: heldBytes } as const
      found.push(...waitingIn(await askApi(partner, { path, rest })))
    }
    return found
  },
  async fetch(docId, partner) {
    const rest = { method: 'GET', maxAnswerBytes: heldBytes } as const
    const { data } = await askApi(partner, { path: `getEdoc?docId=${encodeURIComponent(docId)}`, rest })
    const held = Held.safeParse(data)
    if (!held.success) throw unavailable('no document')
    const { edxml, attachments } = held.data
    const options = VxpOptions.parse(partner.agency.options)
    const document = await readEdxml(Readable.from([bytesOf(edxml)]), options, partner.keeping)
    return withFiles(document, attachments ?? [], partner.keeping)
  },
  tell(args, partner) {
    const rest = { body: Buffer.from(JSON.stringify(args)) }
    return askApi(partner, { path: 'updateStatus', contentType: 'application/json', rest })
  },
}
