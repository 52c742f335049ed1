import type { Command } from 'commander'
import { gatewayCommand, said, type Asked } from './command.ts'
import { usage } from './faults.ts'
import type { Io, Said } from './io.ts'
import { wholeNumber } from './numbers.ts'
import { segment, type Row } from './pages.ts'
import { ask } from './profile.ts'
import { fields } from './screen.ts'

interface Options {
  readonly reason: string
  readonly state?: string
  readonly recipient?: string
  readonly maxAge?: number
  readonly limit: number
  readonly dryRun?: boolean
}

const hourMs = 3_600_000

/** `lienthong replay [id]`: one delivery again, or many by a filter. */
export function replayCommand(io: Io): Command {
  return gatewayCommand<Options>(
    io,
    'replay [id]',
    said('chuyển lại một hoặc nhiều lượt đã hỏng', 'deliver again what is dead or parked'),
    replay,
  )
    .requiredOption('--reason <text>', said('vì sao; ghi vào nhật ký', 'why; goes into the audit'))
    .option('--state <state>', 'dead, parked, in_doubt')
    .option('--recipient <code>', said('tới cơ quan này', 'to this body'))
    .option('--max-age <hours>', said('không cũ hơn', 'not older than'), wholeNumber(1, 10_000))
    .option('--limit <n>', said('nhiều nhất', 'at most'), wholeNumber(1, 10_000), 100)
    .option('--dry-run', said('chỉ cho xem', 'only show'))
}

async function replay({ io, profile, options, args: [id] }: Asked<Options>): Promise<Said> {
  const { reason, state, recipient, maxAge, limit, dryRun = false } = options
  if (id === undefined && state === undefined && recipient === undefined)
    throw usage(
      'Cho biết mã lượt chuyển, hoặc --state, --recipient.',
      'Name a delivery, or --state, --recipient.',
    )
  const path = id === undefined ? '/admin/v1/deliveries/replay' : `/admin/v1/deliveries/${segment(id)}/replay`
  const since = maxAge === undefined ? undefined : io.now() - maxAge * hourMs
  const bulk = { reason, state, recipient, since, limit, dryRun }
  if (io.terminal && id === undefined) io.err('… đang chuyển lại · replaying\n')
  const json = await ask(profile, { method: 'POST', path, json: id === undefined ? bulk : { reason } })
  return { json, text: fields(Object.entries((json ?? {}) as Row)) }
}
