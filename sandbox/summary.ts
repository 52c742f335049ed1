import type { Account, Totals } from './account.ts'
import type { Ledger } from './ledger.ts'
import { actors } from './parties.ts'
import type { Sample } from './samples.ts'
import type { Screen, Style } from './screen.ts'

interface TotalRow {
  readonly key: keyof Totals
  readonly label: string
  /** `zero`: anything else is a fault. */
  readonly good: 'any' | 'zero'
}

const rows: readonly TotalRow[] = [
  { key: 'accepted', label: 'Tiếp nhận / accepted', good: 'any' },
  { key: 'delivered', label: 'Đã giao tới mọi nơi nhận / delivered', good: 'any' },
  { key: 'duplicates', label: 'Trùng, trả biên nhận cũ / duplicates', good: 'any' },
  { key: 'refused', label: 'Từ chối tại cửa / refused at the door', good: 'any' },
  { key: 'recipientRefusals', label: 'Bên nhận từ chối / refused by a recipient', good: 'any' },
  { key: 'receipts', label: 'Biên nhận đã ký / signed receipts', good: 'any' },
  { key: 'receiptsVerified', label: 'Biên nhận kiểm đúng / receipts verified', good: 'any' },
  { key: 'lost', label: 'Mất / lost', good: 'zero' },
  { key: 'signatureFailures', label: 'Chữ ký sai / signature failures', good: 'zero' },
  { key: 'contentDiffers', label: 'Nội dung khác bản gửi / content differs', good: 'zero' },
  { key: 'expectationsMissed', label: 'Khác dự kiến / expectations missed', good: 'zero' },
  { key: 'seconds', label: 'Thời gian, giây / seconds', good: 'any' },
]

const labelWidth = 46
const cellWidth = 12

/** Whether nothing was lost, changed or unlike what the samples say. */
export function isSound({ totals }: Account): boolean {
  return rows.every(({ key, good }) => good === 'any' || totals[key] === 0)
}

/** Writes who sent and received how much, the totals, and whatever was not as expected. */
export function showSummary(
  screen: Screen,
  { totals, missed }: Account,
  traffic: { readonly samples: readonly Sample[]; readonly ledger: Ledger },
): void {
  screen.line()
  screen.line(screen.paint('bold', 'TỔNG HỢP · summary'))
  for (const line of bodyTable(traffic)) screen.line(line)
  screen.line()
  for (const { key, label, good } of rows) {
    const style: Style = good === 'any' ? 'plain' : totals[key] === 0 ? 'green' : 'red'
    screen.line(`${label.padEnd(labelWidth)} ${screen.paint(style, String(totals[key]).padStart(6))}`)
  }
  for (const each of missed) screen.line(screen.paint('red', `! ${each}`))
}

function bodyTable({ samples, ledger }: Parameters<typeof showSummary>[2]): readonly string[] {
  const head = ['Cơ quan', 'Gửi', 'Tiếp nhận', 'Trùng', 'Từ chối', 'Nhận về']
  const english = ['body', 'sent', 'accepted', 'repeats', 'refused', 'received']
  const lines = actors.map((code) => {
    const sent = samples.filter(({ from }) => from === code).map(({ name }) => ledger.sentOf(name))
    const count = (outcome: string) => sent.filter((each) => each?.outcome === outcome).length
    const received = ledger.received.filter(({ body, fresh }) => body === code && fresh).length
    return [code, sent.length, count('accepted'), count('repeat'), count('refused'), received].map(String)
  })
  return [head, english, ...lines].map(([first = '', ...cells]) =>
    [first.padEnd(cellWidth), ...cells.map((cell) => cell.padStart(cellWidth))].join(''),
  )
}
