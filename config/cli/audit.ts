import type { Command } from 'commander'
import { gatewayCommand, said, type Asked } from './command.ts'
import type { Io, Said } from './io.ts'
import { moment, momentForm } from './moments.ts'
import { wholeNumber } from './numbers.ts'
import { more, page } from './pages.ts'
import { table, timeText } from './screen.ts'

interface Options {
  readonly body?: string
  readonly act?: string
  readonly object?: string
  readonly from?: number
  readonly to?: number
  readonly before?: string
  readonly max: number
}

/** `lienthong audit`: who did what, newest first. */
export function auditCommand(io: Io): Command {
  return gatewayCommand<Options>(
    io,
    'audit',
    said('ai đã làm gì, mới nhất trước', 'who did what, newest first'),
    audit,
  )
    .option('--body <code>', said('của cơ quan này', 'of this body'))
    .option('--act <name>', said('việc, ví dụ agency.update', 'act, such as agency.update'))
    .option('--object <text>', said('đối tượng', 'what it was done to'))
    .option('--from <time>', said('từ lúc', `since: ${momentForm}`), moment(io.now))
    .option('--to <time>', said('đến lúc', 'until'), moment(io.now))
    .option('--before <id>', said('trang tiếp theo', 'the next page'))
    .option('--max <n>', said('nhiều nhất', 'at most'), wholeNumber(1, 500), 50)
}

async function audit({
  profile,
  options: { body, act, object, from, to, before, max },
}: Asked<Options>): Promise<Said> {
  const json = await page(profile, '/admin/v1/audit', { body, act, object, from, to, before, max })
  const rows = json.items.map((row) => [
    timeText(row['at']),
    row['person'] ?? row['agency'] ?? row['credentialId'],
    ...[row['act'], row['object'], row['reason']],
  ])
  const head = ['lúc · at', 'ai · who', 'việc · act', 'đối tượng · object', 'lý do · reason']
  const text = rows.length === 0 ? 'Chưa có gì. · Nothing yet.' : table(head, rows)
  return { json, text: text + more(json.next, '--before') }
}
