export const people = [
  'Phạm Thị Mẫu',
  'Trần Văn Thử',
  'Lê Thị Nghiệm',
  'Nguyễn Đình Giả',
  'Hoàng Ngọc Ví Dụ',
] as const
export const officers = ['Đỗ Văn Kiểm', 'Vũ Thị Tra', 'Bùi Quang Soát'] as const

export const pick = <Item>(from: readonly Item[], n: number) => from[n % from.length] as Item
export const pad = (n: number, width: number) => String(n).padStart(width, '0')

/** `H49.05-261121-0001`: the four digits of the sequence start again every 9,999, a day later. */
export function sampleDossierCode(n: number): string {
  const day = pad(1 + (Math.floor(n / 9999) % 28), 2)
  return `H49.05-2611${day}-${pad(1 + (n % 9999), 4)}`
}

export const moment = (n: number, hour: number) =>
  `202611${pad(1 + (n % 28), 2)}${pad(hour, 2)}${pad(n % 60, 2)}00`
export const identity = (n: number) => `0220990${pad(n % 100_000, 5)}`
export const reference = (n: number) => `H4926112100${pad(n, 6)}T${moment(n, 9)}`
export const amountOf = (n: number) => 50_000 + (n % 40) * 5000
