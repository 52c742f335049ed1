/** Name of the secret that sums are made with. */
export const checksumName = 'checksum'

/** orderInfo has no accents (dvcqg §9.4). */
export const withoutAccents = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D')
