import { readFileSync, writeFileSync } from 'node:fs'
import { Option, type Command } from 'commander'
import { credentialKinds } from '../../schemas/credential.ts'
import { gatewayCommand, said, type Asked } from './command.ts'
import type { Io, Said } from './io.ts'
import { wholeNumber } from './numbers.ts'
import { segment, type Row } from './pages.ts'
import { ask, type Profile } from './profile.ts'
import { fields, timeText } from './screen.ts'

interface IssueOptions {
  readonly certificate?: string
  readonly reason?: string
  readonly secretFile?: string
}

interface CreateOptions extends IssueOptions {
  readonly kind: string
  readonly agency?: string
  readonly person?: string
  readonly label?: string
  readonly role: readonly string[]
  readonly days: number
}

interface RotateOptions extends IssueOptions {
  readonly overlap: number
}

const path = '/admin/v1/credentials'

/** `lienthong credential create|rotate`: what gives out a secret, once. */
export function issueCommands(io: Io): readonly Command[] {
  const create = gatewayCommand<CreateOptions>(
    io,
    'create',
    said('cấp khóa; bí mật hiện một lần', 'give one; its secret is shown once'),
    created,
  )
    .addOption(new Option('--kind <kind>', said('loại', 'kind')).choices(credentialKinds).default('key'))
    .requiredOption('--role <role...>', 'agency, agency-admin, operator, admin, auditor')
    .option('--agency <code>', said('cho cơ quan này', 'for this body'))
    .option('--person <name>', said('của người này', 'of this person'))
    .option('--label <text>', said('ghi chú', 'note'))
    .option('--days <n>', said('hạn dùng', 'life'), wholeNumber(1, 3650), 365)
  const rotate = gatewayCommand<RotateOptions>(
    io,
    'rotate <id>',
    said('đổi khóa bí mật', 'change the secret'),
    rotated,
  )
  const overlap = said('khóa cũ còn dùng được', 'the old one still works')
  rotate.option('--overlap <hours>', overlap, wholeNumber(0, 168), 24)
  return [create, rotate].map((command) =>
    command
      .option('--certificate <file>', said('chứng thư máy khách, PEM', 'client certificate, PEM'))
      .option('--reason <text>', said('vì sao; ghi vào nhật ký', 'why; goes into the audit'))
      .option('--secret-file <file>', said('ghi khóa bí mật vào tệp', 'write the secret to a file')),
  )
}

async function created({ profile, options }: Asked<CreateOptions>): Promise<Said> {
  const { kind, agency, person, label, role: roles, days, reason, secretFile } = options
  const certificate = pemOf(options)
  const json = { kind, agency, person, label, roles, days, reason, certificate }
  return issued(profile, { path, json }, secretFile)
}

async function rotated({ profile, options, args: [id] }: Asked<RotateOptions>): Promise<Said> {
  const { overlap: overlapHours, reason, secretFile } = options
  const json = { overlapHours, reason, certificate: pemOf(options) }
  return issued(profile, { path: `${path}/${segment(id)}/rotate`, json }, secretFile)
}

function pemOf({ certificate }: { readonly certificate?: string }): string | undefined {
  return certificate === undefined ? undefined : readFileSync(certificate, 'utf8')
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
    ['loại · kind', credential['kind']],
    ['vai · roles', credential['roles']],
    ['chứng thư · certificate', credential['fingerprint']],
    ['đến · until', timeText(credential['validTo'])],
    [isKept ? 'đã ghi vào · written to' : 'khóa bí mật, chỉ hiện một lần · secret, shown once', shown],
  ])
  return { json: isKept ? { credential, secretFile } : answer, text }
}
