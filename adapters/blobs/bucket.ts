import { createHash } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import { GatewayError } from '../../schemas/errors.ts'

/** A bucket of an S3-compatible store, and who may use it. */
export interface BucketAddress {
  /** `https://s3.example.vn`; objects are addressed below it by path. */
  readonly endpoint: string
  readonly bucket: string
  /** What every name begins with, such as `gateway/`; may be empty. */
  readonly prefix: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

interface Call {
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer>
  /** Statuses that are no fault beside 2xx. */
  readonly expected?: readonly number[]
}

export type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'

/** One signed call about an object, or about the bucket where the name is null. Throws `unavailable` where the store does not do it. */
export type CallBucket = (method: Method, name: string | null, call?: Call) => Promise<Response>

const callMs = 60_000

/** Calls of a bucket by Signature Version 4, payloads signed too. A call that fails for a while is tried again. */
export function createBucket(address: BucketAddress): CallBucket {
  const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey } = address
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 2 })
  const root = `${endpoint.replace(/\/$/, '')}/${bucket}`
  return async (method, name, { query = {}, headers = {}, body, expected = [] } = {}) => {
    const url = new URL(name === null ? root : `${root}/${prefix}${name}`)
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
    const digest = createHash('sha256')
      .update(body ?? '')
      .digest('hex')
    const answer = await client
      .fetch(url, {
        method,
        headers: { ...headers, 'x-amz-content-sha256': digest },
        signal: AbortSignal.timeout(callMs),
        ...(body === undefined ? {} : { body }),
      })
      .catch((cause: unknown) => {
        throw new GatewayError('unavailable', { reason: 'the store of large content does not answer', cause })
      })
    if (answer.ok || expected.includes(answer.status)) return answer
    const said = (await answer.text()).slice(0, 500)
    throw new GatewayError('unavailable', {
      reason: `the store of large content answered ${answer.status}`,
      cause: `${method} ${name ?? 'the bucket'}: ${said}`,
    })
  }
}
