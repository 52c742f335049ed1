import { readDate, writeDate } from '../../../schemas/dates.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { LgspOptions } from './options.ts'
import { nationalOf, theirsOf } from './shaped.ts'
import { statistic, vote } from './shapes.ts'

const unreadable = (field: string, reason: string) => new GatewayError('invalid_field', { field, reason })

/** Figures of a month, or of a year, as a national report of the period `yyyy-MM` or `yyyy`. Throws `invalid_field`. */
export function nationalStatistic(row: Payload, body: string): Payload {
  const { Month, Year, IsMonthStatistic, ...figures } = nationalOf(row, statistic)
  const year = textOf(Year).trim()
  const month = textOf(Month).trim().padStart(2, '0')
  if (!/^\d{4}$/.test(year)) throw unreadable('Year', 'not a year')
  const isMonth = /^(?:true|1)$/i.test(textOf(IsMonthStatistic))
  if (isMonth && !/^(?:0[1-9]|1[0-2])$/.test(month)) throw unreadable('Month', 'not a month')
  return { ...figures, MaDonVi: unitIn(figures, body), KyBaoCao: isMonth ? `${year}-${month}` : year }
}

/** What people said of a body, as a report of the day on which it was gathered. Throws `invalid_field`. */
export function nationalVote(row: Payload, body: string): Payload {
  const { DateCreated, ...figures } = nationalOf(row, vote)
  const ms = readDate(textOf(DateCreated))
  if (ms === null) throw unreadable('DateCreated', 'not a date')
  const NgayTao = writeDate(ms)
  return { ...figures, MaDonVi: unitIn(figures, body), KyBaoCao: `${votes}${NgayTao.slice(0, 8)}`, NgayTao }
}

const votes = 'danh-gia-'

const unitIn = (figures: Payload, body: string): string => textOf(figures['MaDonVi']).trim() || body

/** A national report as LGSP has it; null for a period that is neither a month nor a year. */
export function theirReport(
  { KyBaoCao, NgayTao = '', ...figures }: Payload,
  { dates }: LgspOptions,
): { readonly isVote: boolean; readonly body: Payload } | null {
  const period = textOf(KyBaoCao)
  if (period.startsWith(votes)) {
    const body = theirsOf({ ...figures, DateCreated: NgayTao }, vote, dates)
    return { isVote: true, body }
  }
  const [, year, month] = /^(\d{4})(?:-(0[1-9]|1[0-2]))?$/.exec(period) ?? []
  if (year === undefined) return null
  const of = { Month: Number(month ?? 0), Year: Number(year), IsMonthStatistic: month !== undefined }
  return { isVote: false, body: { ...of, ...theirsOf(figures, statistic, dates) } }
}
