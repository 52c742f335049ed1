import { code, date, key, part, prose, record, text, words } from '../fields.ts'

/** A row of a shared catalogue is named by its catalogue and its code; catalogue 10 is an open class, so no list is enforced. */
const row = record({
  DanhMuc: key(32),
  Ma: key(160),
  ThaoTac: words('them', 'sua', 'bai-bo'),
  MaDonVi: code,
  SoQuyetDinh: code,
  NgayQuyetDinh: date,
  NgayHieuLuc: date,
  NoiDung: part({}),
  TruongDuLieu: text(),
  NoiDungDeNghi: prose,
  LyDo: prose,
  NgayDeNghi: date,
  NgayCapNhat: date,
  KetQua: prose,
})

/** Payloads of the catalogue family (draft 2025 Art. 5, 10 to 19), by action. `NoiDung` is the row itself. */
export const catalogPayloads = { changed: row, 'correction-requested': row, corrected: row }
