import type { Alert, AlertKind } from '../../schemas/alert.ts'
import type { Said } from '../../schemas/said.ts'
import type { Transport } from '../agencies/dialect.ts'
import type { Notifier } from './notifier.ts'
import { createQueue, type QueueDeps } from './queue.ts'

export interface EmailNotifierDeps extends QueueDeps {
  /** `smtps://user:password@host` or `smtp://…`, percent-encoded. */
  readonly url: string
  readonly from: string
  readonly transport: Transport
}

/** What has happened, for the subject. */
const kinds: Readonly<Record<AlertKind, Said>> = {
  configuration: { vi: 'Sai cấu hình kết nối', en: 'connection misconfigured' },
  breaker: { vi: 'Không kết nối được', en: 'not reachable' },
  refused: { vi: 'Bên nhận từ chối thông điệp', en: 'messages refused by a recipient' },
  parked: { vi: 'Thông điệp chờ người xử lý', en: 'messages wait for a person' },
  dead: { vi: 'Thông điệp không giao được', en: 'messages not delivered' },
  in_doubt: { vi: 'Chưa rõ đã giao hay chưa', en: 'delivery in doubt' },
}

const call = { timeoutMs: 20_000, maxAnswerBytes: 1_024 } as const

/** Mails each alert to the technical contacts of its body; where none has an address, the log alone has it. */
export function createEmailNotifier(deps: EmailNotifierDeps): Notifier {
  const way = wayOf(deps.url)
  return createQueue(async (alert, id) => {
    const to = alert.contacts.flatMap(({ email }) => email ?? [])
    if (to.length === 0) return true
    const headers = {
      ...way.headers,
      ...{
        from: deps.from,
        to: to.join(', '),
        subject: subjectOf(alert),
        'message-id': `<${id}@${way.host}>`,
      },
      'auto-submitted': 'auto-generated',
    }
    const answer = await deps.transport.post({
      url: way.url,
      headers,
      body: Buffer.from(textOf(alert)),
      ...call,
    })
    return 'status' in answer && (answer.status < 300 || answer.status === 422) // what is refused for good is not tried again
  }, deps)
}

/** The address without its secret, which goes the way of every credential. */
function wayOf(address: string) {
  const url = new URL(address)
  const [user, password] = [url.username, url.password].map(decodeURIComponent)
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  return {
    url: `${url.protocol}//${url.host}`,
    host: url.hostname,
    headers: user === '' ? {} : { authorization },
  }
}

function subjectOf({ kind, agency }: Alert): string {
  const { vi, en } = kinds[kind]
  return `[${agency}] ${vi} · ${en}`
}

function textOf({ kind, agency, since, count, codes, deliveryIds }: Alert): string {
  const { vi, en } = kinds[kind]
  const time = new Date(since).toISOString()
  return `Cơ quan ${agency}: ${vi}. Số lần: ${count}, từ ${time}.
Mã lỗi: ${listed(codes)}
Mã lượt giao: ${listed(deliveryIds)}
Thư này do trục liên thông tự gửi, đề nghị không trả lời.

Body ${agency}: ${en}. Times: ${count}, since ${time}.
Error codes: ${listed(codes)}
Deliveries: ${listed(deliveryIds)}
This mail was sent by the gateway itself; please do not answer it.
`
}

const listed = (values: readonly string[]): string => (values.length === 0 ? '–' : values.join(', '))
