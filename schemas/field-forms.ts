/** What a field looks like, as JSON Schema, for the API's description; its check decides alone. A form with an `id` is a component of its own. */
interface FieldForm {
  readonly id?: string
  readonly description?: string
  readonly type: readonly string[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly examples?: readonly string[]
}

/** Clients send scalars both bare and quoted, and nothing as null or as the empty text. */
const scalar = ['string', 'number', 'boolean', 'null']
const numeric = ['string', 'number', 'null']

/** The forms of the fields of payloads, by the check that they stand for. Patterns hold for text alone. */
export const fieldForms = {
  key: { type: ['string', 'number', 'boolean'], minLength: 1, pattern: '\\S' },
  code: { id: 'Ma', description: 'Mã · A code', type: scalar, maxLength: 200 },
  digits: {
    id: 'MaSo',
    description: 'Mã bằng chữ số · A code of digits',
    type: numeric,
    pattern: '^(?:\\d{1,9})?$',
  },
  text: { id: 'VanBan', description: 'Văn bản · Text', type: scalar, maxLength: 4000 },
  prose: { id: 'VanBanDai', description: 'Văn bản dài · Long text', type: scalar, maxLength: 65_536 },
  date: {
    id: 'Ngay',
    description:
      'Ngày giờ yyyyMMddHHmmss, giờ Việt Nam; các dạng khác mà đối tác hay gửi cũng đọc được · Date and time in Vietnam; other forms that partners send are read too',
    type: numeric,
    examples: ['20261121083000'],
  },
  amount: {
    id: 'SoTien',
    description: 'Số tiền, đồng · An amount in whole đồng',
    type: numeric,
    pattern: '^(?:\\d{1,15}(?:\\.00?)?)?$',
  },
  count: {
    id: 'SoLuong',
    description: 'Số nguyên · A whole number',
    type: numeric,
    pattern: '^(?:\\d{1,15})?$',
  },
  number: {
    id: 'So',
    description: 'Số · A number',
    type: numeric,
    pattern: '^(?:-?\\d{1,15}(?:[.,]\\d{1,9})?)?$',
  },
  yesNo: {
    id: 'CoKhong',
    description: 'Có hoặc không: True, False, 0, 1 · Yes or no',
    type: scalar,
    pattern: '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|0|1)?$',
  },
} as const satisfies Record<string, FieldForm>

/** The form of a word from a list. */
export function wordsForm(list: readonly string[]): FieldForm {
  return { type: ['string', 'null'], description: list.join(' · '), pattern: `^(?:${list.join('|')})?$` }
}

/** The form of text with a bound of its own. */
export function textForm(maxLength: number): FieldForm {
  return { type: scalar, maxLength }
}
