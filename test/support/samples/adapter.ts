import type { Payload } from '../../../schemas/message.ts'

/** A dossier as a client of the adapter writes it (dvcqg §3.2): an older set of fields, with a phone number in `Fax`. */
export function adapterDossier(maHoSo: string, more: Payload = {}): Payload {
  return {
    MaHoSo: maHoSo,
    MaTTHC: '1.009901',
    TENTTHC: 'Cấp lại giấy phép thử nghiệm',
    MALINHVUC: 'G03-GD10',
    ChuHoSo: 'Phạm Thị Mẫu',
    LoaiDoiTuong: '1',
    MaDoiTuong: '',
    Fax: '0900000101',
    TrichYeuHoSo: 'Đề nghị cấp lại giấy phép',
    NgayTiepNhan: '20261121083000',
    NgayHenTra: '25/11/2026',
    TrangThaiHoSo: '2',
    TaiLieuNop: [{ TepDinhKemId: '880101', TenTepDinhKem: 'don.pdf', IsDeleted: 'False' }],
    ...more,
  }
}

/** A step of a dossier (dvcqg §4). */
export function adapterStep(maHoSo: string, more: Payload = {}): Payload {
  return {
    MaHoSo: maHoSo,
    NguoiXuLy: 'Trần Văn Thử',
    ThoiDiemXuLy: '20261121100000',
    NoiDungXuLy: 'Thẩm định hồ sơ',
    TrangThai: '4',
    ...more,
  }
}
