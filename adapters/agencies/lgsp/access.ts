import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { DoorRequest } from '../dialect.ts'
import type { LgspOptions } from './options.ts'

/** The header by which some platforms know a client, beside its token. */
const accessHeader = 'lgspaccesstoken'

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

/** The header as we send it; none where the options name no access. */
export function accessHeaders(
  { access, accessAs }: LgspOptions,
  secret: string,
): Readonly<Record<string, string>> {
  if (access === undefined) return {}
  const json = JSON.stringify({ ...access, SecretKey: secret })
  return { [accessHeader]: accessAs === 'text' ? json : Buffer.from(json).toString('base64') }
}
