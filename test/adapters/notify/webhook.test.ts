import { expect } from 'chai'
import { Webhook } from 'standardwebhooks'
import { createLogNotifier } from '../../../adapters/notify/log.ts'
import { createWebhookNotifier } from '../../../adapters/notify/webhook.ts'
import { createHttpTransport } from '../../../adapters/transport/http.ts'
import type { Alert } from '../../../schemas/alert.ts'
import { eventually } from '../../support/gateway.ts'
import { withSink, type Sink } from '../../support/sink.ts'

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
const alert: Alert = {
  ...{ kind: 'configuration', agency: 'H49', at: 1_800_000_000_000, since: 1_800_000_000_000, count: 1 },
  ...{
    codes: ['http_401'],
    deliveryIds: ['d1'],
    contacts: [{ name: 'Nguyễn Văn Thử', phone: '0000 000 000' }],
  },
}

async function withNotifier(
  use: (
    notifier: ReturnType<typeof createWebhookNotifier>,
    sink: Sink,
    logged: readonly string[],
  ) => Promise<void>,
): Promise<void> {
  const transport = createHttpTransport()
  const logged: string[] = []
  await withSink(async (sink) => {
    const notifier = createWebhookNotifier({
      ...{ url: sink.url, secret, transport: transport.to(['127.0.0.0/8']), pausesMs: [1, 1] },
      log: (_level, event, fields) => void logged.push(`${event} ${JSON.stringify(fields)}`),
    })
    try {
      await use(notifier, sink, logged)
    } finally {
      await notifier.close()
      await transport.close()
    }
  })
}

describe('alerts by webhook', () => {
  it('are signed', () =>
    withNotifier(async (notifier, sink) => {
      notifier.tell(alert)
      const [{ headers, body }] = await eventually(
        'the alert',
        async () => sink.requests.length === 1 && ([sink.requests[0]!] as const),
      )
      const said = new Webhook(secret).verify(body.toString(), headers as Record<string, string>)
      expect(said).to.deep.include({ type: 'alert', data: alert })
    }))

  it('are tried again under the same id, then given up with a line in the log', () =>
    withNotifier(async (notifier, sink, logged) => {
      sink.answer(() => ({ status: 503 }))
      notifier.tell(alert)
      await eventually('given up', async () => logged.length === 1)
      expect(new Set(sink.requests.map(({ headers }) => headers['webhook-id'])).size).to.equal(1)
      expect(sink.requests.length).to.equal(3)
      expect(logged[0])
        .to.match(/^alert not sent/)
        .and.not.to.contain('Nguyễn')
    }))

  it('wait in a queue that keeps the newest', () =>
    withNotifier(async (notifier, sink) => {
      let open = (): void => undefined
      const shut = new Promise<void>((resolve) => (open = resolve))
      sink.answer(() => shut.then(() => ({ status: 200 })))
      for (let count = 0; count < 200; count += 1) notifier.tell({ ...alert, count })
      open()
      await eventually('all sent', async () => sink.requests.length === 101)
      const counts = sink.requests.map(
        ({ body }) => (JSON.parse(body.toString()) as { data: Alert }).data.count,
      )
      expect(counts).to.deep.equal([0, ...Array.from({ length: 100 }, (_, index) => 100 + index)])
    }))

  it('stop with the gateway, whatever waits', () =>
    withNotifier(async (notifier, sink) => {
      sink.answer(() => ({ status: 503 }))
      for (let count = 0; count < 50; count += 1) notifier.tell(alert)
      await notifier.close()
      const sent = sink.requests.length
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(sink.requests.length).to.equal(sent)
    }))
})

describe('alerts in the log', () => {
  it('name no person', () => {
    const lines: string[] = []
    createLogNotifier((_level, event, fields) => void lines.push(event + JSON.stringify(fields))).tell(alert)
    expect(lines.join('')).to.contain('http_401').and.not.to.contain('Nguyễn')
  })
})
