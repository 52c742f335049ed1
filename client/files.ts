import { createHash } from 'node:crypto'
import { GatewayError } from '../schemas/errors.ts'
import { successOf, type Caller } from './http.ts'

/** Bytes, or what opens a stream of them: it is opened anew for each attempt. */
export type FileSource = Uint8Array | (() => AsyncIterable<Uint8Array>)

/** A file that the gateway keeps. */
export interface UploadedFile {
  readonly id: string
  /** SHA-256, lower-case hex. */
  readonly digest: string
  /** In bytes. */
  readonly size: number
  /** As the gateway sees it by the content. */
  readonly mediaType: string
  /** What the link fields of a payload, such as `DuongDanTaiTepTin`, hold. */
  readonly link: string
}

export interface Uploads {
  /** Uploads a file that messages then refer to by its `link`. Rejects with `bad_signature` when something else arrived. */
  readonly uploadFile: (source: FileSource, how?: UploadHow) => Promise<UploadedFile>
}

export interface UploadHow {
  /** Bound of one attempt in ms; ten minutes unless given. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

const defaultTimeoutMs = 600_000

/** Uploads files. */
export function createUploads(call: Caller): Uploads {
  return {
    async uploadFile(source, { timeoutMs = defaultTimeoutMs, signal } = {}) {
      const { body, headers, digest } = read(source)
      const answer = await call({
        method: 'POST',
        path: '/v1/files',
        contentType: 'application/octet-stream',
        headers,
        body,
        waitMs: timeoutMs,
        ...(signal === undefined ? {} : { signal }),
      })
      const file = successOf(answer) as UploadedFile // the gateway's contract
      if (file.digest !== digest())
        throw new GatewayError('bad_signature', { field: 'digest', reason: 'the gateway holds other bytes' })
      return file
    },
  }
}

/** What is sent, and its SHA-256 once it was. Bytes announce theirs (RFC 9530), so that the gateway refuses what was cut short. */
function read(source: FileSource) {
  if (typeof source !== 'function') {
    const digest = createHash('sha256').update(source).digest()
    const headers = { 'content-digest': `sha-256=:${digest.toString('base64')}:` }
    return { body: source, headers, digest: () => digest.toString('hex') }
  }
  let hash = createHash('sha256')
  const body = async function* () {
    hash = createHash('sha256')
    for await (const chunk of source()) {
      hash.update(chunk)
      yield chunk
    }
  }
  return { body, headers: {}, digest: () => hash.digest('hex') }
}
