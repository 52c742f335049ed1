import { z } from 'zod'
import { jsonIn } from '../answer-json.ts'
import { textOf } from '../../../schemas/fields.ts'
import { fileLink, fileLinks, readFileLink } from '../../../schemas/file-links.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { BodyPart } from '../body-parts.ts'
import type { Parcel, Transport, TransportAnswer, TransportFailure } from '../dialect.ts'
import { postTo, type Api } from '../dossiers/api.ts'
import { judged } from '../dossiers/judged.ts'
import { writtenIn } from '../encoded.ts'
import type { Papers } from './papers.ts'

/** A file of a message that goes along with a call. */
interface Paper {
  readonly id: string
  readonly name: string
}

/** The same as the other side knows it. */
type Uploaded = z.infer<typeof Uploaded>

const Uploaded = z.object({ IdTepTin: z.string().min(1).max(200), HashTepTin: z.string().max(200) })
const Answer = z.object({
  data: z.tuple([z.object({ response: z.object({ data: z.tuple([Uploaded], z.unknown()) }) })], z.unknown()),
})

/** The link that a paper stands for: it has the file's id and SHA-256, or the link itself. */
const linkOf = ({ IdGiayTo, HashTepTin, DuongDanTaiTepTin, DuongDanTepTinKetQua }: Payload): string =>
  textOf(DuongDanTaiTepTin) ||
  textOf(DuongDanTepTinKetQua) ||
  fileLink({ id: textOf(IdGiayTo), digest: textOf(HashTepTin) })

/** The files here that the papers of a call stand for, each once. Only those that intake let its sender refer to. */
function papersHere(body: Json, payload: Payload, papers: Papers): readonly Paper[] {
  const allowed = new Set(fileLinks(payload).map(fileLink))
  const found = new Map<string, Paper>()
  papers(body, (paper) => {
    const link = linkOf(paper)
    const file = allowed.has(link) ? readFileLink(link) : null
    if (file !== null) found.set(link, { id: file.id, name: textOf(paper['TenGiayTo']) })
    return paper
  })
  return [...found.values()]
}

const places: ReadonlySet<string> = new Set(['DuongDanTaiTepTin', 'DuongDanTepTinKetQua'])

/** A paper by what the other side calls its file. `uploaded`: by the id of the file here. */
function theirPaper(paper: Payload, uploaded: ReadonlyMap<string, Uploaded>): Payload {
  const { id = '' } = readFileLink(linkOf(paper)) ?? {}
  const theirs = uploaded.get(id)
  if (theirs === undefined) return paper
  const ours = ([name, value]: readonly [string, Json]) => places.has(name) || value === id
  const rest = Object.entries(paper).filter((field) => !ours(field))
  return { ...Object.fromEntries(rest), IdGiayTo: theirs.IdTepTin, HashTepTin: theirs.HashTepTin }
}

/** One file as a multipart form, field `files` (dvcqg §12.3). */
function formOf({ id, name }: Paper): { readonly contentType: string; readonly parts: readonly BodyPart[] } {
  const boundary = `lien-thong-${id}`
  const quoted = (name || id).replace(/[\p{Cc}"\\]/gu, '_')
  const head = [
    `--${boundary}`,
    `content-disposition: form-data; name="files"; filename="${quoted}"`,
    'content-type: application/octet-stream',
    '',
    '',
  ]
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    parts: [head.join('\r\n'), { file: id }, `\r\n--${boundary}--\r\n`],
  }
}

/** What the other side calls the file; null where its answer does not say. */
function readUploaded(body: Uint8Array): Uploaded | null {
  return Answer.safeParse(jsonIn(body)).data?.data[0].response.data[0] ?? null
}

/** What uploads go by: the server, and the papers of a call whose files go to it. */
export interface UploadApi extends Api {
  readonly papers: Papers
}

/**
 * Uploads the files of a call, one after the other, and names them in it as the other side does. The first that fails ends it: nothing
 * of the dossier has gone by then.
 */
export async function uploadTo(
  api: UploadApi,
  parcel: Parcel,
  transport: Transport,
): Promise<Parcel | Outcome> {
  const call = writtenIn(parcel.encoded)
  const files = papersHere(call, parcel.message.payload, api.papers)
  if (files.length === 0 || parcel.stream === undefined) return parcel
  const uploaded = new Map<string, Uploaded>()
  for (const paper of files) {
    const { contentType, parts } = formOf(paper)
    const form = { contentType, body: new Uint8Array(0), streamed: await parcel.stream(parts) }
    const called = await postTo(api, form, transport)
    const told = called.kind === 'no_token' ? called.outcome : toldOf(called.answer, api)
    if ('kind' in told) return told
    uploaded.set(paper.id, told)
  }
  const named = api.papers(call, (paper) => theirPaper(paper, uploaded))
  const body = Buffer.from(JSON.stringify(named))
  return { ...parcel, encoded: { ...parcel.encoded, body } }
}

/** An answer that was lost costs a second upload, no more. */
function toldOf(answer: TransportAnswer | TransportFailure, api: Api): Uploaded | Outcome {
  const outcome = judged(answer, api)
  if (outcome.kind === 'in_doubt') return { ...outcome, kind: 'retry' }
  if (outcome.kind !== 'delivered' || 'failure' in answer) return outcome
  const told = readUploaded(answer.body)
  return told ?? { kind: 'fault', code: 'upload_unreadable', reason: 'the upload does not say IdTepTin' }
}
