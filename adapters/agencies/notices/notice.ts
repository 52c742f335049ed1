import { z } from 'zod'
import { codeLists } from '../../../schemas/codes.ts'
import { readDate, writeDate } from '../../../schemas/dates.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import { templateOf } from '../template.ts'

/** Actions that are told to people. */
const actions = [
  'status.updated',
  'notice.alert',
  'notice.maintenance',
  'notice.incident',
  'notice.notification',
] as const

type Told = (typeof actions)[number]

/** An action that is told to people; undefined where it is none. */
export const toldAction = (action: string): Told | undefined => actions.find((each) => each === action)

/** One thing for each action that is told. */
export type ByAction<T> = Readonly<Record<Told, T>>

const plain = [
  'MaThongBao',
  'TieuDe',
  'NoiDung',
  'MucDo',
  'MaDonVi',
  'MaHoSo',
  'TrangThai',
  'PhongBanXuLy',
] as const
const dates = { ThoiDiem: 'ThoiDiemXuLy', TuThoiGian: 'TuThoiGian', DenThoiGian: 'DenThoiGian' } as const

/** A text over the fields of a notice; `CoQuan` is its sender, `TenTrangThai` and `TenTrangThaiEn` are the words of the state. */
export const NoticeText = templateOf([
  ...plain,
  ...Object.keys(dates),
  'CoQuan',
  'TenTrangThai',
  'TenTrangThaiEn',
])

/** Texts of a body's own, by action. */
export const textsOf = <T extends z.ZodType>(text: T) => z.partialRecord(z.enum(actions), text).default({})

export type Values = Readonly<Record<string, string>>

/** What a message tells: one set of values for each step, or for the notice. No value holds a control character. */
export function valuesOf({ payload, sender }: Message): readonly Values[] {
  const { data } = payload
  const rows = Array.isArray(data) ? (data as readonly Payload[]) : [payload]
  return rows.map((row) => ({ CoQuan: sender, ...fieldsOf(row), ...stateOf(row) }))
}

const printable = (value: unknown): string =>
  textOf(value)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()

function fieldsOf(row: Payload): Values {
  const texts = plain.map((name) => [name, printable(row[name])])
  const times = Object.entries(dates).map(([name, field]) => [name, moment(textOf(row[field]))])
  return Object.fromEntries([...texts, ...times]) as Values
}

/** `10:05 21/11/2026`, in Asia/Ho_Chi_Minh. */
function moment(text: string): string {
  const ms = text === '' ? null : readDate(text)
  return ms === null ? '' : writeDate(ms).replace(/(....)(..)(..)(..)(..)(..)/, '$4:$5 $3/$2/$1')
}

function stateOf(row: Payload): Values {
  const code = textOf(row['TrangThai'])
  const state = codeLists.TrangThaiHoSo.find((each) => each.code === code)
  return { TenTrangThai: state?.vi ?? code, TenTrangThaiEn: state?.en ?? code }
}
