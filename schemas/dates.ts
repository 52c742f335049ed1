/** Vietnam keeps UTC+7 all year round, so a fixed offset is exact. */
const zoneMs = 7 * 3_600_000
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

interface Moment {
  readonly date: readonly [year: number, month: number, day: number]
  readonly time: readonly [hour: number, minute: number, second: number, millisecond: number]
  readonly offsetMs: number
}

/** Every form a real client sends: national, slashed, dashed, SQL, ISO, edXML. One row per order of the parts. */
const forms: readonly { readonly pattern: RegExp; readonly read: (part: RegExpExecArray) => Moment }[] = [
  {
    pattern: /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?$/,
    read: ([, year, month, day, hour, minute, second]) => ({
      date: [Number(year), Number(month), Number(day)],
      time: [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), 0],
      offsetMs: zoneMs,
    }),
  },
  {
    pattern: /^(\d\d)([/-])(\d\d)\2(\d{4})(?: (\d\d):(\d\d):(\d\d))?$/,
    read: ([, day, , month, year, hour, minute, second]) => ({
      date: [Number(year), Number(month), Number(day)],
      time: [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), 0],
      offsetMs: zoneMs,
    }),
  },
  {
    pattern:
      /^(\d{4})([-/])(\d\d)\2(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/,
    read: ([, year, , month, day, hour, minute, second, fraction, zone]) => ({
      date: [Number(year), Number(month), Number(day)],
      time: [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), millisecondsOf(fraction)],
      offsetMs: offsetOf(zone),
    }),
  },
]

function millisecondsOf(fraction = ''): number {
  return Number(fraction.slice(0, 3).padEnd(3, '0'))
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined) return zoneMs
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 14 || minutes > 59) return Number.NaN
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && leap ? 29 : (monthDays[month - 1] ?? 0)
}

/** Milliseconds of a moment, or null when the calendar or the clock has no such moment. */
function stamp({ date: [year, month, day], time: [hour, minute, second, millisecond], offsetMs }: Moment) {
  if (year < 1 || day < 1 || day > daysIn(year, month)) return null
  if (hour > 23 || minute > 59 || second > 59 || Number.isNaN(offsetMs)) return null
  const time = Date.UTC(2000, 0, 1, hour, minute, second, millisecond) - Date.UTC(2000, 0, 1)
  // Date.UTC reads the years 0 to 99 as 1900 to 1999; .NET clients send year 1 for "unset".
  const midnight =
    year > 99 ? Date.UTC(year, month - 1, day) : new Date(0).setUTCFullYear(year, month - 1, day)
  return midnight + time - offsetMs
}

/**
 * Reads a date as partners write it: `yyyyMMddHHmmss` first of all, and every other form they are known to send
 * (dvcqg §19 rule 9, edXML's `yyyy/MM/dd HH:mm:ss`). Asia/Ho_Chi_Minh unless the text gives a zone.
 * Returns milliseconds since 1970, or null when the text is no date or the calendar has no such day.
 */
export function readDate(text: string): number | null {
  for (const { pattern, read } of forms) {
    const parts = pattern.exec(text)
    if (parts) return stamp(read(parts))
  }
  return null
}

/** Writes `yyyyMMddHHmmss` in Asia/Ho_Chi_Minh; parts of a second are dropped. Throws RangeError outside the years 1 to 9999. */
export function writeDate(ms: number): string {
  const text = new Date(ms + zoneMs).toISOString()
  if (text.length !== 24 || text.startsWith('0000')) throw new RangeError('year outside 1 to 9999')
  return text.slice(0, 19).replace(/\D/g, '')
}
