import { batchOf, code, date, digits, key, number, prose, record, text } from '../fields.ts'

/** Upper case and all: the national names of the question services (dvcqg §7). */
const question = record({
  HOIDAPID: key(),
  MADONVI: code,
  TENDONVI: text(),
  MALINHVUC: code,
  MaLinhVuc: code,
  MATTHCDP: code,
  NOIDUNG: prose,
  HOVATEN: text(),
  DIACHI: text(),
  THUDIENTU: text(),
  SODIENTHOAI: text(),
  TRANGTHAI: digits,
  TRALOIID: code,
  NGUOITRALOI: text(),
  CHUCVUNGUOITRALOI: text(),
  NGAYTRALOI: date,
  NOIDUNGTRALOI: prose,
  DIEM: number,
  NOIDUNGDANHGIA: prose,
  NGAYDANHGIA: date,
})

const rows = record({ data: batchOf('HOIDAPID', question) })

/** Payloads of the question family (draft 2025 Art. 25.3g), by action; all rows of a message are about one question. */
export const questionPayloads = { asked: rows, answered: rows, rated: rows }
