import type { Command } from 'commander'
import type { Mailbox, PulledDelivery } from '../../client/index.ts'
import { bodyOf } from './body.ts'
import { gatewayCommand, said, type Asked } from './command.ts'
import { exitCodes, type Io, type Said } from './io.ts'
import { fields } from './screen.ts'
import { wholeNumber } from './numbers.ts'

interface Options {
  readonly max: number
  readonly wait: number
  readonly ack?: boolean
  readonly follow?: boolean
}

/** `lienthong pull`: what waits in the body's mailbox. */
export function pullCommand(io: Io): Command {
  return gatewayCommand<Options>(io, 'pull', said('lấy thông điệp đang chờ', 'pull what waits'), pull)
    .option('--max <n>', said('nhiều nhất mỗi lần', 'at most, each time'), wholeNumber(1, 100), 20)
    .option('--wait <seconds>', said('chờ thông điệp đầu tiên', 'wait for the first'), wholeNumber(0, 30), 0)
    .option('--ack', said('xác nhận processed sau khi in', 'acknowledge as processed once printed'))
    .option(
      '--follow',
      said('nhận mãi đến Ctrl-C; mỗi dòng một JSON với --json', 'for ever; with --json one a line'),
    )
}

async function pull({ io, profile, options }: Asked<Options>): Promise<Said> {
  const { signs, plain } = bodyOf(profile)
  const mailbox: Mailbox = signs ?? plain
  const { max, wait } = options
  if (options.follow === true) return follow(mailbox, io, options)
  const pulled = await mailbox.pull({ max, waitSeconds: wait, signal: io.signal })
  if (options.ack === true) await acknowledge(mailbox, pulled)
  const text =
    pulled.length === 0 ? 'Không có thông điệp nào chờ. · Nothing waits.' : pulled.map(textOf).join('\n\n')
  const code = pulled.some(({ content }) => content.kind === 'unreadable') ? exitCodes.fault : exitCodes.ok
  return { json: { deliveries: pulled.map(plainOf) }, text, code }
}

async function follow(
  mailbox: Mailbox,
  io: Io,
  { max, ack, json }: Asked<Options>['options'],
): Promise<Said> {
  io.err('Đang chờ thông điệp; Ctrl-C để dừng. · Waiting; Ctrl-C ends it.\n')
  let count = 0
  for await (const delivery of mailbox.follow({ max, signal: io.signal })) {
    io.out(json ? `${JSON.stringify(plainOf(delivery))}\n` : `${textOf(delivery)}\n\n`)
    if (ack === true) await acknowledge(mailbox, [delivery])
    count += 1
  }
  io.err(`${count} thông điệp · deliveries\n`)
  return { json: { count }, text: '' }
}

/** What could not be read stays: its lease ends and it comes again, or a person refuses it. */
async function acknowledge(mailbox: Mailbox, pulled: readonly PulledDelivery[]): Promise<void> {
  for (const { deliveryId, content } of pulled)
    if (content.kind === 'opened') await mailbox.acknowledge(deliveryId, 'processed')
}

function plainOf({ content, ...delivery }: PulledDelivery) {
  if (content.kind === 'opened') return { ...delivery, content }
  const { code, reason } = content.error
  return { ...delivery, content: { kind: content.kind, code, reason: reason ?? null } }
}

function textOf({ content, ...delivery }: PulledDelivery): string {
  const head = fields([
    ['chuyển · delivery', delivery.deliveryId],
    ['thông điệp · message', delivery.messageId],
    ['loại · action', delivery.action],
    ['từ · from', `${delivery.sender} (${delivery.senderRef})`],
    ['đối tượng · subject', delivery.subjectKey],
  ])
  if (content.kind === 'opened') return `${head}\n${JSON.stringify(content.payload, null, 2)}`
  return `${head}\nKhông mở được · cannot be opened: ${content.error.code} ${content.error.reason ?? ''}`
}
