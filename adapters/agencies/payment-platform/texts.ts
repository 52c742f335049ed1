/** Fields over which MaXacThuc is made, in their order, by LoaiBanTin (dvcqg §9.1). */
const marked = {
  INIT: [
    'LoaiBanTin',
    'PhienBan',
    'MaDoiTac',
    'MaThamChieu',
    'SoTien',
    'LoaiHinhThanhToan',
    'MaKenhThanhToan',
    'MaThietBi',
    'NgonNgu',
    'MaTienTe',
    'MaNganHang',
    'ThongTinGiaoDich',
    'ThoiGianGD',
    'Ip',
  ],
  CONFIRM: [
    'LoaiBanTin',
    'MaLoi',
    'MaDoiTac',
    'MaThamChieu',
    'SoTien',
    'MaTienTe',
    'MaGiaoDich',
    'MaNganHang',
    'ThoiGianGD',
    'ThongTinGiaoDich',
  ],
  QUERY: ['LoaiBanTin', 'PhienBan', 'MaDoiTac', 'MaThamChieu', 'ThoiGianGD'],
  GET_BILL: ['LoaiBanTin', 'PhienBan', 'MaDoiTac', 'MaThamChieu', 'ThoiGianGD'],
} as const satisfies Record<string, readonly string[]>

export type PlatformKind = keyof typeof marked

export const isPlatformKind = (kind: string): kind is PlatformKind => Object.hasOwn(marked, kind)

/** The text that a mark is made over: fields as they were written, joined by bars. The receipt block is not part of it. */
export const markedText = (kind: PlatformKind, text: (name: string) => string): string =>
  marked[kind].map(text).join('|')

/** Fields of an answer over which its mark is made. No source shows them: they are those of the answer, in its order. */
export const markedAnswer = ['MaLoi', 'MoTaLoi', 'MaDoiTac', 'MaThamChieu', 'ThoiGianGD'] as const
