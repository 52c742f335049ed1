import type { ByAction } from '../notices/notice.ts'

/** What a mail says: Vietnamese first, then English. A line without any of its values is left out. */
export interface MailText {
  readonly subject: string
  readonly text: string
}

const noticeText = `{TieuDe}
{NoiDung}
Từ: {TuThoiGian}
Đến: {DenThoiGian}
Hồ sơ: {MaHoSo}
Mức độ: {MucDo}
Đơn vị: {MaDonVi}
Nơi gửi: {CoQuan}

From: {TuThoiGian}
Until: {DenThoiGian}
Dossier: {MaHoSo}
Level: {MucDo}
Unit: {MaDonVi}
Sent by: {CoQuan}`

/** The usual texts. */
export const usualTexts: ByAction<MailText> = {
  'status.updated': {
    subject: 'Hồ sơ {MaHoSo}: {TenTrangThai} · {TenTrangThaiEn}',
    text: `Hồ sơ: {MaHoSo}
Trạng thái: {TenTrangThai}
Thời điểm: {ThoiDiem}
Nội dung: {NoiDung}
Bộ phận xử lý: {PhongBanXuLy}
Nơi gửi: {CoQuan}

Dossier: {MaHoSo}
State: {TenTrangThaiEn}
Time: {ThoiDiem}
Handled by: {PhongBanXuLy}
Sent by: {CoQuan}`,
  },
  'notice.alert': { subject: 'Cảnh báo · Alert: {TieuDe}', text: noticeText },
  'notice.maintenance': { subject: 'Bảo trì · Maintenance: {TieuDe}', text: noticeText },
  'notice.incident': { subject: 'Sự cố · Incident: {TieuDe}', text: noticeText },
  'notice.notification': { subject: 'Thông báo · Notice: {TieuDe}', text: noticeText },
}
