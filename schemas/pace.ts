import { z } from 'zod'
import { isAction } from './actions.ts'

/** Priority of the bulk class: behind every action of the table. */
export const bulkPriority = 9

const Time = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected: HH:MM, at most 24:00')

/** Hours of some days of the week (1 = Monday … 7 = Sunday), Asia/Ho_Chi_Minh, `to` exclusive. One over midnight is two windows. */
const PaceWindow = z
  .strictObject({
    days: z.array(z.int().min(1).max(7)).min(1).max(7),
    from: Time,
    to: Time,
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be later than `from`' })

/** How fast a body is delivered to, and what of what it sends is bulk. */
export const Pace = z.strictObject({
  /** Deliveries started a second, over all processes: never more on the average; after a silence a quarter of a second's worth at once. */
  perSecond: z.number().min(0.01).max(1000).nullable().default(null),
  /** Deliveries under way at once, over all processes; of a body that pulls: lent at once. */
  concurrency: z.int().min(1).max(1000).nullable().default(null),
  /** When deliveries may start; none given = always. */
  windows: z.array(PaceWindow).max(20).default([]),
  /** Percent of the window that bulk may take while it goes to this body. */
  bulkShare: z.int().min(1).max(100).default(25),
  /** Actions of this body, as a sender, that are bulk: a first load. */
  bulkActions: z
    .array(z.string().refine((name): boolean => isAction(name), 'not in the table of actions'))
    .max(100)
    .default([]),
})
export type Pace = z.output<typeof Pace>

export const noPace: Pace = Pace.parse({})

/** Whether something must be counted before a delivery to this body may start. */
export const isMetered = ({ perSecond, concurrency }: Pace): boolean =>
  perSecond !== null || concurrency !== null

const minuteMs = 60_000
const dayMs = 1440 * minuteMs
/** Asia/Ho_Chi_Minh; it knows no summer time. */
const zoneMs = 7 * 60 * minuteMs

const msOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return (hours * 60 + minutes) * minuteMs
}

/** 1 = Monday; day 0 of the epoch was a Thursday. */
const weekday = (day: number): number => ((day + 3) % 7) + 1

interface Span {
  readonly from: number
  readonly to: number
}

/** Spans of the next eight days as local ms. */
function spans(windows: Pace['windows'], local: number): readonly Span[] {
  const today = Math.floor(local / dayMs)
  return Array.from({ length: 8 }, (_, ahead) => today + ahead).flatMap((day) =>
    windows
      .filter(({ days }) => days.includes(weekday(day)))
      .map(({ from, to }) => ({ from: day * dayMs + msOf(from), to: day * dayMs + msOf(to) })),
  )
}

/** 0 while deliveries may start at `now` (ms), else when the next window opens (ms). */
export function shutUntil({ windows }: Pace, now: number): number {
  if (windows.length === 0) return 0
  const local = now + zoneMs
  const coming = spans(windows, local)
  if (coming.some(({ from, to }) => from <= local && local < to)) return 0
  return Math.min(...coming.map(({ from }) => from).filter((from) => from > local)) - zoneMs
}

/** What may start at once after a silence. */
const burst = (perSecond: number): number => Math.max(1, Math.ceil(perSecond / 4))

const meterStart = (perSecond: number, paidUntil: number, now: number): number =>
  Math.max(paidUntil, now - (burst(perSecond) * 1000) / perSecond)

/** How many deliveries may start at `now`, the rate being paid until `paidUntil` (ms). */
export function affordable(perSecond: number | null, paidUntil: number, now: number): number {
  if (perSecond === null) return Infinity
  const start = meterStart(perSecond, paidUntil, now)
  return Math.max(0, Math.floor(((now - start) * perSecond) / 1000 + 1e-6))
}

/** Until when the rate is paid after `started` deliveries at `now`. */
export function paidAfter(
  perSecond: number,
  paidUntil: number,
  { now, started }: { readonly now: number; readonly started: number },
): number {
  return Math.ceil(meterStart(perSecond, paidUntil, now) + (started * 1000) / perSecond)
}
