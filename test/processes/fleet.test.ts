import { expect } from 'chai'
import { breakerThreshold } from '../../workers/clocks.ts'
import { noPace } from '../../schemas/pace.ts'
import { lendFleet, type Fleet } from '../support/fleet.ts'
import { eventually } from '../support/gateway.ts'
import { claimsOf, closeGate, holdersOf, probesOf, stateOf } from './observe.ts'
import { accepted, effects, fill, settled, startLoad, statesOf, write } from './traffic.ts'

const sender = 'H49'
const prefetch = 4

describe('two api and two worker processes over one database and broker', function () {
  this.timeout(120_000)
  const lend = lendFleet({
    apis: 2,
    workers: 2,
    senders: [sender],
    recipients: ['G01', 'G02', 'G03', 'G04', 'G05', 'G06', 'G07', 'G08', 'G09', 'G10', 'G11'],
    env: { LEASE_SECONDS: '4', PREFETCH: String(prefetch) },
  })
  let fleet: Fleet
  before(() => {
    fleet = lend()
  })

  it('deliver what either door has accepted, each once and in the order of its lane', async () => {
    const lanes = await fill(fleet, { sender, recipient: 'G01', lanes: 6, each: 5 })
    await settled(fleet, 'G01')
    expect(effects(fleet.arrivals('G01'), lanes)).to.deep.equal(lanes)
    expect(fleet.arrivals('G01')).to.have.lengthOf(30)
  })

  it('answer a repeat at the other door with the original receipt', async () => {
    const first = fleet.client(sender, 0)
    const bytes = await write(first, { sender, recipient: 'G01', subject: 100, ref: 'repeat' })
    const original = await first.sendRaw(bytes)
    const repeat = await fleet.client(sender, 1).sendRaw(bytes)
    expect([original.kind, repeat.kind]).to.deep.equal(['accepted', 'repeat'])
    expect(repeat.receipt).to.deep.equal(original.receipt)
    await settled(fleet, 'G01')
    const pushes = fleet.arrivals('G01').filter(({ messageId }) => messageId === accepted(original))
    expect(pushes).to.have.lengthOf(1)
  })

  it('tell their health and figures, the workers too', async () => {
    const pages = async (path: string) =>
      Promise.all([...fleet.apis, ...fleet.workers].map(({ url }) => fetch(`${url}${path}`)))
    expect((await pages('/health/live')).map(({ status }) => status)).to.deep.equal([200, 200, 200, 200])
    expect((await pages('/health/ready')).map(({ status }) => status)).to.deep.equal([200, 200, 200, 200])
    const figures = await Promise.all((await pages('/metrics')).map((page) => page.text()))
    const attempts = figures.flatMap((text) =>
      [...text.matchAll(/^lt_attempts_total\{.*recipient="G01".*\} (\d+)$/gm)].map(([, count]) =>
        Number(count),
      ),
    )
    expect(attempts.reduce((sum, count) => sum + count, 0)).to.equal(31)
    const [worker] = fleet.workers
    expect((await fetch(`${worker?.url ?? ''}/v1/messages`, { method: 'POST' })).status).to.equal(404)
  })

  it('hold what goes to a paused recipient, whichever of them would send it', async () => {
    const open = closeGate(fleet, 'G03')
    const lanes = await fill(fleet, { sender, recipient: 'G03', lanes: 20, each: 1 })
    await eventually('claims of both workers', async () => (await holdersOf(fleet, 'G03')).size === 2)
    await fleet.store.setPaused('G03', true, Date.now())
    open()
    await eventually('an end of what was under way', async () => (await holdersOf(fleet, 'G03')).size === 0)
    const taken = fleet.arrivals('G03').length
    await fill(fleet, { sender, recipient: 'G04', lanes: 20, each: 1 })
    await settled(fleet, 'G04')
    expect(taken).to.be.lessThan(20)
    expect(await statesOf(fleet, 'G03')).to.deep.equal({ delivered: taken, due: 20 - taken })

    await fleet.store.setPaused('G03', false, Date.now())
    await settled(fleet, 'G03')
    expect(effects(fleet.arrivals('G03'), lanes)).to.deep.equal(lanes)
    expect(fleet.arrivals('G03')).to.have.lengthOf(20)
  })

  it('start nothing to a paused recipient a second after the pause, under load, on any of them', async () => {
    const load = startLoad(fleet, { sender, recipient: 'G10', lanes: 8, paceMs: 5 })
    await eventually('a stream', async () => fleet.arrivals('G10').length > 60)
    await fleet.store.setPaused('G10', true, Date.now())
    const pausedAt = Date.now()
    const before = load.accepted()
    await eventually('acceptances all the same', async () => load.accepted() > before + 150)
    await eventually('the second', async () => Date.now() > pausedAt + 1_500)
    const late = fleet.arrivals('G10').filter(({ at }) => at > pausedAt + 1_000)
    expect(late).to.deep.equal([])
    expect((await statesOf(fleet, 'G10'))['due']).to.be.above(0)
    await fleet.store.setPaused('G10', false, Date.now())
    const lanes = await load.stop()
    await settled(fleet, 'G10')
    expect(effects(fleet.arrivals('G10'), lanes)).to.deep.equal(lanes)
  })

  it('share one pace, whichever of them leases', async () => {
    const pace = { ...noPace, perSecond: 20, concurrency: 2 }
    await fleet.store.order('G11', { pace }, { now: Date.now(), audit: () => [] })
    const lanes = await fill(fleet, { sender, recipient: 'G11', lanes: 20, each: 3 })
    await settled(fleet, 'G11')
    const times = fleet.arrivals('G11').map(({ at }) => at)
    expect(effects(fleet.arrivals('G11'), lanes)).to.deep.equal(lanes)
    const inSecondFrom = (begin: number) => times.filter((at) => at >= begin && at < begin + 1_000).length
    // A quarter of a second's worth at once, then the rate; and what a process was late with before the second began.
    expect(Math.max(...times.map(inSecondFrom))).to.be.at.most(20 + 5 + 5)
  })

  it('share a breaker, and send one probe', async () => {
    fleet.answer('G05', () => ({ status: 503 }))
    const lanes = await fill(fleet, { sender, recipient: 'G05', lanes: 24, each: 1 })
    const { openUntil } = await eventually('an open breaker', async () => {
      const state = await stateOf(fleet, 'G05')
      return state !== undefined && state.openings > 0 && state
    })
    await eventually('an end of what was under way', async () => (await holdersOf(fleet, 'G05')).size === 0)
    const answerLate = () =>
      new Promise<{ status: number }>((answer) => setTimeout(answer, 500, { status: 200 }))
    fleet.answer('G05', answerLate) // long enough for every relay to look several times while the probe is out
    await settled(fleet, 'G05')
    const { before, probes } = await probesOf(fleet, 'G05', openUntil)
    // Before it opened: one failure less than it takes, then at most what both workers held.
    expect(before).to.be.within(breakerThreshold, breakerThreshold - 1 + 2 * prefetch)
    expect(probes).to.equal(1)
    expect(effects(fleet.arrivals('G05'), lanes)).to.deep.equal(lanes)
  })

  it('lose, double and disorder nothing when each is restarted in turn under load', async () => {
    const load = startLoad(fleet, { sender, recipient: 'G06', lanes: 4, paceMs: 100 })
    const codes: (number | null)[] = []
    for (const member of [...fleet.workers, ...fleet.apis]) {
      codes.push(await member.terminate())
      const before = load.accepted()
      await eventually('acceptances without it', async () => load.accepted() > before + 4)
      await member.start()
    }
    const lanes = await load.stop()
    await settled(fleet, 'G06')
    expect(codes).to.deep.equal([0, 0, 0, 0])
    expect(effects(fleet.arrivals('G06'), lanes)).to.deep.equal(lanes)
    expect(fleet.arrivals('G06')).to.have.lengthOf(lanes.flat().length)
  })

  it('take back the deliveries of a worker that was killed', async () => {
    const open = closeGate(fleet, 'G02')
    const lanes = await fill(fleet, { sender, recipient: 'G02', lanes: 2 * prefetch, each: 2 })
    const holders = await eventually('claims of both workers', async () => {
      const found = await holdersOf(fleet, 'G02')
      return found.size === 2 && found
    })
    const [dead, held] = [...holders][0] ?? expect.fail('nobody holds a claim')
    await dead.kill()
    open()
    await settled(fleet, 'G02')
    expect(effects(fleet.arrivals('G02'), lanes)).to.deep.equal(lanes)
    expect(await claimsOf(fleet, held)).to.deep.equal(held.map(() => 2))
  })

  it('publish again what the broker has forgotten', async () => {
    const open = closeGate(fleet, 'G07') // the worker that is left takes as many tickets as it may; the others wait in the queue
    const lanes = await fill(fleet, { sender, recipient: 'G07', lanes: 2 * prefetch, each: 2 })
    let forgotten = 0
    await eventually('tickets that wait', async () => {
      forgotten += await fleet.purge('G07')
      return forgotten >= prefetch
    })
    open()
    await settled(fleet, 'G07')
    expect(effects(fleet.arrivals('G07'), lanes)).to.deep.equal(lanes)
  })

  it('accept while the broker is away, also when started meanwhile, and deliver once it is back', async () => {
    const [api] = fleet.apis
    const { broker } = fleet.lines
    broker.refuse(true)
    broker.cut()
    await api?.terminate()
    await api?.start()
    const lanes = await fill(fleet, { sender, recipient: 'G08', lanes: 2, each: 2 })
    const ready = await fetch(`${api?.url ?? ''}/health/ready`)
    expect(ready.status).to.equal(200)
    expect(await ready.json()).to.deep.include({
      ready: true,
      checks: { store: 'ok', signing: 'ok', broker: 'degraded' },
    })
    expect(fleet.arrivals('G08')).to.deep.equal([])
    broker.refuse(false)
    await settled(fleet, 'G08')
    expect(effects(fleet.arrivals('G08'), lanes)).to.deep.equal(lanes)
  })

  it('refuse, retryably, while the database is away, and go on when it is back', async () => {
    const { database } = fleet.lines
    const load = startLoad(fleet, { sender, recipient: 'G09', lanes: 4, paceMs: 30 })
    await eventually('acceptances', async () => load.accepted() > 8)
    database.refuse(true)
    database.cut()
    await eventually('refusals', async () => load.refused() > 4)
    database.refuse(false)
    const before = load.accepted()
    await eventually('acceptances again', async () => load.accepted() > before + 8)
    const lanes = await load.stop()
    await settled(fleet, 'G09')
    expect(effects(fleet.arrivals('G09'), lanes)).to.deep.equal(lanes)
  })
})
