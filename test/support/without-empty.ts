import type { Payload } from '../../schemas/message.ts'

/** A payload without its empty texts: missing and empty mean the same (dvcqg §19 rule 7). */
export const withoutEmpty = (payload: Payload): Payload =>
  JSON.parse(JSON.stringify(payload), (_name, value: unknown) =>
    value === '' ? undefined : value,
  ) as Payload
