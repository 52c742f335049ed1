import { Option, type Command } from 'commander'
import { gatewayCommand, said, type Asked } from './command.ts'
import { usage } from './faults.ts'
import type { Io, Said } from './io.ts'
import { moment, momentForm } from './moments.ts'
import { wholeNumber } from './numbers.ts'
import { more, segment } from './pages.ts'
import { ask } from './profile.ts'
import { fields } from './screen.ts'
import { verdictName, verdictText } from './verdicts.ts'

interface Options {
  readonly reason: string
  readonly state?: string
  readonly recipient?: string
  readonly since?: number
  readonly before?: number
  readonly after?: string
  readonly limit: number
  readonly yes?: boolean
}

interface Bulk {
  readonly matched: number
  readonly results: Readonly<Record<string, number>>
  readonly next: string | null
}

/** What may be sent again. */
const states = ['dead', 'parked', 'in_doubt', 'refused', 'skipped']
const path = '/admin/v1/deliveries'

/** `lienthong replay [id]`: one delivery again, or many by a filter, which are only counted without `--yes`. */
export function replayCommand(io: Io): Command {
  const help = said(
    'chuyển lại một lượt, hoặc nhiều lượt theo bộ lọc (chỉ đếm khi không có --yes)',
    'deliver again one delivery, or many by a filter (only counted without --yes)',
  )
  return gatewayCommand<Options>(io, 'replay [id]', help, replay)
    .requiredOption('--reason <text>', said('vì sao; ghi vào nhật ký', 'why; goes into the audit'))
    .addOption(new Option('--state <state>', said('trạng thái', 'state')).choices(states))
    .option('--recipient <code>', said('tới cơ quan này', 'to this body'))
    .option('--since <time>', said('nhận từ lúc', `accepted since: ${momentForm}`), moment(io.now))
    .option('--before <time>', said('nhận trước lúc', 'accepted before; now unless given'), moment(io.now))
    .option('--after <id>', said('tiếp theo lượt này', 'go on after this one'))
    .option('--limit <n>', said('nhiều nhất', 'at most'), wholeNumber(1, 10_000), 100)
    .option('--yes', said('chuyển lại thật', 'do it; else only count'))
}

async function replay({ io, profile, options, args: [id] }: Asked<Options>): Promise<Said> {
  const { reason, yes = false, state, recipient, since, before, after, limit } = options
  const filter = { state, recipient, since, before, after }
  const isNarrowed = Object.values(filter).some((value) => value !== undefined)
  if (id === undefined ? !isNarrowed : isNarrowed || yes)
    throw usage(
      'Cho biết mã một lượt chuyển, hoặc bộ lọc như --state, --recipient; không cả hai.',
      'Name one delivery, or a filter such as --state, --recipient; not both.',
    )
  if (id !== undefined) {
    const json = await ask(profile, {
      method: 'POST',
      path: `${path}/${segment(id)}/replay`,
      json: { reason },
    })
    return { json, text: verdictText(id, json) }
  }
  if (io.terminal && yes) io.err('… đang chuyển lại · replaying\n')
  const body = { ...filter, reason, limit, dryRun: !yes }
  const json = (await ask(profile, { method: 'POST', path: `${path}/replay`, json: body })) as Bulk // the row of the endpoint
  return { json, text: bulkText(json, yes) }
}

function bulkText({ matched, results, next }: Bulk, yes: boolean): string {
  const heading = yes
    ? 'Đã chuyển lại · replayed'
    : 'Chưa làm gì; thêm --yes để chuyển lại. · Nothing was done; --yes replays them.'
  const counts = Object.entries(results).map(([name, count]) => [verdictName(name), count] as const)
  return `${heading}\n${fields([['khớp · matched', matched], ...counts])}${more(next, '--after')}`
}
