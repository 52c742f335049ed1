import type { Said } from '../../schemas/said.ts'

/** What a tag of a row is called, in the order in which a newcomer meets them. */
const tags: Readonly<Record<string, Said>> = {
  messages: { vi: 'Thông điệp', en: 'Messages' },
  refusals: { vi: 'Từ chối', en: 'Refusals' },
  receipts: { vi: 'Biên nhận', en: 'Receipts' },
  mailbox: { vi: 'Hộp thư', en: 'Mailbox' },
  files: { vi: 'Tệp', en: 'Files' },
  catalogs: { vi: 'Danh mục', en: 'Catalogues' },
  certificates: { vi: 'Chứng thư số', en: 'Certificates' },
  identity: { vi: 'Định danh', en: 'Identity' },
  credentials: { vi: 'Khóa và thẻ truy cập', en: 'Credentials' },
  agencies: { vi: 'Cơ quan', en: 'Bodies' },
  secrets: { vi: 'Bí mật dùng với cơ quan', en: 'Secrets towards bodies' },
  registry: { vi: 'Danh bạ cơ quan', en: 'Registry' },
  deliveries: { vi: 'Chuyển thông điệp', en: 'Deliveries' },
  payments: { vi: 'Thanh toán', en: 'Payments' },
  traffic: { vi: 'Vận hành lưu lượng', en: 'Traffic' },
  audit: { vi: 'Nhật ký quản trị', en: 'Audit' },
}

/** A tag as readers see it; one that the table does not know is shown as it is. */
export function tagName(tag: string): string {
  const said = Object.hasOwn(tags, tag) ? tags[tag] : undefined
  return said === undefined ? tag : `${said.vi} · ${said.en}`
}

/** The names of the tags in use, those of the table first. */
export function tagsOf(used: readonly string[]): readonly { readonly name: string }[] {
  const known = Object.keys(tags).filter((tag) => used.includes(tag))
  return [...new Set([...known, ...used])].map((tag) => ({ name: tagName(tag) }))
}
