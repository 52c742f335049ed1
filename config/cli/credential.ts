import { Command } from 'commander'
import { queryText } from '../../client/lists.ts'
import { gatewayCommand, said, type Asked } from './command.ts'
import { issueCommands } from './credential-issue.ts'
import type { Io, Said } from './io.ts'
import { wholeNumber } from './numbers.ts'
import { more, page, segment } from './pages.ts'
import { ask } from './profile.ts'
import { table, timeText } from './screen.ts'

interface ListOptions {
  readonly agency?: string
  readonly after?: string
  readonly max: number
}

interface ReasonOptions {
  readonly reason?: string
}

const path = '/admin/v1/credentials'
const why = ['--reason <text>', said('vì sao; ghi vào nhật ký', 'why; goes into the audit')] as const

/** `lienthong credential list|create|rotate|revoke|unlock`: who may call the gateway. */
export function credentialCommand(io: Io): Command {
  const list = gatewayCommand<ListOptions>(io, 'list', said('các khóa gọi API', 'credentials'), listed)
    .option('--agency <code>', said('của cơ quan này', 'of this body'))
    .option('--after <id>', said('trang tiếp theo', 'the next page'))
    .option('--max <n>', said('nhiều nhất', 'at most'), wholeNumber(1, 200), 50)
  const revoke = gatewayCommand<ReasonOptions>(io, 'revoke <id>', said('thu hồi', 'revoke'), revoked)
  const unlock = gatewayCommand<ReasonOptions>(
    io,
    'unlock <id>',
    said('mở khóa sau thời gian dài không dùng', 'unlock after long disuse'),
    unlocked,
  )
  const command = new Command('credential').description(said('khóa gọi API', 'who may call the API'))
  for (const each of [list, ...issueCommands(io), revoke.option(...why), unlock.option(...why)])
    command.addCommand(each)
  return command
}

async function listed({ profile, options: { agency, after, max } }: Asked<ListOptions>): Promise<Said> {
  const json = await page(profile, path, { agency, after, limit: max })
  const rows = json.items.map((row) => [
    ...[row['id'], row['person'] ?? row['label'], row['agency'], row['roles'], row['state']],
    timeText(row['validTo']).slice(0, 10),
  ])
  const head = [
    'mã · id',
    'chủ · whose',
    'cơ quan · body',
    'vai · roles',
    'trạng thái · state',
    'đến · until',
  ]
  const text = rows.length === 0 ? 'Không có khóa nào. · No credential.' : table(head, rows)
  return { json, text: text + more(json.next, '--after') }
}

async function revoked({ profile, options: { reason }, args: [id] }: Asked<ReasonOptions>): Promise<Said> {
  const json = await ask(profile, {
    method: 'DELETE',
    path: `${path}/${segment(id)}${queryText({ reason })}`,
  })
  return { json, text: `Đã thu hồi · revoked: ${id ?? ''}` }
}

async function unlocked({ profile, options: { reason }, args: [id] }: Asked<ReasonOptions>): Promise<Said> {
  const json = await ask(profile, { method: 'POST', path: `${path}/${segment(id)}/unlock`, json: { reason } })
  return { json, text: `Đã mở khóa · unlocked: ${id ?? ''}` }
}
