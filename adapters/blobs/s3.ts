import type { KeyObject } from 'node:crypto'
import { GatewayError } from '../../schemas/errors.ts'
import type { MasterKeys } from '../../signing/at-rest.ts'
import type { Blobs } from './blobs.ts'
import { createBucket, type BucketAddress, type CallBucket } from './bucket.ts'
import { clearIncoming } from './incoming.ts'
import { drawNameKey, openNameKey } from './name-key.ts'
import { readBlob, type Place } from './read-blob.ts'
import { stage } from './stage.ts'
import { uploadFile } from './upload.ts'

/** Bytes that are fetched at once: a reader holds so many. */
const windowBytes = 4 * 1024 * 1024
const namesKey = 'names.key'
const isAddress = /^[0-9a-f]{64}$/

interface Bucket {
  readonly address: BucketAddress
  readonly keys: MasterKeys
  /** Where content waits, encrypted, until it is whole and has its address. */
  readonly stagingFolder: string
}

/** Blobs as objects of an S3-compatible store, `<prefix><address>`, encrypted before they leave this machine. Of equal content the last one stays. */
export async function connectBlobBucket({ address, keys, stagingFolder }: Bucket): Promise<Blobs> {
  const call = createBucket(address)
  const nameKey = await nameKeyOf(call, keys)
  const staging = { root: stagingFolder, keys, nameKey }
  return {
    write: (source, maxBytes) =>
      stage(staging, { source, maxBytes }, (path, blob) => uploadFile(call, blob.address, path)),
    read: async (name, range) =>
      readBlob({ open: () => openObject(call, checked(name)), keys, address: name }, range),
    has: async (name) => (await call('HEAD', checked(name), { expected: [404] })).ok,
    remove: (name, before) => remove(call, checked(name), before),
    async *addresses(before) {
      await clearIncoming(stagingFolder, before)
      await abortUploads(call, address.prefix, before)
      for await (const name of names(call, address.prefix)) if (isAddress.test(name)) yield name
    },
  }
}

function checked(address: string): string {
  if (!isAddress.test(address)) throw new TypeError('not the address of a blob')
  return address
}

/** Of processes that start together on a new bucket, one makes the key: a store that knows no conditions keeps the last, so start one first. */
async function nameKeyOf(call: CallBucket, keys: MasterKeys): Promise<KeyObject> {
  const read = async () => call('GET', namesKey, { expected: [404] })
  const known = await read()
  if (known.ok) return openNameKey(await bytesOf(known), keys)
  const headers = { 'if-none-match': '*' }
  await call('PUT', namesKey, { headers, body: Buffer.from(drawNameKey(keys)), expected: [409, 412] })
  return openNameKey(await bytesOf(await read()), keys)
}

const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer())

async function openObject(call: CallBucket, name: string): Promise<Place> {
  const head = await call('HEAD', name, { expected: [404] })
  if (!head.ok) throw new GatewayError('not_found')
  let window: { readonly at: number; readonly bytes: Buffer } = { at: 0, bytes: Buffer.alloc(0) }
  return {
    size: Number(head.headers.get('content-length') ?? 0),
    async readAt(at, length) {
      const isHeld = at >= window.at && at + length <= window.at + window.bytes.byteLength
      if (!isHeld) {
        const range = `bytes=${at}-${at + Math.max(length, windowBytes) - 1}`
        const answer = await call('GET', name, { headers: { range }, expected: [404, 416] })
        window = { at, bytes: answer.ok ? await bytesOf(answer) : Buffer.alloc(0) }
      }
      return window.bytes.subarray(at - window.at, at - window.at + length)
    },
    close: () => Promise.resolve(),
  }
}

/** Only what was looked at: what was written again meanwhile has another ETag. */
async function remove(call: CallBucket, name: string, before: number): Promise<boolean> {
  const head = await call('HEAD', name, { expected: [404] })
  if (!head.ok || !(Date.parse(head.headers.get('last-modified') ?? '') < before)) return false
  const headers = { 'if-match': head.headers.get('etag') ?? '*' }
  return (await call('DELETE', name, { headers, expected: [404, 412] })).ok
}

async function* names(call: CallBucket, prefix: string): AsyncGenerator<string> {
  let token: string | undefined
  do {
    const query = {
      'list-type': '2',
      prefix,
      ...(token === undefined ? {} : { 'continuation-token': token }),
    }
    const page = await (await call('GET', null, { query })).text()
    for (const [, key = ''] of page.matchAll(/<Key>([^<]*)<\/Key>/g)) yield key.slice(prefix.length)
    token = /<NextContinuationToken>([^<]+)</.exec(page)?.[1]?.replaceAll('&amp;', '&')
  } while (token !== undefined)
}

/** What uploads that died have left; a page at a time, the next sweep takes more. */
async function abortUploads(call: CallBucket, prefix: string, before: number): Promise<void> {
  const page = await (await call('GET', null, { query: { uploads: '', prefix } })).text()
  for (const [, upload = ''] of page.matchAll(/<Upload>(.*?)<\/Upload>/gs)) {
    const part = (name: string) => new RegExp(`<${name}>([^<]*)<`).exec(upload)?.[1] ?? ''
    if (Date.parse(part('Initiated')) < before)
      await call('DELETE', part('Key').slice(prefix.length), {
        query: { uploadId: part('UploadId') },
        expected: [404],
      })
  }
}
