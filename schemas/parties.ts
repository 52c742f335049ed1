import { textOf } from './fields.ts'
import type { Json, Payload } from './message.ts'
import { objectIn } from './objects.ts'

/** Whom a payload speaks of; codes as written, to be looked up in the directory. */
export interface Parties {
  /** MaHoSo of the dossiers concerned, without repeats: none when a bank's notice carries only its reference. */
  readonly dossiers: readonly string[]
  /** Bodies named as receiving, co-handling or in charge, without repeats. */
  readonly competent: readonly string[]
}

const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : []
const codeIn = (row: Payload, name: string) => textOf(row[name]).trim()
const distinct = (codes: readonly string[]) => [...new Set(codes.filter((code) => code !== ''))]

function dossierOf(row: Payload): string {
  return codeIn(row, 'MaHoSo') || codeIn(objectIn(row['ThongTinBienLai']), 'MaHoSo')
}

/** The body a petition is handed to stands before the one that has it. */
function competentOf(row: Payload): readonly string[] {
  const coHandling = listOf(row['DanhSachDonViPhoiHop']).map((unit) => codeIn(objectIn(unit), 'MaDonVi'))
  return [codeIn(row, 'MaDonViNhan') || codeIn(row, 'MaDonVi') || codeIn(row, 'MADONVI'), ...coHandling]
}

/** Finds the dossiers and the bodies that a payload names, for the recipient rules `dossier-owner` and `competent`. */
export function partiesOf(payload: Payload): Parties {
  const { data } = payload
  const rows = Array.isArray(data) ? listOf(data).map(objectIn) : [payload]
  return { dossiers: distinct(rows.map(dossierOf)), competent: distinct(rows.flatMap(competentOf)) }
}
