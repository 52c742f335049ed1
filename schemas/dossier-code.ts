/**
 * Codes of dossiers: agency code, date, sequence. Four to seven digits of sequence and six or eight of date are in use
 * (dvcqg §16.2). Codes outside it exist and are carried; they are only flagged.
 */
export const dossierCodePattern = /^([A-Z0-9]+(?:\.[A-Z0-9]+)*)-(\d{6}|\d{8})-(\d{3,7})$/

/**
 * How bodies number their dossiers (dvcqg §16.2): since 2018 four digits that begin again each day, since 2026 seven that begin again
 * each year. A code of one can never be one of the other. `day`: yyyyMMdd.
 */
export const numberings = {
  '2018': { digits: 4, period: (day: string) => day.slice(2), date: (day: string) => day.slice(2) },
  '2026': { digits: 7, period: (day: string) => day.slice(0, 4), date: (day: string) => day },
} as const

export type Numbering = keyof typeof numberings

/** Writes the code of a dossier; a sequence with more digits than usual keeps them all. */
export function writeDossierCode(
  { agency, day, sequence }: { readonly agency: string; readonly day: string; readonly sequence: number },
  numbering: Numbering,
): string {
  const { digits, date } = numberings[numbering]
  return `${agency}-${date(day)}-${String(sequence).padStart(digits, '0')}`
}

const resultCodePattern = /^(.+)-KQ(?:([1-9]\d{0,3})|\(([1-9]\d{0,3})\))$/

export interface DossierCode {
  readonly agency: string
  /** As written: `YYMMDD` or `YYYYMMDD`. */
  readonly date: string
  readonly sequence: string
}

/** Takes a dossier code apart, or returns null when it is not in the usual form. The date is not checked. */
export function readDossierCode(text: string): DossierCode | null {
  const [, agency, date, sequence] = dossierCodePattern.exec(text) ?? []
  if (agency === undefined || date === undefined || sequence === undefined) return null
  return { agency, date, sequence }
}

export interface ResultCode {
  readonly dossier: string
  /** Counts the results of one dossier from 1. */
  readonly number: number
}

/** Takes a result code `MaHoSo-KQ1` or `MaHoSo-KQ(1)` apart (NĐ45 Art. 14.3d), or returns null. */
export function readResultCode(text: string): ResultCode | null {
  const [, dossier, plain, bracketed] = resultCodePattern.exec(text) ?? []
  if (dossier === undefined) return null
  return { dossier, number: Number(plain ?? bracketed) }
}

/** Writes a result code in the form of the decree, `MaHoSo-KQ1`. */
export function writeResultCode({ dossier, number }: ResultCode): string {
  return `${dossier}-KQ${number}`
}
