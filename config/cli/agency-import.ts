import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { z } from 'zod'
import { queryText } from '../../client/lists.ts'
import { gatewayCommand, said, type Asked } from './command.ts'
import { usage } from './faults.ts'
import type { Io, Said } from './io.ts'
import { ask } from './profile.ts'
import { table } from './screen.ts'

interface Options {
  readonly reason: string
  readonly prune: boolean
  readonly yes: boolean
}

interface Imported {
  readonly differences: readonly { readonly kind: string; readonly part: string; readonly name: string }[]
}

/** `lienthong agency import <file>`: merges a registry file by code; only shows what would change without `--yes`. */
export function importCommand(io: Io): Command {
  const help = said(
    'nhập danh bạ từ tệp JSON theo mã (chỉ cho xem khi không có --yes)',
    'merge a registry file by code (only shown without --yes)',
  )
  return gatewayCommand<Options>(io, 'import <file>', help, imported)
    .requiredOption('--reason <text>', said('vì sao; ghi vào nhật ký', 'why; goes into the audit'))
    .option('--prune', said('bỏ những gì tệp không có', 'remove what the file does not name'), false)
    .option('--yes', said('thay đổi thật', 'do it; else only show'), false)
}

async function imported({ io, profile, options, args: [file = ''] }: Asked<Options>): Promise<Said> {
  const { reason, prune, yes } = options
  const registry = registryIn(file)
  if (io.terminal) io.err(`… ${file} → ${profile.url}\n`)
  const path = `/admin/v1/agencies/import${queryText({ dryRun: !yes, prune })}`
  const json = (await ask(profile, { method: 'POST', path, json: { registry, reason } })) as Imported // the row of the endpoint
  const rows = json.differences.map(({ kind, part, name }) => [kind, part, name])
  const heading = yes
    ? 'Đã nhập · Imported'
    : 'Chưa đổi gì; thêm --yes để nhập. · Nothing changed; --yes imports it.'
  const list = rows.length === 0 ? 'Không có gì khác. · No difference.' : table(head, rows)
  return { json, text: `${heading}\n\n${list}` }
}

const head = ['đổi · change', 'phần · part', 'tên · name']

const Json = z.record(z.string(), z.unknown())

/** A registry, or the file of a first start, whose credentials stay here: those are issued at a door of their own. */
function registryIn(file: string): unknown {
  const parsed = Json.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!parsed.success) throw usage(`${file} không phải danh bạ.`, `${file} is not a registry.`)
  return parsed.data['registry'] ?? parsed.data
}
