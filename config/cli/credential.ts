import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { queryText } from '../../client/lists.ts'
import { gatewayCommand, said, type Asked } from './command.ts'
import type { Io, Said } from './io.ts'
import { wholeNumber } from './numbers.ts'
import { more, page, segment, type Row } from './pages.ts'
import { ask, type Profile } from './profile.ts'
import { fields, table, timeText } from './screen.ts'

interface ListOptions {
  readonly agency?: string
  readonly after?: string
  readonly max: number
}

interface CreateOptions {
  readonly kind: string
  readonly agency?: string
  readonly person?: string
  readonly label?: string
  readonly role: readonly string[]
  readonly days: number
  readonly reason?: string
  readonly secretFile?: string
}

interface RotateOptions {
  readonly overlap: number
  readonly reason?: string
  readonly secretFile?: string
}

interface RevokeOptions {
  readonly reason?: string
}

const path = '/admin/v1/credentials'
const why = ['--reason <text>', said('vì sao; ghi vào nhật ký', 'why; goes into the audit')] as const
const toFile = [
  '--secret-file <file>',
  said('ghi khóa bí mật vào tệp', 'write the secret to a file'),
] as const

/** `lienthong credential list|create|rotate|revoke`: who may call the gateway. */
export function credentialCommand(io: Io): Command {
  const list = gatewayCommand<ListOptions>(io, 'list', said('các khóa gọi API', 'credentials'), listed)
    .option('--agency <code>', said('của cơ quan này', 'of this body'))
    .option('--after <id>', said('trang tiếp theo', 'the next page'))
    .option('--max <n>', said('nhiều nhất', 'at most'), wholeNumber(1, 200), 50)
  const create = gatewayCommand<CreateOptions>(
    io,
    'create',
    said('cấp khóa; bí mật hiện một lần', 'give one; its secret is shown once'),
    created,
  )
    .option('--kind <kind>', said('loại', 'kind'), 'key')
    .requiredOption('--role <role...>', 'agency, agency-admin, operator, admin, auditor')
    .option('--agency <code>', said('cho cơ quan này', 'for this body'))
    .option('--person <name>', said('của người này', 'of this person'))
    .option('--label <text>', said('ghi chú', 'note'))
    .option('--days <n>', said('hạn dùng', 'life'), wholeNumber(1, 3650), 365)
    .option(...why)
    .option(...toFile)
  const rotate = gatewayCommand<RotateOptions>(
    io,
    'rotate <id>',
    said('đổi khóa bí mật', 'change the secret'),
    rotated,
  )
    .option(
      '--overlap <hours>',
      said('khóa cũ còn dùng được', 'the old one still works'),
      wholeNumber(0, 168),
      24,
    )
    .option(...why)
    .option(...toFile)
  const revoke = gatewayCommand<RevokeOptions>(io, 'revoke <id>', said('thu hồi', 'revoke'), revoked).option(
    ...why,
  )
  const command = new Command('credential').description(said('khóa gọi API', 'who may call the API'))
  for (const each of [list, create, rotate, revoke]) command.addCommand(each)
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

async function created({ profile, options }: Asked<CreateOptions>): Promise<Said> {
  const { kind, agency, person, label, role: roles, days, reason, secretFile } = options
  const json = { kind, agency, person, label, roles, days, reason }
  return issued(profile, { path, json }, secretFile)
}

async function rotated({ profile, options, args: [id] }: Asked<RotateOptions>): Promise<Said> {
  const { overlap: overlapHours, reason, secretFile } = options
  return issued(
    profile,
    { path: `${path}/${segment(id)}/rotate`, json: { overlapHours, reason } },
    secretFile,
  )
}

/** A secret that goes to a file is not shown. */
async function issued(
  profile: Profile,
  call: { readonly path: string; readonly json: object },
  secretFile: string | undefined,
): Promise<Said> {
  const answer = (await ask(profile, { method: 'POST', ...call })) as {
    credential: Row
    secret: string | null
  } // the row of the endpoint
  const { credential, secret } = answer
  const isKept = secretFile !== undefined && secret !== null
  if (isKept) writeFileSync(secretFile, `${secret}\n`, { mode: 0o600, flag: 'wx' })
  const shown = isKept ? secretFile : secret
  const text = fields([
    ['mã · id', credential['id']],
    ['vai · roles', credential['roles']],
    ['đến · until', timeText(credential['validTo'])],
    [isKept ? 'đã ghi vào · written to' : 'khóa bí mật, chỉ hiện một lần · secret, shown once', shown],
  ])
  return { json: isKept ? { credential, secretFile } : answer, text }
}

async function revoked({ profile, options: { reason }, args: [id] }: Asked<RevokeOptions>): Promise<Said> {
  const json = await ask(profile, {
    method: 'DELETE',
    path: `${path}/${segment(id)}${queryText({ reason })}`,
  })
  return { json: json ?? { id }, text: `Đã thu hồi · revoked: ${id ?? ''}` }
}
