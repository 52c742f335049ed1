import type { Command } from 'commander'
import type { MessageState } from '../../client/index.ts'
import { isVerified, readerOf } from './body.ts'
import { gatewayCommand, said, type Asked } from './command.ts'
import { exitCodes, type Io, type Said } from './io.ts'
import { fields, table, timeText } from './screen.ts'

/** `lienthong status`: where a message is. */
export function statusCommand(io: Io): Command {
  const help = said(
    'trạng thái, các lần chuyển, biên nhận của một thông điệp',
    'state, deliveries, receipts of a message',
  )
  return gatewayCommand(io, 'status <id>', help, status)
}

async function status({ profile, args: [id = ''] }: Asked<object>): Promise<Said> {
  const view = await readerOf(profile).message(id)
  const checks = await Promise.all(view.receipts.map((receipt) => isVerified(profile, receipt)))
  const json = { ...view, verified: checks }
  return { json, text: textOf(view, checks), code: checks.includes(false) ? exitCodes.fault : exitCodes.ok }
}

const verdicts = new Map<boolean | null, string>([
  [true, 'đúng · ok'],
  [false, 'SAI · WRONG'],
  [null, '-'],
])

function textOf(
  { id, state, message, deliveries, receipts }: MessageState,
  checks: readonly (boolean | null)[],
): string {
  const head = fields([
    ['mã · id', id],
    ['trạng thái · state', state],
    ['loại · action', message.action],
    ['từ · from', `${message.sender} (${message.senderRef})`],
    ['đối tượng · subject', message.subjectKey],
    ['nhận lúc · received', timeText(message.receivedAt)],
  ])
  const sent = table(
    [
      'nơi nhận · to',
      'trạng thái · state',
      'lần · tries',
      'lần cuối · last try',
      'mã · code',
      'lý do · reason',
    ],
    deliveries.map(({ recipient, state: each, attempts }) => {
      const last = attempts.at(-1)
      return [recipient, each, attempts.length, timeText(last?.at), last?.code ?? '', last?.reason ?? '']
    }),
  )
  const proofs = table(
    ['biên nhận · receipt', 'loại · kind', 'nơi nhận · to', 'lúc · at', 'chữ ký · signature'],
    receipts.map(({ receipt }, at) => [
      ...[receipt.id, receipt.kind, receipt.recipient ?? '', timeText(receipt.at)],
      verdicts.get(checks[at] ?? null),
    ]),
  )
  return [head, sent, proofs].filter((part) => part !== '').join('\n\n')
}
