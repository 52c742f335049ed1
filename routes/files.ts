import { z } from 'zod'
import { GatewayError } from '../schemas/errors.ts'
import { fileLink } from '../schemas/file-links.ts'
import type { Files, OpenFile } from '../workers/files.ts'
import type { LinkedFile, LinkedFiles } from '../workers/linked-files.ts'
import { messageOfLink } from '../workers/links.ts'
import { bytesAnswer, type BytesAnswer } from './bytes-answer.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { readRange } from '../schemas/ranges.ts'

export interface FileDeps {
  readonly files: Files
  readonly linkedFiles: LinkedFiles
}

const Hex = z.string().regex(/^[0-9a-f]{64}$/)

const UploadHeaders = z.object({
  'content-digest': z.string().max(1000).optional().meta({ description: 'sha-256=:base64: (RFC 9530)' }),
  'content-length': z.coerce.number().default(0),
})

const ReadHeaders = z.object({
  range: z.string().optional(),
  'if-range': z.string().optional(),
  'if-none-match': z.string().optional(),
})

const FileShape = z.object({
  id: z.uuid(),
  digest: Hex.meta({ description: 'SHA-256' }),
  size: z.int(),
  mediaType: z.string(),
  link: z.string().meta({
    description: 'Ghi vào trường đường dẫn của thông điệp · To be written into a link field of the message',
  }),
})

/** Files beside messages: uploaded by their sender, read by the parties of the messages that refer to them. */
export function fileEndpoints({ files, linkedFiles }: FileDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/v1/files',
      tag: 'files',
      summary: {
        vi: 'Tải tệp lên; thông điệp dẫn tới tệp bằng đường dẫn và SHA-256',
        en: 'Upload a file; messages refer to it by link and SHA-256',
      },
      access: ['agency'],
      headers: UploadHeaders,
      upload: true,
      status: 201,
      answer: FileShape,
      async handle({ caller, bytes, headers }) {
        const file = await files.upload(caller, bytes, {
          digest: contentDigest(headers['content-digest']),
          size: headers['content-length'],
        })
        const { id, digest, size, mediaType } = file
        return { id, digest, size, mediaType, link: fileLink(file) }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/v1/files/:id',
      tag: 'files',
      summary: {
        vi: 'Đọc tệp đã tải lên, hoặc tệp ở hệ thống của cơ quan gửi, cả tệp hoặc một đoạn (Range)',
        en: 'Read a file that was uploaded, or that stays with its owner, whole or in part (Range)',
      },
      access: ['agency', 'agency-admin'],
      params: z.object({ id: z.string() }),
      query: z.object({ sha256: Hex.optional() }),
      headers: ReadHeaders,
      status: 200,
      errors: ['not_found', 'range_not_satisfiable', 'too_large', 'file_withheld', 'file_unreachable'],
      async handle({ caller, params, query, headers, signal }) {
        if (messageOfLink(params.id) !== null)
          return linkedAnswer(await linkedFiles.open(caller, params.id, { headers: given(headers), signal }))
        const opened = await files.open(caller, params.id)
        if (query.sha256 !== undefined && query.sha256 !== opened.file.digest)
          throw new GatewayError('not_found', { field: 'sha256' })
        return answerOf(opened, headers)
      },
    }),
  ]
}

/** RFC 9530: `sha-256=:base64:`; other algorithms beside it are not looked at. */
function contentDigest(header: string | undefined): string | null {
  if (header === undefined) return null
  const [, base64] = /(?:^|,\s*)sha-256=:([A-Za-z0-9+/]{43}=):/.exec(header) ?? []
  if (base64 === undefined)
    throw new GatewayError('invalid_field', { field: 'Content-Digest', reason: 'not sha-256=:base64:' })
  return Buffer.from(base64, 'base64').toString('hex')
}

/** The name of a download: the id with an ending that fits; the name that people know stands in the message. */
const endings: Readonly<Record<string, string>> = {
  'application/pdf': '.pdf',
  'application/zip': '.zip',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/tiff': '.tif',
}

/** What a reader gets of every file: to be kept, never to be shown as a page of ours. */
const asDownload = (name: string) => ({
  'content-disposition': `attachment; filename="${name}"`,
  'content-security-policy': "default-src 'none'; sandbox",
})

function answerOf({ file, read }: OpenFile, headers: z.output<typeof ReadHeaders>): BytesAnswer {
  const { id, digest, size, mediaType } = file
  const etag = `"${digest}"`
  const common = {
    etag,
    'accept-ranges': 'bytes',
    'content-type': mediaType,
    ...asDownload(`${id}${endings[mediaType] ?? ''}`),
  }
  if (headers['if-none-match'] === etag)
    return { kind: bytesAnswer, status: 304, headers: { etag }, read: null }
  const isSame = headers['if-range'] === undefined || headers['if-range'] === etag
  const range = isSame ? readRange(headers.range, size) : undefined
  const length = String(range === undefined ? size : range.to - range.from + 1)
  const part = range === undefined ? {} : { 'content-range': `bytes ${range.from}-${range.to}/${size}` }
  return {
    kind: bytesAnswer,
    status: range === undefined ? 200 : 206,
    headers: { ...common, ...part, 'content-length': length },
    read: () => read(range),
  }
}

/** Headers of an owner's answer that speak of the file; all others are its server's own affair. */
const ofFile = [
  'accept-ranges',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
]

const given = (headers: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )

function linkedAnswer({ status, headers, body }: LinkedFile): BytesAnswer {
  const kept = given(Object.fromEntries(ofFile.map((name) => [name, headers[name]])))
  const mediaType = kept['content-type'] ?? 'application/octet-stream'
  return {
    kind: bytesAnswer,
    status,
    headers: { ...kept, ...asDownload(`tep${endings[mediaType] ?? ''}`), 'content-type': mediaType },
    read: status === 304 ? null : () => Promise.resolve(body),
  }
}
