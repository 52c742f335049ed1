import { open, type FileHandle } from 'node:fs/promises'
import { GatewayError } from '../../schemas/errors.ts'
import type { CallBucket } from './bucket.ts'

/** Bytes of a part; the store takes parts of 5 MiB at least, and 10,000 of them at most: 80 GB. */
export const partBytes = 8 * 1024 * 1024

/** Takes a file to an object, in parts where it is large. An upload that fails is given up, so that its parts are not paid for. */
export async function uploadFile(call: CallBucket, name: string, path: string): Promise<void> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size <= partBytes) await call('PUT', name, { body: await partOf(file, 0) })
    else await uploadParts(call, name, { file, size })
  } finally {
    await file.close()
  }
}

interface Large {
  readonly file: FileHandle
  readonly size: number
}

async function uploadParts(call: CallBucket, name: string, { file, size }: Large): Promise<void> {
  const begun = await (await call('POST', name, { query: { uploads: '' } })).text()
  const uploadId = /<UploadId>([^<]+)<\/UploadId>/.exec(begun)?.[1]
  if (uploadId === undefined) throw new GatewayError('unavailable', { reason: 'no UploadId' })
  try {
    const parts: string[] = []
    for (let at = 0, number = 1; at < size; at += partBytes, number += 1) {
      const query = { partNumber: String(number), uploadId }
      const { headers } = await call('PUT', name, { query, body: await partOf(file, at) })
      const etag = headers.get('etag') ?? ''
      parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`)
    }
    await complete(call, name, { uploadId, parts })
  } catch (error) {
    await call('DELETE', name, { query: { uploadId }, expected: [404] }).catch(() => undefined) // the first fault is told
    throw error
  }
}

/** The store answers 200 before it knows: a fault may stand in the body. */
async function complete(
  call: CallBucket,
  name: string,
  { uploadId, parts }: { readonly uploadId: string; readonly parts: readonly string[] },
): Promise<void> {
  const list = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  const answer = await call('POST', name, { query: { uploadId }, body: Buffer.from(list) })
  const said = await answer.text()
  if (!said.includes('CompleteMultipartUploadResult'))
    throw new GatewayError('unavailable', { reason: 'the parts were not joined', cause: said.slice(0, 500) })
}

async function partOf(file: FileHandle, at: number): Promise<Buffer<ArrayBuffer>> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(partBytes), 0, partBytes, at)
  return buffer.subarray(0, bytesRead)
}
