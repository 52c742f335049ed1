import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Client, PayloadOf } from '../../client/index.ts'

type Payload = PayloadOf<string>

export const action = 'status.updated'
/** Bytes of a row of the payload, as XML, rounded. */
const rowBytes = 560
/** Different subjects: with the recipients, as many lanes. */
const subjects = 5_000

const pad = (value: number, width: number) => String(value).padStart(width, '0')

/** One step of a dossier: nine short elements, as national messages have them. */
function rowOf(subject: string, seq: number) {
  return {
    MaHoSo: subject,
    NguoiXuLy: 'Đỗ Văn Kiểm',
    ChucDanh: 'Chuyên viên',
    ThoiDiemXuLy: `202611${pad(1 + (seq % 28), 2)}${pad(seq % 24, 2)}${pad(seq % 60, 2)}00`,
    PhongBanXuLy: 'Bộ phận Một cửa, Văn phòng Uỷ ban nhân dân',
    NoiDungXuLy: 'Đã thẩm định thành phần hồ sơ, chuyển lãnh đạo ký duyệt kết quả',
    TrangThai: '2',
    NgayBatDau: '20261101080000',
    NgayKetThucTheoQuyDinh: '20261230170000',
    ThuTu: seq,
  }
}

/** A body of about `bytes` as XML: small elements only, the dear kind for whoever canonicalises. */
export function payloadOf(bytes: number, subject: string): Payload {
  const rows = Math.max(1, Math.round(bytes / rowBytes))
  return { data: Array.from({ length: rows }, (_, index) => rowOf(subject, index)) }
}

/** A body of about `bytes` as XML in few long texts: as large as one may be. */
export function largePayload(bytes: number, subject: string): Payload {
  const rows = Math.ceil(bytes / 60_000)
  const text = 'x'.repeat(Math.floor(bytes / rows) - rowBytes)
  return { data: Array.from({ length: rows }, (_, seq) => ({ ...rowOf(subject, seq), NoiDungXuLy: text })) }
}

export interface Corpus {
  readonly senders: readonly Client[]
  readonly recipients: readonly string[]
  readonly bytes: number
  readonly count: number
}

const atOnce = 16

/** Signs messages before they are sent, each with a reference of its own, and writes them into a file, one a line. */
export async function writeCorpus(file: string, corpus: Corpus): Promise<void> {
  const lines: Buffer[] = []
  const newLine = Buffer.from('\n')
  for (let first = 0; first < corpus.count; first += atOnce) {
    const width = Math.min(atOnce, corpus.count - first)
    const group = Array.from({ length: width }, (_, index) => letterOf(corpus, first + index))
    for (const bytes of await Promise.all(group)) lines.push(Buffer.from(bytes), newLine)
  }
  await writeFile(file, Buffer.concat(lines))
}

function letterOf({ senders, recipients, bytes }: Corpus, seq: number): Promise<Uint8Array> {
  const sender = senders[seq % senders.length]
  if (sender === undefined) throw new Error('a corpus needs senders')
  const recipient = recipients[seq % recipients.length] ?? ''
  const payload = payloadOf(bytes, `H49.05-261121-${pad(seq % subjects, 6)}`)
  return sender.write<string>({ action, senderRef: randomUUID(), recipients: [recipient] }, payload)
}
