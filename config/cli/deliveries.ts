import { Option, type Command } from 'commander'
import { gatewayCommand, said, type Asked } from './command.ts'
import type { Io, Said } from './io.ts'
import { moment, momentForm } from './moments.ts'
import { wholeNumber } from './numbers.ts'
import { more, page, segment } from './pages.ts'
import { ask } from './profile.ts'
import { table, timeText } from './screen.ts'
import { verdictText } from './verdicts.ts'

interface ListOptions {
  readonly state: string
  readonly recipient?: string
  readonly since?: number
  readonly before?: number
  readonly after?: string
  readonly max: number
}

interface Mend {
  readonly reason: string
  readonly outcome?: string
}

const path = '/admin/v1/deliveries'
const states = [
  ...['dead', 'parked', 'in_doubt', 'due', 'behind', 'sending'],
  ...['refused', 'expired', 'skipped', 'delivered', 'processed'],
]

/** `lienthong deliveries`, and what ends one: `skip <id>`, `resolve <id>`. */
export function deliveryCommands(io: Io): readonly Command[] {
  const list = gatewayCommand<ListOptions>(
    io,
    'deliveries',
    said('các lượt chuyển theo trạng thái, cũ trước', 'deliveries of a state, oldest first'),
    listed,
  )
    .addOption(new Option('--state <state>', said('trạng thái', 'state')).choices(states).default('dead'))
    .option('--recipient <code>', said('tới cơ quan này', 'to this body'))
    .option('--since <time>', said('nhận từ lúc', `accepted since: ${momentForm}`), moment(io.now))
    .option('--before <time>', said('nhận trước lúc', 'accepted before'), moment(io.now))
    .option('--after <id>', said('trang tiếp theo', 'the next page'))
    .option('--max <n>', said('nhiều nhất', 'at most'), wholeNumber(1, 200), 50)
  const skip = mending(
    io,
    'skip',
    said('bỏ qua một lượt; bên gửi được biên nhận', 'skip a delivery; the sender gets a receipt'),
  )
  const resolve = mending(io, 'resolve', said('kết luận một lượt chưa rõ', 'end a doubt')).addOption(
    new Option('--outcome <outcome>', said('đã đến hay chưa', 'delivered, or not'))
      .choices(['delivered', 'not_delivered'])
      .makeOptionMandatory(),
  )
  return [list, skip, resolve]
}

async function listed({ profile, options }: Asked<ListOptions>): Promise<Said> {
  const { state, recipient, since, before, after, max } = options
  const json = await page(profile, path, { state, recipient, since, before, after, max })
  const rows = json.items.map((row) => [
    ...[row['id'], row['recipient'], row['action'], row['senderRef'], row['attempts']],
    timeText(row['acceptedAt']),
  ])
  const head = [
    'lượt · id',
    'nơi nhận · to',
    'loại · action',
    'tham chiếu · reference',
    'lần · tries',
    'nhận · at',
  ]
  const text = rows.length === 0 ? 'Không có lượt nào. · No delivery.' : table(head, rows)
  return { json, text: text + more(json.next, '--after') }
}

function mending(io: Io, verb: 'skip' | 'resolve', help: string): Command {
  return gatewayCommand<Mend>(io, `${verb} <id>`, help, async ({ profile, args: [id], options }) => {
    const { reason, outcome } = options
    const json = await ask(profile, {
      method: 'POST',
      path: `${path}/${segment(id)}/${verb}`,
      json: { reason, outcome },
    })
    return { json, text: verdictText(id, json) }
  }).requiredOption('--reason <text>', said('vì sao; ghi vào nhật ký', 'why; goes into the audit'))
}
