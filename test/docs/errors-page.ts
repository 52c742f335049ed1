import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { errors, type ErrorCode, type ErrorRow } from '../../schemas/errors.ts'
import type { Said } from '../../schemas/said.ts'

// `node --import tsx test/docs/errors-page.ts` writes docs/errors.md.

export const errorsPath = new URL('../../docs/errors.md', import.meta.url)

/** What helps, where the sentence of the error does not say it. */
const advice: Partial<Readonly<Record<ErrorCode, Said>>> = {
  invalid_field: {
    vi: '`field` chỉ đúng trường, `reason` nói phải thế nào.',
    en: '`field` names the field, `reason` says what it must be.',
  },
  unauthenticated: {
    vi: 'Khóa sai, hết hạn, bị khóa hay thu hồi: hỏi quản trị của cơ quan mình.',
    en: 'Wrong, expired, locked or revoked: ask the administrator of your body.',
  },
  forbidden: {
    vi: '`reason` nói thiếu quyền gì; quản trị trục cấp.',
    en: '`reason` says what is missing; the administrator of the gateway grants it.',
  },
  reference_conflict: {
    vi: 'Mỗi nội dung một số tham chiếu mới; chỉ gửi lại nguyên văn với số cũ.',
    en: 'New content takes a new reference; only the very same goes under an old one.',
  },
  lease_lost: {
    vi: 'Lấy hộp thư lần nữa; nhận ra bản trùng theo `deliveryId`.',
    en: 'Pull again; tell repeats apart by `deliveryId`.',
  },
  stale_version: {
    vi: 'Đọc lại, sửa, gửi với ETag mới.',
    en: 'Read it, change it, send it with the new ETag.',
  },
  too_large: {
    vi: 'Giới hạn: [limits.md](limits.md); nội dung lớn gửi bằng tệp.',
    en: 'Limits: [limits.md](limits.md); large content goes as a file.',
  },
  unroutable: {
    vi: 'Ghi rõ `recipients`, hoặc kiểm mã hồ sơ, mã cơ quan.',
    en: 'Name `recipients`, or check the code of the dossier or body.',
  },
  internal: { vi: 'Báo `detailId` cho người vận hành.', en: 'Tell the operator the `detailId`.' },
}

const head = `# Danh mục lỗi · Errors

Mỗi lỗi là JSON: \`code\`, \`message\` (\`vi\`, \`en\`), \`field\`, \`reason\`, \`retryable\`, \`detailId\`. Viết chương trình theo \`code\`, không theo câu chữ. Gửi lại được: cùng yêu cầu, cùng số tham chiếu, sau \`Retry-After\` giây nếu có, không thì sau 1 giây rồi tăng gấp đôi; không gửi lại được: sửa rồi mới gửi. Báo \`detailId\` cho người vận hành.

_Every error is JSON with these fields. Program by \`code\`, never by the sentences. Retryable: the same request under the same reference, after \`Retry-After\` seconds where given, else after one, doubling; else mend it first. Quote \`detailId\` to the operator._

Tệp này được sinh từ [schemas/errors.ts](../schemas/errors.ts); đừng sửa tay. · _Generated; do not edit._

`

/** The whole page, from the table of errors. */
export function errorsPage(): string {
  const titles = ['Mã · Code', 'HTTP', 'Gửi lại · Retry', 'Nghĩa · Meaning', 'Làm gì · What to do']
  const rows = Object.entries(errors).map(([code, row]) => cells(code as ErrorCode, row)) // its own keys
  const widths = titles.map((_, column) =>
    Math.max(...[titles, ...rows].map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |\n`
  const rule = widths.map((width) => '-'.repeat(width))
  return head + [titles, rule, ...rows].map(line).join('')
}

function cells(code: ErrorCode, { status, retryable, vi, en }: ErrorRow): readonly string[] {
  const help = advice[code]
  const two = (said: Said) => `${said.vi}<br>_${said.en}_`
  return [
    `\`${code}\``,
    String(status),
    retryable ? 'có · yes' : 'không · no',
    two({ vi, en }),
    help === undefined ? '' : two(help),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(errorsPath, errorsPage())
