/** One value of a code list. */
export interface CodeRow {
  readonly code: string
  readonly vi: string
  readonly en: string
}

/** The national code lists, as data (dvcqg §3.2, §3.3, §9, §16; draft 2025 Art. 5). Codes are text, as they travel. */
export const codeLists = {
  TrangThaiHoSo: [
    { code: '1', vi: 'Mới đăng ký', en: 'newly registered' },
    { code: '2', vi: 'Đã tiếp nhận', en: 'received' },
    { code: '3', vi: 'Không tiếp nhận', en: 'not received' },
    { code: '4', vi: 'Đang xử lý', en: 'in process' },
    { code: '5', vi: 'Yêu cầu bổ sung giấy tờ', en: 'supplement requested' },
    { code: '6', vi: 'Yêu cầu thực hiện nghĩa vụ tài chính', en: 'financial obligation requested' },
    { code: '7', vi: 'Công dân yêu cầu rút hồ sơ', en: 'citizen asks to withdraw' },
    { code: '8', vi: 'Dừng xử lý', en: 'processing stopped' },
    { code: '9', vi: 'Đã xử lý xong', en: 'processing finished' },
    { code: '10', vi: 'Đã trả kết quả', en: 'result returned' },
  ],
  KenhThucHien: [
    { code: '1', vi: 'Trực tiếp', en: 'in person' },
    { code: '2', vi: 'Trực tuyến', en: 'online' },
    { code: '3', vi: 'Bưu chính công ích', en: 'public postal service' },
  ],
  LoaiDoiTuong: [
    { code: '1', vi: 'Người dân', en: 'citizen' },
    { code: '2', vi: 'Doanh nghiệp', en: 'business' },
    { code: '3', vi: 'Cơ quan nhà nước', en: 'state agency' },
    { code: '4', vi: 'Tổ chức khác', en: 'other organisation' },
  ],
  HinhThuc: [
    { code: '0', vi: 'Trả kết quả trực tiếp', en: 'result in person' },
    { code: '1', vi: 'Trả kết quả qua bưu chính', en: 'result by post' },
  ],
  NoiNopHoSo: [
    { code: '1', vi: 'Từ Cổng Dịch vụ công quốc gia', en: 'from the national portal' },
    { code: '2', vi: 'Từ cổng của bộ, ngành, địa phương', en: "from the body's own portal" },
  ],
  HinhThucThu: [
    { code: '1', vi: 'Thu khi tiếp nhận', en: 'at reception' },
    { code: '2', vi: 'Thu khi bổ sung', en: 'at supplement' },
    { code: '4', vi: 'Thu khi trả kết quả', en: 'at return' },
  ],
  DuocThanhToanTrucTuyen: [
    { code: '0', vi: 'Không phải nộp', en: 'nothing to pay' },
    { code: '1', vi: 'Trực tuyến trên nền tảng quốc gia', en: 'online, on the national platform' },
    { code: '2', vi: 'Trực tuyến trên cổng của cơ quan', en: "online, on the agency's own gateway" },
    { code: '3', vi: 'Có phí, không nộp trực tuyến', en: 'a fee, not paid online' },
  ],
  LoaiDinhDanh: [
    { code: '1', vi: 'Số định danh cá nhân 12 số', en: 'citizen id of 12 digits' },
    { code: '2', vi: 'Chứng minh nhân dân 9 số', en: 'old identity card of 9 digits' },
  ],
  TrangThaiGD: [
    { code: '1', vi: 'Thành công', en: 'success' },
    { code: '3', vi: 'Đang chờ', en: 'pending' },
    { code: '4', vi: 'Thất bại', en: 'failed' },
  ],
  LoaiBanTin: [
    { code: 'INIT', vi: 'Khởi tạo giao dịch', en: 'start of a transaction' },
    { code: 'CONFIRM', vi: 'Xác nhận kết quả', en: 'result of a transaction' },
    { code: 'QUERY', vi: 'Truy vấn giao dịch', en: 'query of a transaction' },
    { code: 'GET_BILL', vi: 'Lấy biên lai', en: 'request for the receipt' },
  ],
  DanhMuc: [
    { code: '1', vi: 'Thủ tục hành chính', en: 'procedures' },
    { code: '2', vi: 'Dịch vụ công trực tuyến', en: 'online services' },
    { code: '3', vi: 'Cơ quan', en: 'agencies' },
    { code: '4', vi: 'Đơn vị hành chính', en: 'administrative units' },
    { code: '5', vi: 'Ngành, lĩnh vực', en: 'fields' },
    { code: '6', vi: 'Kết quả giải quyết thủ tục hành chính', en: 'results of procedures' },
    { code: '7', vi: 'Tài khoản Kho bạc Nhà nước tại ngân hàng', en: 'Treasury accounts at banks' },
    { code: '8', vi: 'Loại hình thu ngân sách nhà nước', en: 'kinds of budget revenue' },
    { code: '9', vi: 'Ngân hàng, trung gian thanh toán', en: 'banks and payment intermediaries' },
  ],
  ThaoTac: [
    { code: 'them', vi: 'Thêm', en: 'add' },
    { code: 'sua', vi: 'Sửa', en: 'amend' },
    { code: 'bai-bo', vi: 'Bãi bỏ', en: 'abolish' },
  ],
  /** Our own words for the states that the regulation names (draft 2025 Art. 38 to 41): no public list has codes. */
  TrangThaiPAKN: [
    { code: 'MOI_TIEP_NHAN', vi: 'Mới tiếp nhận', en: 'received' },
    { code: 'TU_CHOI', vi: 'Từ chối tiếp nhận', en: 'refused' },
    { code: 'CHO_BO_SUNG', vi: 'Chờ bổ sung', en: 'waiting for a supplement' },
    { code: 'DA_BO_SUNG', vi: 'Đã bổ sung', en: 'supplemented' },
    { code: 'DA_CHUYEN', vi: 'Đã chuyển cơ quan khác', en: 'forwarded' },
    { code: 'DANG_XU_LY', vi: 'Đang xử lý', en: 'in process' },
    { code: 'DA_TRA_LOI', vi: 'Đã trả lời', en: 'answered' },
    { code: 'TRA_LAI', vi: 'Trả lại', en: 'returned' },
    { code: 'DA_CONG_KHAI', vi: 'Đã công khai', en: 'published' },
    { code: 'DA_RUT', vi: 'Đã rút', en: 'withdrawn' },
  ],
  /** How a petition arrived (draft 2025 Art. 38.2): only the first kind needs a portal account. */
  NguonPAKN: [
    { code: '1', vi: 'Cổng Dịch vụ công quốc gia', en: 'the portal' },
    { code: '2', vi: 'Văn bản', en: 'on paper' },
    { code: '3', vi: 'Điện thoại', en: 'by telephone' },
    { code: '4', vi: 'Fax, thư điện tử', en: 'by fax or e-mail' },
  ],
  /** The eight role groups (guide 2026 Art. 12.1); the codes are ours. */
  NhomVaiTro: [
    { code: 'tiep-nhan', vi: 'Cán bộ tiếp nhận', en: 'reception' },
    { code: 'xu-ly', vi: 'Cán bộ xử lý', en: 'processing' },
    { code: 'giam-sat', vi: 'Cán bộ giám sát', en: 'supervision' },
    { code: 'tra-ket-qua', vi: 'Cán bộ trả kết quả', en: 'return of results' },
    { code: 'van-thu', vi: 'Cán bộ văn thư', en: 'records office' },
    { code: 'thu-phi', vi: 'Cán bộ thu phí, lệ phí', en: 'fees' },
    { code: 'lanh-dao', vi: 'Lãnh đạo đơn vị', en: 'head of unit' },
    { code: 'quan-tri', vi: 'Quản trị đơn vị', en: 'unit administrator' },
  ],
  /** States of an edXML document (edXML axis §4.1). */
  StatusCode: [
    { code: '01', vi: 'Đã đến', en: 'arrived' },
    { code: '02', vi: 'Từ chối tiếp nhận', en: 'refused' },
    { code: '03', vi: 'Đã tiếp nhận', en: 'accepted' },
    { code: '04', vi: 'Phân công xử lý', en: 'assigned' },
    { code: '05', vi: 'Đang xử lý', en: 'in process' },
    { code: '06', vi: 'Hoàn thành', en: 'completed' },
    { code: '13', vi: 'Lấy lại', en: 'asked back' },
    { code: '15', vi: 'Đồng ý lấy lại hoặc cập nhật', en: 'agreed' },
    { code: '16', vi: 'Từ chối lấy lại hoặc cập nhật', en: 'not agreed' },
  ],
} as const satisfies Record<string, readonly CodeRow[]>

export type CodeListName = keyof typeof codeLists

/** The usual moves of a dossier between states. Others are carried and flagged; 3, 8 and 10 end it. */
export const usualMoves: Readonly<Record<string, readonly string[]>> = {
  '1': ['2', '3', '5', '7'],
  '2': ['4', '5', '6', '7', '8', '9'],
  '3': [],
  '4': ['5', '6', '7', '8', '9'],
  '5': ['2', '4', '7', '8'],
  '6': ['4', '7', '8', '9'],
  '7': ['4', '8'],
  '8': [],
  '9': ['10', '4'],
  '10': [],
}

/** Whether a dossier usually goes from one state to the other. */
export function isUsualMove(from: string, to: string): boolean {
  return Object.hasOwn(usualMoves, from) && (usualMoves[from] ?? []).includes(to)
}

const known = new Map<string, ReadonlySet<string>>(
  Object.entries(codeLists).map(([name, rows]) => [name, new Set(rows.map((row) => row.code))]),
)

/** Whether a code list has this code. */
export function isKnownCode(list: CodeListName, code: string): boolean {
  return known.get(list)?.has(code) ?? false
}
