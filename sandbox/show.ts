import type { LogLine } from './gateway.ts'
import type { CatalogRead, Sent } from './orders.ts'
import { subjectOf, type Sample } from './samples.ts'
import type { Screen, Style } from './screen.ts'

/** Writes each message's way as it happens. */
export interface Show {
  group(digit: string): void
  sent(from: string, report: Sent): void
  /** A body has read a public catalogue. */
  catalog(body: string, read: CatalogRead): void
  /** Takes an `attempt` line of the gateway's log. */
  attempt(line: LogLine): void
}

interface Label {
  readonly text: string
  readonly style: Style
}

/** Headings by the first digit of a sample's name. */
const groups: Readonly<Record<string, string>> = {
  '0': 'HỒ SƠ VÀ TIẾN TRÌNH · dossiers and progress',
  '1': 'THANH TOÁN · payments',
  '2': 'PHẢN ÁNH, KIẾN NGHỊ · petitions',
  '3': 'DANH MỤC · catalogues',
  '4': 'THỐNG KÊ · statistics',
  '5': 'HỎI ĐÁP · questions',
  '6': 'TÀI KHOẢN · accounts',
  '7': 'VĂN BẢN · documents',
  '8': 'THÔNG BÁO · notices',
  '9': 'GỬI LẶP VÀ SAI SÓT · repeats and faults, to be answered as such',
}

const sentLabels: Record<Sent['outcome'], Label> = {
  accepted: { text: '✓ đã tiếp nhận / accepted', style: 'green' },
  repeat: { text: '= trùng, biên nhận cũ / repeat', style: 'cyan' },
  refused: { text: '✗ từ chối / refused', style: 'yellow' },
}

const stateLabels: Readonly<Record<string, Label>> = {
  delivered: { text: '✓ đã giao / delivered', style: 'green' },
  processed: { text: '✓ đã xử lý / processed', style: 'green' },
  refused: { text: '✗ bên nhận từ chối / refused', style: 'yellow' },
  due: { text: '↻ sẽ gửi lại / to be retried', style: 'yellow' },
  expired: { text: '✗ quá hạn / expired', style: 'yellow' },
  dead: { text: '! hết hạn gửi lại / dead', style: 'red' },
  parked: { text: '! chờ người xử lý / parked', style: 'red' },
  in_doubt: { text: '! chưa rõ / in doubt', style: 'red' },
}

const gateway = 'TRỤC'
const heldMost = 1_000

export function createShow(screen: Screen, samples: readonly Sample[], clock: () => Date): Show {
  const bySample = new Map(samples.map((sample) => [sample.name, sample]))
  const subjects = new Map<string, string>()
  /** A delivery can be quicker than the answer to its sender: it is shown after it. */
  const early = new Map<string, LogLine[]>()
  let count = 0

  const way = (from: string, to: string) => `${from.padEnd(7)}→ ${to}`

  function showAttempt(line: LogLine, subject: string): void {
    const label = stateLabels[text(line['state'])] ?? { text: text(line['state']), style: 'red' }
    const why = line['reason'] === null ? '' : ` · ${text(line['reason'])}`
    const cells = [timeOf(clock()), '', way(gateway, text(line['recipient'])), text(line['action']), subject]
    screen.row([...cells, `${label.text}${why} · ${text(line['sinceAcceptedMs'])} ms`], label.style)
  }

  return {
    group: (digit) => screen.heading(groups[digit] ?? ''),
    sent(from, report) {
      count += 1
      const sample = bySample.get(report.sample)
      const subject = sample === undefined ? '' : subjectOf(sample)
      const { text: label, style } = sentLabels[report.outcome]
      const why = report.code === null ? '' : ` · ${[report.code, report.field].filter(Boolean).join(' ')}`
      const number = sample === undefined ? '' : `${count}/${samples.length}`
      const cells = [timeOf(clock()), number, way(from, gateway), report.action, subject]
      screen.row([...cells, `${label}${why}`], style)
      if (report.outcome !== 'accepted') return
      subjects.set(report.id, subject)
      for (const line of early.get(report.id) ?? []) showAttempt(line, subject)
      early.delete(report.id)
    },
    catalog(body, { catalog, changes }) {
      const cells = [timeOf(clock()), '', way(body, gateway), `GET /v1/catalogs/${catalog}/changes`]
      screen.row([...cells, `danh mục ${catalog}`, `✓ ${changes.length} thay đổi / changes`], 'green')
    },
    attempt(line) {
      const id = text(line['messageId'])
      const subject = subjects.get(id)
      if (subject !== undefined) showAttempt(line, subject)
      else if (early.size < heldMost) early.set(id, [...(early.get(id) ?? []), line])
    },
  }
}

function timeOf(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
