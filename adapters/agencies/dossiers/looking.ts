import { z } from 'zod'
import type { Payload } from '../../../schemas/message.ts'
import { rowsIn } from '../ask.ts'
import type { Deed, Done } from '../door.ts'
import type { Asked } from './asked.ts'
import { lookupOf } from './lookups.ts'
import { questions } from './questions.ts'

/** Here, at the portal core, or there and, where it does not answer, here. */
export const Place = z.enum(['local', 'forward', 'forward-then-local']).default('local')

/** Where the look-ups of an agency are answered. An account at the portal is not known here. */
export const Lookups = z
  .strictObject({
    TraCuuHoSo: Place,
    LayThuTuc: Place,
    TraCuuTechID: z.enum(['none', 'forward']).default('none'),
  })
  .prefault({})

/** What of an agency's options decides over its look-ups. */
export interface Looking {
  readonly lookups: z.infer<typeof Lookups>
  readonly catalogs: Readonly<Record<string, string>>
}

const placeOf = (service: string, { lookups }: Looking): string =>
  Object.entries(lookups).find(([name]) => name === service)?.[1] ?? 'local'

/** A service that looks up: here, or first at the body that knows. Undefined for any other. */
export function lookupDeed(service: string, asked: Asked, options: Looking): Deed | undefined {
  const wanted = lookupOf(service, options.catalogs)?.wanted(asked)
  const question = Object.hasOwn(questions, service) ? questions[service]?.question(asked) : undefined
  const place = placeOf(service, options)
  if (question !== undefined && (place === 'forward' || place === 'forward-then-local'))
    return {
      kind: 'ask',
      question,
      whom: 'portal-core',
      wanted: place === 'forward' ? null : (wanted ?? null),
    }
  return wanted === undefined ? undefined : { kind: 'lookup', wanted }
}

/** What a look-up has found, and where the body that knows did not answer, how old it is. */
export interface FoundRows {
  readonly result: readonly Payload[]
  readonly message?: string
  /** Age of the data in seconds. */
  readonly TuoiDuLieuGiay?: number
}

/** What was found, in the form that clients read. */
export function foundRows(
  done: Extract<Done, { readonly kind: 'lookup' | 'ask' }>,
  { service, asked }: { readonly service: string; readonly asked: Asked },
  { catalogs }: Looking,
): FoundRows {
  if (done.kind === 'ask' && done.from === 'body')
    return { result: rowsIn(done.given).flatMap((row) => questions[service]?.row(row) ?? []) }
  const result = lookupOf(service, catalogs)?.rows(done.found, asked) ?? []
  const ageMs = done.kind === 'ask' ? done.ageMs : null
  return ageMs === null || result.length === 0 ? { result } : { result, ...aged(ageMs) }
}

/** The words for how old an answer is. */
export function aged(ageMs: number): { readonly message: string; readonly TuoiDuLieuGiay: number } {
  const minutes = Math.floor(ageMs / 60_000)
  const message = `Dữ liệu theo lần cập nhật cuối, cách đây ${minutes} phút`
  return { message, TuoiDuLieuGiay: Math.floor(ageMs / 1000) }
}
