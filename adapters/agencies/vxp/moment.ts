import { readDate, writeDate } from '../../../schemas/dates.ts'

const form = /^(\d\d)(\d\d)(\d{4})T(\d{6})\+(\d{4})$/

/** `ddMMyyyy'T'HHmmss+SSSS` in Vietnam: what looks like a zone is milliseconds, padded to four digits (edxml §5). */
export function writeMoment(ms: number): string {
  const [, year = '', month = '', day = '', time = ''] =
    /^(\d{4})(\d\d)(\d\d)(\d{6})$/.exec(writeDate(ms)) ?? []
  return `${day}${month}${year}T${time}+${String(ms % 1000).padStart(4, '0')}`
}

/** Milliseconds since 1970, or null where it is none. */
export function readMoment(text: string): number | null {
  const [, day, month, year, time, milliseconds] = form.exec(text) ?? []
  const second = readDate(`${year ?? ''}${month ?? ''}${day ?? ''}${time ?? ''}`)
  return second === null || Number(milliseconds) > 999 ? null : second + Number(milliseconds)
}

/** `dd/MM/yyyy HH:mm:ss`, as filters of lists have it, or any other form of a date. Undefined where there is none. */
export function readFilter(text: string): number | undefined {
  const [, day, month, year, time = ''] = /^(\d\d)[/-](\d\d)[/-](\d{4}) (\d\d:\d\d:\d\d)$/.exec(text) ?? []
  const swapped = year === undefined ? text : `${year}-${month ?? ''}-${day ?? ''} ${time}`
  return readDate(swapped) ?? undefined
}

/** The same as the official client's sample writes it. */
export function writeFilter(ms: number): string {
  return writeDate(ms).replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$3/$2/$1 $4:$5:$6')
}

/** `yyyy/MM/dd HH:mm:ss`, as edXML has it. */
export function writeTime(ms: number): string {
  return writeDate(ms).replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1/$2/$3 $4:$5:$6')
}
