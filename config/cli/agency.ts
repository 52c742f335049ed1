import { Command } from 'commander'
import { importCommand } from './agency-import.ts'
import { gatewayCommand, said, type Asked } from './command.ts'
import { exitCodes, type Io, type Said } from './io.ts'
import { wholeNumber } from './numbers.ts'
import { more, page, segment, type Row } from './pages.ts'
import { ask } from './profile.ts'
import { fields, table, timeText } from './screen.ts'

interface ListOptions {
  readonly status?: string
  readonly parent?: string
  readonly search?: string
  readonly after?: string
  readonly max: number
}

const path = '/admin/v1/agencies'

/** `lienthong agency list|show|import|test`. */
export function agencyCommand(io: Io): Command {
  const list = gatewayCommand<ListOptions>(
    io,
    'list',
    said('các cơ quan trong danh bạ', 'bodies of the registry'),
    listed,
  )
    .option('--status <state>', 'testing, live, suspended')
    .option('--parent <code>', said('thuộc cơ quan này', 'below this body'))
    .option('--search <text>', said('tìm theo mã hoặc tên', 'by code or name'))
    .option('--after <code>', said('trang tiếp theo', 'the next page'))
    .option('--max <n>', said('nhiều nhất', 'at most'), wholeNumber(1, 200), 50)
  const show = gatewayCommand(io, 'show <code>', said('một cơ quan', 'one body'), shown)
  const test = gatewayCommand(
    io,
    'test <code>',
    said('thử kết nối tới cơ quan, không gửi gì', 'try the connection of a body, sending nothing'),
    tested,
  )
  const command = new Command('agency').description(said('danh bạ cơ quan', 'the registry of bodies'))
  for (const each of [list, show, importCommand(io), test]) command.addCommand(each)
  return command
}

const rowOf = (view: Row): Row => view['agency'] as Row // the view of a body

async function listed({ profile, options }: Asked<ListOptions>): Promise<Said> {
  const { status, parent, search, after, max } = options
  const json = await page(profile, path, { status, parent, search, after, max })
  const names = ['code', 'name', 'status', 'dialect', 'parent']
  const rows = json.items.map(rowOf).map((agency) => names.map((name) => agency[name]))
  const head = ['mã · code', 'tên · name', 'trạng thái · state', 'kết nối · dialect', 'thuộc · parent']
  const text = rows.length === 0 ? 'Không có cơ quan nào. · No body.' : table(head, rows)
  return { json, text: text + more(json.next, '--after') }
}

async function shown({ profile, args: [code] }: Asked<object>): Promise<Said> {
  const json = (await ask(profile, { method: 'GET', path: `${path}/${segment(code)}` })) as Row // the row of the endpoint
  const { name, status, liveSince, dialect, options, parent, successor, retiredAt, networks, fileHosts } =
    rowOf(json)
  const warnings = json['warnings'] as readonly Row[] // of the same
  const text = fields([
    ['mã · code', code],
    ['tên · name', name],
    ['trạng thái · state', status],
    ['hoạt động từ · live since', timeText(liveSince)],
    ['kết nối · dialect', dialect],
    ['tùy chọn · options', options],
    ['thuộc · parent', parent],
    ['thay bởi · successor', successor],
    ['thôi từ · retired at', timeText(retiredAt)],
    ['mạng · networks', networks],
    ['máy chủ tệp · file hosts', fileHosts],
    ['bí danh · aliases', (json['aliases'] as readonly string[]).join(', ')],
    ...warnings.map(
      ({ use, validTo }) => [`chứng thư ${String(use)} hết hạn · ends`, timeText(validTo)] as const,
    ),
  ])
  return { json, text }
}

async function tested({ profile, args: [code] }: Asked<object>): Promise<Said> {
  const json = (await ask(profile, { method: 'POST', path: `${path}/${segment(code)}/test` })) as Row // the row of the endpoint
  const { ok, status, certificateValidTo, code: fault, reason } = json
  const { vi, en } = json['advice'] as { readonly vi: string; readonly en: string } // of the same
  const text = fields([
    ['cơ quan · body', code],
    ['kết nối · connection', ok === true ? 'được · good' : 'hỏng · bad'],
    ['mã lỗi · fault', fault],
    ['lý do · reason', reason],
    ['HTTP', status],
    ['chứng thư TLS đến · until', certificateValidTo === null ? null : timeText(certificateValidTo)],
  ])
  return { json, text: `${text}\n${vi}\n${en}`, code: ok === true ? exitCodes.ok : exitCodes.fault }
}
