import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import { formed, isoDate, whole } from '../dossiers/forms.ts'

/** A step with its time, in the forms of `CapNhatTienTrinh` (dvcqg §12.5). */
export const theirStep = (row: Payload): Payload =>
  formed(row, {
    ...{ ThoiDiemXuLy: isoDate, NgayBatDau: isoDate, NgayKetThucTheoQuyDinh: isoDate },
    TrangThai: whole,
  })

/** States in which results may be told (dvcqg §12.6). */
const withResults: ReadonlySet<string> = new Set(['5', '6', '9'])

/** A state in the forms of `CapNhatTrangThai`; null where it has none, or results that it may not have. */
export function theirState({ DanhSachGiayToKetQua: results = [], ...row }: Payload): Payload | null {
  const state = textOf(row['TrangThai'])
  const hasResults = Array.isArray(results) && results.length > 0
  if (state === '' || (hasResults && !withResults.has(state))) return null
  return { ...formed(row, { TrangThai: whole }), ...(hasResults && { DanhSachGiayToKetQua: results }) }
}
