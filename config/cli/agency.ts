import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { gatewayCommand, said, type Asked } from './command.ts'
import { exitCodes, type Io, type Said } from './io.ts'
import { wholeNumber } from './numbers.ts'
import { more, page, segment, type Row } from './pages.ts'
import { ask } from './profile.ts'
import { fields, table } from './screen.ts'

interface ListOptions {
  readonly status?: string
  readonly parent?: string
  readonly search?: string
  readonly after?: string
  readonly max: number
}

interface ImportOptions {
  readonly dryRun?: boolean
}

/** `lienthong agency import|list|test`. */
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
  const load = gatewayCommand<ImportOptions>(
    io,
    'import <file>',
    said('nạp danh bạ từ tệp JSON', 'import a registry from a JSON file'),
    imported,
  ).option('--dry-run', said('chỉ cho xem thay đổi', 'only show what would change'))
  const test = gatewayCommand(
    io,
    'test <code>',
    said('thử kết nối tới cơ quan', 'try the connection of a body'),
    tested,
  )
  return new Command('agency')
    .description(said('danh bạ cơ quan', 'the registry of bodies'))
    .addCommand(list)
    .addCommand(load)
    .addCommand(test)
}

async function listed({ profile, options }: Asked<ListOptions>): Promise<Said> {
  const { status, parent, search, after, max } = options
  const json = await page(profile, '/admin/v1/agencies', { status, parent, search, after, max })
  const rows = json.items.map((item) => {
    const agency = (item['agency'] ?? item) as Row // a list may hold the row or its view
    return ['code', 'name', 'status', 'dialect', 'parent'].map((name) => agency[name])
  })
  const head = ['mã · code', 'tên · name', 'trạng thái · state', 'kết nối · dialect', 'thuộc · parent']
  const text = rows.length === 0 ? 'Không có cơ quan nào. · No body.' : table(head, rows)
  return { json, text: text + more(json.next, '--after') }
}

async function imported({ io, profile, options, args: [file = ''] }: Asked<ImportOptions>): Promise<Said> {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (io.terminal) io.err(`… ${file} → ${profile.url}\n`)
  const dryRun = options.dryRun === true
  const path = `/admin/v1/agencies/import?dryRun=${dryRun}`
  const json = await ask(profile, { method: 'POST', path, json: content })
  const heading = dryRun ? 'Chưa đổi gì; sẽ đổi: · Nothing changed; would change:' : 'Đã nạp: · Imported:'
  return { json, text: `${heading}\n${fields(Object.entries(json as Row))}` }
}

async function tested({ profile, args: [code] }: Asked<object>): Promise<Said> {
  const path = `/admin/v1/agencies/${segment(code)}/test`
  const json = (await ask(profile, { method: 'POST', path, json: {} })) as Row // the row of the endpoint
  const text = fields([['cơ quan · body', code], ...Object.entries(json)])
  return { json, text, code: json['ok'] === false ? exitCodes.fault : exitCodes.ok }
}
