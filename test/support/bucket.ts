import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AwsV4Signer } from 'aws4fetch'
import type { BucketAddress } from '../../adapters/blobs/bucket.ts'

/** A store that speaks what of S3 the gateway uses, in memory. It checks every signature, of the payload too. */
export interface LentBucket {
  readonly address: BucketAddress
  readonly objects: Map<string, { bytes: Buffer; at: number }>
  readonly uploads: Map<string, { readonly key: string; readonly parts: Buffer[]; readonly at: number }>
  /** Calls as `METHOD /path?query`. */
  readonly calls: string[]
  /** Answers so instead of doing what it is asked, where it gives a status. */
  disturb: (call: string) => number | undefined
}

const account = { accessKeyId: 'thu-nghiem', secretAccessKey: 'bi-mat-thu-nghiem' }
const region = 'vn-thu-1'
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

interface Asked {
  readonly method: string
  readonly url: URL
  readonly key: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

interface Answer {
  readonly status: number
  readonly body?: string | Buffer
  readonly headers?: Record<string, string>
}

/** Signs what came with the same secret, and compares. */
async function isSigned({ method, url, headers, body }: Asked): Promise<boolean> {
  const given = headers.authorization ?? ''
  const names = /SignedHeaders=([^,]+)/.exec(given)?.[1]?.split(';') ?? []
  const signed = names
    .filter((name) => name !== 'host')
    .map((name) => [name, String(headers[name])] as [string, string])
  const signer = new AwsV4Signer({
    ...{ method, url: url.href, ...account, region, service: 's3', body, headers: signed },
    datetime: String(headers['x-amz-date']),
  })
  const expected = (await signer.sign()).headers.get('authorization')
  return given === expected && headers['x-amz-content-sha256'] === sha256(body)
}

const found = (bytes: Buffer, at: number) => ({
  etag: `"${sha256(bytes).slice(0, 32)}"`,
  'last-modified': new Date(at).toUTCString(),
})

function act(lent: LentBucket, asked: Asked): Answer {
  const { method, url, key } = asked
  const query = url.searchParams
  if (key === '') return query.has('uploads') ? listUploads(lent) : listObjects(lent, query)
  if (query.has('uploads') || query.has('uploadId')) return uploading(lent, asked)
  const object = lent.objects.get(key)
  if (method === 'PUT') {
    if (object !== undefined && asked.headers['if-none-match'] === '*') return { status: 412 }
    lent.objects.set(key, { bytes: asked.body, at: Date.now() })
    return { status: 200 }
  }
  if (object === undefined) return { status: 404 }
  const headers = found(object.bytes, object.at)
  if (method === 'DELETE') {
    if (asked.headers['if-match'] !== headers.etag) return { status: 412 }
    lent.objects.delete(key)
    return { status: 204 }
  }
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(asked.headers.range ?? '') ?? []
  if (from === undefined) return { status: 200, body: object.bytes, headers }
  return { status: 206, body: object.bytes.subarray(Number(from), Number(to) + 1), headers }
}

function uploading({ uploads, objects }: LentBucket, { method, url, key, body }: Asked): Answer {
  const id = url.searchParams.get('uploadId') ?? `lan-${uploads.size + 1}`
  if (method === 'POST' && url.searchParams.has('uploads')) {
    uploads.set(id, { key, parts: [], at: Date.now() })
    return {
      status: 200,
      body: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    }
  }
  const upload = uploads.get(id)
  if (upload === undefined) return { status: 404 }
  if (method === 'PUT') {
    upload.parts[Number(url.searchParams.get('partNumber')) - 1] = body
    return { status: 200, headers: { etag: `"${sha256(body)}"` } }
  }
  uploads.delete(id)
  if (method === 'DELETE') return { status: 204 }
  const asked = [...body.toString().matchAll(/<ETag>"([0-9a-f]+)"<\/ETag>/g)].map(([, etag]) => etag)
  if (asked.join() !== upload.parts.map(sha256).join()) return { status: 200, body: '<Error/>' }
  objects.set(key, { bytes: Buffer.concat(upload.parts), at: Date.now() })
  return { status: 200, body: '<CompleteMultipartUploadResult/>' }
}

/** Two a page, so that pages are turned. */
function listObjects({ objects }: LentBucket, query: URLSearchParams): Answer {
  const all = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).sort()
  const start = Number(query.get('continuation-token')?.replace('&', '') ?? 0)
  const keys = all.slice(start, start + 2).map((key) => `<Contents><Key>${key}</Key></Contents>`)
  const more =
    start + 2 < all.length ? `<NextContinuationToken>&amp;${start + 2}</NextContinuationToken>` : ''
  return { status: 200, body: `<ListBucketResult>${keys.join('')}${more}</ListBucketResult>` }
}

function listUploads({ uploads }: LentBucket): Answer {
  const rows = [...uploads].map(
    ([id, { key, at }]) =>
      `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${new Date(at).toISOString()}</Initiated></Upload>`,
  )
  return { status: 200, body: `<ListMultipartUploadsResult>${rows.join('\n')}</ListMultipartUploadsResult>` }
}

/** Lends a bucket of its own. */
export async function withBucket(use: (lent: LentBucket) => Promise<void>): Promise<void> {
  const server = createServer((req, res) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of req) chunks.push(chunk as Buffer)
      const url = new URL(req.url ?? '', lent.address.endpoint)
      const key = decodeURIComponent(url.pathname.replace(/^\/tep\/?/, ''))
      const asked = { method: req.method ?? '', url, key, headers: req.headers, body: Buffer.concat(chunks) }
      const call = `${asked.method} ${url.pathname}${url.search}`
      lent.calls.push(call)
      const disturbed = lent.disturb(call)
      const answer =
        disturbed !== undefined
          ? { status: disturbed }
          : (await isSigned(asked))
            ? act(lent, asked)
            : { status: 403 }
      const { status, body = '', headers = {} }: Answer = answer
      res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
      res.end(req.method === 'HEAD' ? undefined : body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const lent: LentBucket = {
    address: { ...account, region, endpoint: `http://127.0.0.1:${port}`, bucket: 'tep', prefix: 'truc/' },
    ...{ objects: new Map(), uploads: new Map(), calls: [] },
    disturb: () => undefined,
  }
  try {
    await use(lent)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
