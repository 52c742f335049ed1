import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { DoorRequest } from '../dialect.ts'
import { accessHeader } from '../lgsp-access.ts'

/** Id and secret in a request's `lgspaccesstoken`: JSON as text or in base64; null where there is none that can be read. */
export function accessOf({ headers }: DoorRequest): readonly [key: string, secret: string] | null {
  const text = (headers[accessHeader] ?? '').trim()
  const json = text.startsWith('{') ? text : Buffer.from(text, 'base64').toString('utf8')
  try {
    const { AccessKey, SecretKey } = JSON.parse(json) as Payload // read as it may be
    const key = textOf(AccessKey)
    return key === '' ? null : [key, textOf(SecretKey)]
  } catch {
    return null
  }
}
