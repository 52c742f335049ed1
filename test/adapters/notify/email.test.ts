import { expect } from 'chai'
import { createEmailNotifier } from '../../../adapters/notify/email.ts'
import type { Notifier } from '../../../adapters/notify/notifier.ts'
import { createTransport } from '../../../adapters/transport/ways.ts'
import type { Alert } from '../../../schemas/alert.ts'
import { eventually } from '../../support/gateway.ts'
import { readLetter, withMailServer, type MailServer } from '../../support/mail.ts'

const alert: Alert = {
  ...{ kind: 'dead', agency: 'H49', at: 1_800_000_000_000, since: 1_800_000_000_000, count: 3 },
  ...{ codes: ['http_503'], deliveryIds: ['d1', 'd2'] },
  contacts: [
    { name: 'Nguyễn Văn Thử', email: 'thu@example.vn' },
    { name: 'Trần Thị Mẫu', phone: '0000 000 000' },
    { name: 'Lê Văn Giả', email: 'gia@example.vn' },
  ],
}

const login = { user: 'truc', pass: 'p@ss/1' }

function withNotifier(
  use: (notifier: Notifier, server: MailServer, logged: readonly string[]) => Promise<void>,
): Promise<void> {
  return withMailServer({ login }, async (server) => {
    const transport = createTransport({ authorities: [] })
    const logged: string[] = []
    const notifier = createEmailNotifier({
      url: `smtp://truc:p%40ss%2F1@127.0.0.1:${server.port}`,
      ...{ from: 'truc@example.vn', transport: transport.to(['127.0.0.0/8']), pausesMs: [1, 1] },
      log: (_level, event, fields) => void logged.push(`${event} ${JSON.stringify(fields)}`),
    })
    try {
      await use(notifier, server, logged)
    } finally {
      await notifier.close()
      await transport.close()
    }
  })
}

describe('alerts by mail', () => {
  it('go to the technical contacts that have an address, Vietnamese first', () =>
    withNotifier(async (notifier, server) => {
      notifier.tell(alert)
      await eventually('the mail', async () => server.letters.length === 1)
      const [letter] = server.letters
      expect(letter).to.deep.include({ to: ['thu@example.vn', 'gia@example.vn'], user: 'truc' })
      const { headers, text } = readLetter(letter!)
      const subject = '[H49] Thông điệp không giao được · messages not delivered'
      expect(headers).to.deep.include.members([
        ['subject', subject],
        ['from', 'truc@example.vn'],
        ['auto-submitted', 'auto-generated'],
      ])
      for (const part of ['http_503', 'd1, d2', 'Số lần: 3', 'Times: 3']) expect(text).to.contain(part)
      expect(text.indexOf('Cơ quan H49')).to.be.below(text.indexOf('Body H49'))
      expect(text).not.to.contain('Nguyễn')
    }))

  it('are tried again under one Message-ID, then given up with a line in the log that names no person', () =>
    withNotifier(async (notifier, server, logged) => {
      server.answer(() => 450)
      notifier.tell(alert)
      await eventually('given up', async () => logged.length === 1)
      expect(logged[0])
        .to.match(/^alert not sent/)
        .and.not.to.contain('thu@')
      let refused = 0
      server.answer(() => ((refused += 1) <= 2 ? 450 : null))
      notifier.tell(alert)
      await eventually('the mail', async () => server.letters.length === 1)
    }))

  it('are not tried again where the address is refused for good, and go nowhere without one', () =>
    withNotifier(async (notifier, server, logged) => {
      let asked = 0
      server.answer(() => {
        asked += 1
        return 550
      })
      notifier.tell({ ...alert, contacts: [] })
      notifier.tell({ ...alert, contacts: [{ name: 'Nguyễn Văn Thử', email: 'thu@example.vn' }] })
      await eventually('asked', async () => asked === 1)
      await notifier.close()
      expect([asked, logged.length, server.letters.length]).to.deep.equal([1, 0, 0])
    }))
})
