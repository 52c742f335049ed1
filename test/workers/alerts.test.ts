import { expect } from 'chai'
import type { Alert, AlertKind } from '../../schemas/alert.ts'
import { createAlerts } from '../../workers/alerts.ts'

function scene(contactsOf = async () => [{ name: 'Nguyễn Văn Thử' }]) {
  let at = 1_000
  const told: Alert[] = []
  const alerts = createAlerts({ tell: (alert) => void told.push(alert), contactsOf, now: () => at })
  const raise = (kind: AlertKind, agency: string, n: number) =>
    alerts.raise({ kind, agency, code: `http_${n}`, deliveryId: `d${n}` })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return { alerts, told, raise, settle, pass: (ms: number) => void (at += ms) }
}

describe('alerts', () => {
  it('tell the first of a kind at a body at once, with the contacts', async () => {
    const { told, raise, settle } = scene()
    raise('configuration', 'H49', 1)
    raise('parked', 'H49', 2)
    raise('configuration', 'G22', 3)
    await settle()
    expect(told.map(({ kind, agency, count }) => [kind, agency, count])).to.deep.equal([
      ['configuration', 'H49', 1],
      ['parked', 'H49', 1],
      ['configuration', 'G22', 1],
    ])
    expect(told[0]).to.deep.include({
      codes: ['http_1'],
      deliveryIds: ['d1'],
      contacts: [{ name: 'Nguyễn Văn Thử' }],
    })
  })

  it('sum up what comes within ten minutes, and say nothing more where nothing came', async () => {
    const { alerts, told, raise, settle, pass } = scene()
    raise('configuration', 'H49', 0)
    await settle()
    pass(1)
    for (let n = 1; n <= 500; n += 1) raise('configuration', 'H49', n)
    pass(599_998)
    await alerts.flush()
    expect(told.length).to.equal(1)
    pass(1)
    await alerts.flush()
    expect(told[1]).to.deep.include({ count: 500, since: 1_001, at: 601_000 })
    expect([told[1]?.codes.length, told[1]?.deliveryIds.length]).to.deep.equal([10, 10])
    pass(600_000)
    await alerts.flush()
    expect(told.length).to.equal(2)
    raise('configuration', 'H49', 501)
    await settle()
    expect(told.length, 'after a quiet time, at once again').to.equal(3)
  })

  it('go out without names rather than not at all', async () => {
    const { told, raise, settle } = scene(() => Promise.reject(new Error('no database')))
    raise('dead', 'H49', 1)
    await settle()
    expect(told[0]?.contacts).to.deep.equal([])
  })

  it('come from attempts that fault or end where a person is needed, a refusal for its sender, and from no others', async () => {
    const { alerts, told, settle } = scene()
    const line = { sender: 'G22', recipient: 'H49', code: 'x', deliveryId: 'd' }
    const lines: readonly (readonly [string, string])[] = [
      ['fault', 'due'],
      ['retry', 'dead'],
      ['unsendable', 'parked'],
      ['in_doubt', 'in_doubt'],
      ['retry', 'due'],
      ['delivered', 'delivered'],
      ['refused', 'refused'],
    ]
    for (const [outcome, state] of lines) alerts.ofAttempt({ ...line, outcome, state })
    await settle()
    expect(told.map(({ kind, agency }) => `${kind} ${agency}`)).to.deep.equal([
      'configuration H49',
      'dead H49',
      'parked H49',
      'in_doubt H49',
      'refused G22',
    ])
  })
})
