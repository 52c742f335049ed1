import { expect } from 'chai'
import { writeTime } from '../../adapters/agencies/vxp/moment.ts'
import { startGateway, type GatewayProcess } from '../../sandbox/gateway.ts'
import type { Payload } from '../../schemas/message.ts'
import { eventually } from '../support/gateway.ts'
import { hold } from '../support/leaks.ts'
import { withTempDir } from '../support/processes.ts'
import { withSink, type Sink, type SinkAnswer } from '../support/sink.ts'
import { callSandbox, vxpSandbox } from '../support/vxp-sandbox.ts'

const letter: Payload = {
  ...{ DocumentId: 'G22,2026/11/20,41/VPCP-KTTH', From: { OrganId: 'G22' }, To: [{ OrganId: 'H49' }] },
  ...{ Subject: 'Về việc diễn tập liên thông', Code: { CodeNumber: '41', CodeNotation: 'VPCP-KTTH' } },
}

/** An axis that keeps what it is sent, and lists it by number and subject. */
function keeping(sink: Sink, sent: (count: number) => SinkAnswer): { readonly count: () => number } {
  const rows: Payload[] = []
  const ok = { status: 'OK', ErrorCode: '0', ErrorDesc: '' }
  sink.answer(({ path }) => {
    if (path.endsWith('/getSentEdocList')) return { status: 200, body: JSON.stringify({ ...ok, data: rows }) }
    if (!path.endsWith('/sendEdoc')) return { status: 200, body: JSON.stringify({ ...ok, data: [] }) }
    rows.push({
      notation: '41/VPCP-KTTH',
      title: 'Về việc diễn tập liên thông',
      sentTime: writeTime(Date.now()),
    })
    return sent(rows.length)
  })
  return { count: () => rows.length }
}

describe('a gateway that is killed when an axis has taken a letter and not answered', () => {
  it('asks the axis when it is started again, and sends it no second time', function () {
    this.timeout(90_000) // two starts, and a delivery put off while the secret was not there
    return withTempDir((dir) =>
      withSink(async (sink) => {
        const sandbox = await vxpSandbox(dir, sink.url, { pollSeconds: 0, askSentAfterSeconds: 1 })
        let running: GatewayProcess | undefined
        const start = async () => {
          const env = { ...sandbox.env, LEASE_SECONDS: '2' }
          running = await startGateway({ env, role: 'all', log: sandbox.paths.log })
        }
        const release = hold('the gateway of the test', () => running?.kill())
        const axis = keeping(sink, () => {
          running?.kill()
          return { status: 200, cut: true }
        })
        try {
          await start()
          await callSandbox(sandbox, 'admin', '/admin/v1/agencies/TRUC.VB/secrets/vxp', {
            ...{ method: 'PUT', value: { value: 'demo-secret-0001', overlapSeconds: 0 } },
          })
          const { id } = await callSandbox(sandbox, 'G22', '/v1/messages', {
            ...{ method: 'POST', headers: { 'idempotency-key': 'vb-41' } },
            value: { action: 'document.letter', recipients: ['TRUC.VB'], payload: letter },
          })
          await running?.exit
          expect(axis.count()).to.equal(1)
          await start()
          const { deliveries } = await eventually(
            'the delivery',
            async () => {
              const view = await callSandbox(sandbox, 'operator', `/v1/messages/${String(id)}`)
              return view['state'] === 'delivered' && view
            },
            40_000,
          )
          const [{ attempts }] = deliveries as [{ attempts: readonly { outcome: string }[] }]
          expect(attempts.at(-1)?.outcome).to.equal('found')
          expect(axis.count()).to.equal(1)
        } finally {
          running?.kill()
          await running?.exit
          release()
        }
      }),
    )
  })
})
