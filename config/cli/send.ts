import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { z } from 'zod'
import type { Letter, SendResult } from '../../client/index.ts'
import type { Payload } from '../../schemas/message.ts'
import { bodyOf, isVerified, verdict } from './body.ts'
import { gatewayCommand, said, toldRefusal, type Asked } from './command.ts'
import { usage } from './faults.ts'
import { exitCodes, type Io, type Said } from './io.ts'
import type { Profile } from './profile.ts'
import { fields, timeText } from './screen.ts'

interface Options {
  readonly action?: string
  readonly to?: readonly string[]
  readonly ref?: string
  readonly encrypt?: boolean
  readonly plain?: boolean
}

/** `lienthong send`: a message from a file or standard input. */
export function sendCommand(io: Io): Command {
  const help = said('gửi một thông điệp, hiện biên nhận', 'send a message, show the receipt')
  return gatewayCommand<Options>(io, 'send [file]', help, send)
    .option(
      '--action <name>',
      said('loại thông điệp; tệp là phần payload', 'action; the file is the payload'),
    )
    .option('--to <code...>', said('nơi nhận', 'recipients'))
    .option('--ref <text>', said('số tham chiếu của bên gửi', "the sender's own reference"))
    .option('--encrypt', said('mã hóa cho trục', 'encrypt to the gateway'))
    .option('--plain', said('gửi JSON, không ký', 'send JSON, unsigned, though there is a key'))
    .addHelpText(
      'after',
      '\n[file]: phong bì XML đã ký, hoặc JSON; không có hay là - thì đọc từ đầu vào · signed XML or JSON; none or - reads standard input',
    )
}

async function send({ io, profile, options, args }: Asked<Options>): Promise<Said> {
  const [file = '-'] = args
  const bytes = file === '-' ? await io.readStdin() : readFileSync(file)
  const { signs, plain } = bodyOf(profile)
  if (bytes.toString('latin1', 0, 200).trimStart().startsWith('<')) {
    const sender = signs ?? plain
    return answer(profile, await sender.sendRaw(bytes))
  }
  const { payload, ...letter } = readLetter(bytes, options)
  if (signs === null || options.plain === true) return answer(profile, await plain.send(letter, payload))
  return answer(profile, await signs.send(letter, payload, { encrypt: options.encrypt ?? false }))
}

const Message = z.object({
  action: z.string(),
  recipients: z.array(z.string()).exactOptional(),
  senderRef: z.string().exactOptional(),
  conversationId: z.string().exactOptional(),
  refToMessageId: z.string().exactOptional(),
  sentAt: z.number().exactOptional(),
  expiresAt: z.number().exactOptional(),
  payload: z.record(z.string(), z.json()),
})

/** A message as JSON, or with `--action` its payload alone. What the command line says counts before the file. */
function readLetter(bytes: Buffer, options: Options): Letter & { readonly payload: Payload } {
  const json = readJson(bytes)
  const parsed = Message.safeParse(
    options.action === undefined ? json : { action: options.action, payload: json },
  )
  if (!parsed.success)
    throw usage(
      'JSON cần có "action" và "payload", hoặc dùng --action với tệp chỉ chứa payload.',
      `The JSON needs "action" and "payload", or give --action and a payload alone: ${z.prettifyError(parsed.error)}`,
    )
  const { to, ref } = options
  return {
    ...parsed.data,
    ...(to === undefined ? {} : { recipients: to }),
    ...(ref === undefined ? {} : { senderRef: ref }),
  }
}

function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw usage('Nội dung không phải XML cũng không phải JSON.', 'The content is neither XML nor JSON.')
  }
}

async function answer(profile: Profile, sent: SendResult): Promise<Said> {
  if (sent.kind === 'refused') return toldRefusal(sent.error)
  const { kind, id, receipt } = sent
  const verified = await isVerified(profile, receipt)
  const heading =
    kind === 'accepted'
      ? 'Đã nhận · accepted'
      : 'Đã nhận từ trước; đây là biên nhận cũ · had it already; the first receipt'
  const text = fields([
    ['kết quả · result', heading],
    ['mã · id', id],
    ['tham chiếu · reference', receipt.receipt.senderRef],
    ['loại · action', receipt.receipt.action],
    ['lúc · at', timeText(receipt.receipt.at)],
    ['biên nhận · receipt', `${receipt.receipt.id}, ${verdict(verified)}`],
  ])
  const code = verified === false ? exitCodes.fault : exitCodes.ok
  return { json: { kind, id, verified, receipt }, text, code }
}
