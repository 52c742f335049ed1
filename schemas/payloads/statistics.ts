import { count, date, key, number, prose, record, text } from '../fields.ts'

/** Payloads of the statistics family (draft 2025 Art. 25.3c): one body, one period; a later report replaces an earlier one. */
export const statisticsPayloads = {
  reported: record({
    MaDonVi: key(64),
    KyBaoCao: key(32),
    TenDonVi: text(),
    TuNgay: date,
    DenNgay: date,
    TonKyTruoc: count,
    TiepNhanMoi: count,
    TongSo: count,
    DaGiaiQuyet: count,
    DungHan: count,
    TreHan: count,
    DangGiaiQuyet: count,
    DangGiaiQuyetTreHan: count,
    TyLeDungHan: number,
    GhiChu: prose,
  }),
}
