import type { Payload } from '../../schemas/message.ts'
import { objectIn } from '../../schemas/objects.ts'

/** What an answer in JSON says; undefined where it is none. Most say nothing but their status: an exception for each would cost the worker 2 % of its time. */
export function jsonIn(body: Uint8Array): unknown {
  if (body.byteLength === 0) return undefined
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}

/** The fields of an answer; none where it is no JSON object. */
export const readFields = (body: Uint8Array): Payload => objectIn(jsonIn(body))
