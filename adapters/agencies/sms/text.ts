import type { ByAction } from '../notices/notice.ts'

/** The usual texts: short, for each segment costs. */
export const usualTexts: ByAction<string> = {
  'status.updated': 'Hồ sơ {MaHoSo}: {TenTrangThai}. {NoiDung}',
  'notice.alert': 'Cảnh báo: {TieuDe}. {NoiDung}',
  'notice.maintenance': 'Bảo trì {TuThoiGian} - {DenThoiGian}: {TieuDe}. {NoiDung}',
  'notice.incident': 'Sự cố: {TieuDe}. {NoiDung}',
  'notice.notification': '{TieuDe}. {NoiDung}',
}

/** Vietnamese without its marks, as a phone of any age shows it. */
export const unmarked = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, (letter) => (letter === 'đ' ? 'd' : 'D'))

/** Characters of the default alphabet of GSM 03.38, and those that take two places in it. */
const single = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]$/
const double = /^[\f^{}\\[~\]|€]$/

/** How many messages a text is on the way: 160 places alone or 153 each in the alphabet of GSM, 70 or 67 in any other. */
export function segmentsOf(text: string): number {
  const letters = Array.from(text)
  const isGsm = letters.every((letter) => single.test(letter) || double.test(letter))
  const places = isGsm ? letters.length + letters.filter((letter) => double.test(letter)).length : text.length
  const [alone, each] = isGsm ? [160, 153] : [70, 67]
  return places <= alone ? 1 : Math.ceil(places / each)
}

/** How a number is written to the provider. */
export const numberForms = ['84', '+84', '0'] as const

/** A Vietnamese number in one form, or null where it is none. */
export function numberIn(form: (typeof numberForms)[number], text: string): string | null {
  const national = /^(?:\+?84|0)(\d{9,10})$/.exec(text.replace(/[ .()-]/g, ''))?.[1]
  return national === undefined ? null : form + national
}
