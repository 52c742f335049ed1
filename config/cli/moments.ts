import { InvalidArgumentError } from 'commander'

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const iso = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/

/** How a moment is written, for help texts. */
export const momentForm = '2026-11-22T08:00:00+07:00, 36h, 7d'

/** Reads an option that names a moment: ISO 8601 with its zone (a day alone begins in UTC), or so long ago. Answers ms since 1970. */
export function moment(now: () => number): (text: string) => number {
  return (text) => {
    const [, count = '', unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
    const at = unit === undefined ? isoMs(text) : now() - Number(count) * unitMs[unit as keyof typeof unitMs] // one of its letters
    if (at >= 0) return at
    throw new InvalidArgumentError(`cần thời điểm · a moment, such as ${momentForm}`)
  }
}

/** NaN where it is none. */
function isoMs(text: string): number {
  return iso.test(text) ? Date.parse(text) : NaN
}
