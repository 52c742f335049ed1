import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { startGateway, type GatewayProcess } from '../../sandbox/gateway.ts'
import { eventually } from '../support/gateway.ts'
import { hold } from '../support/leaks.ts'
import { withTempDir } from '../support/processes.ts'
import { withSink, type Sink, type SinkAnswer } from '../support/sink.ts'
import { callSandbox, vxpSandbox } from '../support/vxp-sandbox.ts'

const letter = readFileSync(new URL('../fixtures/edxml/letter.edxml', import.meta.url))

/** An axis that holds one letter until it has been told that it was taken. */
function holding(sink: Sink, acknowledged: () => SinkAnswer): { readonly isHeld: () => boolean } {
  let isHeld = true
  const data = (rows: unknown): SinkAnswer => ({
    ...{ status: 200, body: JSON.stringify({ status: 'OK', ErrorCode: '0', ErrorDesc: '', data: rows }) },
  })
  sink.answer(({ path, headers }) => {
    if (path.endsWith('/getEdoc')) return data(letter.toString('base64'))
    if (path.endsWith('/getReceivedEdocList'))
      return data(
        isHeld && headers['xroadvnpt-messagetype'] === 'edoc'
          ? [{ docId: 'vb-1', status: 'initial', to: 'G22' }]
          : [],
      )
    const answer = acknowledged()
    if (answer.cut !== true) isHeld = false
    return answer
  })
  return { isHeld: () => isHeld }
}

describe('a gateway that is killed between storing a letter and acknowledging it', () => {
  it('fetches it again when it is started again, and knows it for the same', function () {
    this.timeout(90_000) // two starts, and a look put off while the secret was not there
    return withTempDir((dir) =>
      withSink(async (sink) => {
        const sandbox = await vxpSandbox(dir, sink.url)
        let running: GatewayProcess | undefined
        const start = async () => {
          const env = { ...sandbox.env, LEASE_SECONDS: '2' }
          running = await startGateway({ env, role: 'all', log: sandbox.paths.log })
        }
        const release = hold('the gateway of the test', () => running?.kill())
        let kills = 0
        const axis = holding(sink, () => {
          if (kills > 0) return { status: 200, body: '{"status":"OK","ErrorCode":"0","ErrorDesc":""}' }
          kills += 1
          running?.kill()
          return { status: 200, cut: true }
        })
        try {
          await start()
          const path = '/admin/v1/agencies/TRUC.VB/secrets/vxp'
          await callSandbox(sandbox, 'admin', path, {
            ...{ method: 'PUT', value: { value: 'demo-secret-0001', overlapSeconds: 0 } },
          })
          await running?.exit
          expect([kills, axis.isHeld()]).to.deep.equal([1, true])
          await start()
          await eventually('the acknowledgement', async () => !axis.isHeld(), 30_000)
          const fetches = sink.requests.filter(({ path: asked }) => asked.endsWith('/getEdoc'))
          expect(fetches).to.have.length(2)
          expect(
            (await callSandbox(sandbox, 'operator', '/v1/messages?family=document'))['items'],
          ).to.have.length(1)
        } finally {
          running?.kill()
          await running?.exit
          release()
        }
      }),
    )
  })
})
