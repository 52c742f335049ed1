import { randomUUID } from 'node:crypto'

/** One row of the error table: what the caller sees and what it should do. */
export interface ErrorRow {
  /** HTTP status of the answer. */
  readonly status: number
  /** Whether the same request may succeed later without a change by the sender. */
  readonly retryable: boolean
  readonly vi: string
  readonly en: string
}

/** Every error a caller can meet; the key is the stable code. */
export const errors = {
  malformed_request: {
    status: 400,
    retryable: false,
    vi: 'Yêu cầu không đọc được.',
    en: 'The request cannot be read.',
  },
  malformed_xml: {
    status: 400,
    retryable: false,
    vi: 'Phong bì XML không hợp lệ.',
    en: 'The XML envelope is not acceptable.',
  },
  invalid_field: {
    status: 400,
    retryable: false,
    vi: 'Trường dữ liệu không hợp lệ.',
    en: 'A field is not valid.',
  },
  unknown_action: {
    status: 400,
    retryable: false,
    vi: 'Loại thông điệp không có trong danh mục.',
    en: 'The action is not in the table of actions.',
  },
  unsupported_grant: {
    status: 400,
    retryable: false,
    vi: 'Kiểu cấp thẻ truy cập không được hỗ trợ.',
    en: 'The grant type is not supported.',
  },
  unauthenticated: {
    status: 401,
    retryable: false,
    vi: 'Chưa xác thực hoặc khóa không đúng.',
    en: 'The credential is missing or wrong.',
  },
  forbidden: {
    status: 403,
    retryable: false,
    vi: 'Cơ quan không được cấp quyền này.',
    en: 'The body is not granted this.',
  },
  bad_signature: {
    status: 403,
    retryable: false,
    vi: 'Chữ ký số không hợp lệ.',
    en: 'The signature is not valid.',
  },
  weak_algorithm: {
    status: 403,
    retryable: false,
    vi: 'Thuật toán hoặc khóa không đủ mạnh.',
    en: 'The algorithm or key is not strong enough.',
  },
  untrusted_certificate: {
    status: 403,
    retryable: false,
    vi: 'Chứng thư số không được tin cậy.',
    en: 'The certificate is not trusted.',
  },
  undecryptable: {
    status: 403,
    retryable: false,
    vi: 'Không giải mã được nội dung.',
    en: 'The content cannot be decrypted.',
  },
  not_found: { status: 404, retryable: false, vi: 'Không tìm thấy.', en: 'Not found.' },
  method_not_allowed: {
    status: 405,
    retryable: false,
    vi: 'Phương thức không được hỗ trợ.',
    en: 'The method is not supported.',
  },
  reference_conflict: {
    status: 409,
    retryable: false,
    vi: 'Số tham chiếu đã dùng cho nội dung khác.',
    en: 'The reference was used for other content.',
  },
  conflict: {
    status: 409,
    retryable: false,
    vi: 'Thay đổi này làm hỏng dữ liệu đang dùng.',
    en: 'The change would break what is in use.',
  },
  lease_lost: {
    status: 409,
    retryable: true,
    vi: 'Hết thời gian giữ thông điệp; hãy nhận lại.',
    en: 'The lease on the delivery ended; pull it again.',
  },
  not_delivered: {
    status: 409,
    retryable: true,
    vi: 'Thông điệp chưa được ghi nhận là đã giao; hãy thử lại sau.',
    en: 'The delivery is not recorded as delivered yet; try again later.',
  },
  already_settled: {
    status: 409,
    retryable: false,
    vi: 'Thông điệp đã có kết quả khác.',
    en: 'The delivery already has another outcome.',
  },
  stale_version: {
    status: 412,
    retryable: false,
    vi: 'Bản ghi đã được người khác sửa; hãy đọc lại rồi sửa.',
    en: 'Somebody else has changed the entry; read it again first.',
  },
  wrong_state: {
    status: 409,
    retryable: false,
    vi: 'Trạng thái hiện tại không cho phép.',
    en: 'The present state does not allow this.',
  },
  too_large: {
    status: 413,
    retryable: false,
    vi: 'Nội dung vượt giới hạn.',
    en: 'The content exceeds a limit.',
  },
  range_not_satisfiable: {
    status: 416,
    retryable: false,
    vi: 'Đoạn yêu cầu nằm ngoài tệp.',
    en: 'The range asked for lies outside the file.',
  },
  unsupported_media: {
    status: 415,
    retryable: false,
    vi: 'Kiểu nội dung không được hỗ trợ.',
    en: 'The content type is not supported.',
  },
  unroutable: {
    status: 422,
    retryable: false,
    vi: 'Không xác định được nơi nhận.',
    en: 'No recipient can be found.',
  },
  expired: { status: 422, retryable: false, vi: 'Thông điệp đã quá hạn.', en: 'The message has expired.' },
  body_suspended: {
    status: 422,
    retryable: false,
    vi: 'Cơ quan đang tạm ngừng kết nối.',
    en: 'The body is suspended.',
  },
  refused_by_recipient: {
    status: 422,
    retryable: false,
    vi: 'Bên nhận từ chối.',
    en: 'The recipient refused it.',
  },
  version_required: {
    status: 428,
    retryable: false,
    vi: 'Cần tiêu đề If-Match với ETag đã đọc.',
    en: 'If-Match with the ETag that was read is required.',
  },
  file_withheld: {
    status: 502,
    retryable: false,
    vi: 'Hệ thống giữ tệp không đưa tệp này.',
    en: 'The system that holds the file did not give it.',
  },
  file_unreachable: {
    status: 503,
    retryable: true,
    vi: 'Hệ thống giữ tệp chưa trả lời; hãy thử lại sau.',
    en: 'The system that holds the file does not answer; try again later.',
  },
  body_draining: {
    status: 503,
    retryable: true,
    vi: 'Trục tạm ngừng nhận thông điệp mới của cơ quan này; hãy gửi lại sau.',
    en: 'Nothing new is taken from this body for the moment; send again later.',
  },
  too_many_requests: {
    status: 429,
    retryable: true,
    vi: 'Quá nhiều yêu cầu; hãy thử lại sau.',
    en: 'Too many requests; try again later.',
  },
  internal: {
    status: 500,
    retryable: true,
    vi: 'Lỗi nội bộ; hãy báo mã chi tiết.',
    en: 'Internal error; quote the detail id.',
  },
  unavailable: {
    status: 503,
    retryable: true,
    vi: 'Hệ thống tạm thời chưa sẵn sàng.',
    en: 'The gateway is not ready.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errors

/** What is wrong with a signature: of content that could be read, and is refused with evidence. */
export const signatureFaults: ReadonlySet<ErrorCode> = new Set([
  'bad_signature',
  'weak_algorithm',
  'untrusted_certificate',
])

export interface ErrorDetail {
  /** Path of the offending field, such as `data[3].NgayTiepNhan`. */
  readonly field?: string
  /** Said to the caller after the row's sentence; holds nothing secret. */
  readonly reason?: string
  /** Seconds until a retry makes sense (429, 503). */
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/**
 * The only error class. The row's sentences and `reason` go out to the caller; `cause` goes to the log alone.
 * `detailId` is what a person quotes to the operator.
 */
export class GatewayError extends Error {
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly reason: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly detailId: string = randomUUID()

  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    super(detail.reason === undefined ? code : `${code}: ${detail.reason}`, { cause: detail.cause })
    this.name = 'GatewayError'
    this.code = code
    this.field = detail.field
    this.reason = detail.reason
    this.retryAfterSeconds = detail.retryAfterSeconds
  }

  get row(): ErrorRow {
    return errors[this.code]
  }
}

/** What a caller reads when a request fails. */
export interface ErrorAnswer {
  readonly code: ErrorCode
  readonly message: { readonly vi: string; readonly en: string }
  readonly field: string | null
  readonly reason: string | null
  readonly retryable: boolean
  readonly detailId: string
}

/** Turns an error into the answer a caller reads. */
export function answerOf(error: GatewayError): ErrorAnswer {
  const { vi, en, retryable } = error.row
  return {
    code: error.code,
    message: { vi, en },
    field: error.field ?? null,
    reason: error.reason ?? null,
    retryable,
    detailId: error.detailId,
  }
}
