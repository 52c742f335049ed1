import type { BucketAddress } from '../adapters/blobs/bucket.ts'

type Place = Pick<BucketAddress, 'endpoint' | 'bucket' | 'prefix' | 'region'>

/** Whether a text names a bucket and the server that it lies on. */
export function isBucketUrl(text: string): boolean {
  return readBucketUrl(text) !== null
}

/** Reads `s3://bucket/prefix?endpoint=https://…&region=…`; the region is `us-east-1` unless said. Null where it is none. */
export function readBucketUrl(text: string): Place | null {
  const url = URL.canParse(text) ? new URL(text) : null
  const endpoint = url?.searchParams.get('endpoint') ?? ''
  if (url?.protocol !== 's3:' || url.hostname === '' || !/^https?:\/\/[^/]/.test(endpoint)) return null
  const prefix = url.pathname.replace(/^\/|\/$/g, '')
  return {
    ...{ endpoint, bucket: url.hostname, prefix: prefix === '' ? '' : `${prefix}/` },
    region: url.searchParams.get('region') ?? 'us-east-1',
  }
}
