import { expect } from 'chai'
import type { Dialect, Transport } from '../../adapters/agencies/dialect.ts'
import { mailbox } from '../../adapters/agencies/mailbox/index.ts'
import type { Partner, Verdict, Waiting } from '../../adapters/agencies/poll.ts'
import { createHttpTransport } from '../../adapters/transport/http.ts'
import { GatewayError } from '../../schemas/errors.ts'
import type { Payload } from '../../schemas/message.ts'
import { createPolls, type PollLine, type Polls, type PollsDeps } from '../../workers/polls.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { memoryFiles } from '../support/memory-files.ts'
import { createParty, operatorKey } from '../support/parties.ts'
import { withSink, type Sink, type SinkAnswer, type SinkRequest } from '../support/sink.ts'

const leaseMs = 60_000
const everySeconds = 30
const province = createParty({ code: 'H49' })

/** A partner whose server holds letters under their ids, in a form of the test's own. */
interface Holder {
  readonly held: Map<string, Payload>
  readonly acknowledged: (readonly [string, string])[]
  /** Most calls that it had to answer at once. */
  readonly crowd: () => number
  /** Answers instead of the holder where it gives anything. */
  disturb: (request: SinkRequest) => SinkAnswer | undefined
}

function hold(sink: Sink): Holder {
  let under = 0
  let crowd = 0
  const holder: Holder = { held: new Map(), acknowledged: [], crowd: () => crowd, disturb: () => undefined }
  const answer = (request: SinkRequest): SinkAnswer => {
    const [, verb = '', id = '', verdict = ''] = request.path.split('/')
    if (verb === 'list') return { status: 200, body: JSON.stringify([...holder.held.keys()]) }
    if (verb === 'get') return { status: 200, body: JSON.stringify(holder.held.get(id)) }
    holder.held.delete(id)
    holder.acknowledged.push([id, verdict])
    return { status: 200 }
  }
  sink.answer(async (request) => {
    crowd = Math.max(crowd, (under += 1))
    await new Promise((resolve) => setTimeout(resolve, 2))
    under -= 1
    return holder.disturb(request) ?? answer(request)
  })
  return holder
}

async function ask({ agency, transport }: Partner, path: string): Promise<Buffer> {
  const answer = await transport.post({
    ...{ url: `${String(agency.options['url'])}${path}`, headers: {}, body: new Uint8Array(0) },
    ...{ timeoutMs: 5_000, maxAnswerBytes: 100_000 },
  })
  if ('failure' in answer || answer.status !== 200)
    throw new GatewayError('unavailable', { reason: 'failure' in answer ? answer.code : `${answer.status}` })
  return Buffer.from(answer.body)
}

/** What a list that is whole each time has beyond what was settled of it. */
const remembered = (ids: readonly string[], settled: ReadonlyMap<string, string>): readonly Waiting[] =>
  ids
    .filter((name) => !settled.has(name))
    .map((name) => ({ id: name, about: {}, settles: { list: 'letters', name, version: '1' } }))

const holding: Dialect = {
  ...mailbox,
  name: 'holding',
  poll: {
    everySeconds: () => everySeconds,
    async list(partner, after) {
      const ids = JSON.parse((await ask(partner, `/list/${after ?? ''}`)).toString()) as string[]
      const { marked, whole } = partner.agency.options
      if (whole === true) return remembered(ids, await partner.settled('letters'))
      return ids.map((id) => ({ id, about: {}, ...(marked === true ? { mark: id } : {}) }))
    },
    async fetch({ id }, partner) {
      const original = await ask(partner, `/get/${id}`)
      const header = { sender: partner.agency.code, recipients: ['H49'], action: 'document.letter' }
      const payload = JSON.parse(original.toString()) as Payload
      if (payload['Sai'] === true)
        throw new GatewayError('bad_signature', { reason: 'is not what was signed' })
      return [{ kind: 'trusted', header, naturalKey: ['letter', id], payload, original }]
    },
    async acknowledge({ id }, verdict: Verdict, partner) {
      await ask(partner, `/ack/${id}/${verdict.kind}`)
    },
  },
}

interface Scene {
  readonly lent: LentGateway
  readonly holder: Holder
  readonly lines: PollLine[]
  /** One more process that polls; its transport may be tampered with. */
  process(owner: string, tamper?: (transport: Transport) => Transport): Polls
  /** Lets a process go round, and waits for the poll that it begins. */
  round(polls: Polls): Promise<PollLine>
  /** Letters that are stored. */
  letters(): Promise<number>
}

function scene(
  use: (scene: Scene) => Promise<void>,
  grants: readonly string[] = ['document.letter'],
  kind: { readonly marked?: boolean; readonly whole?: boolean } = {},
) {
  return withSink((sink) => {
    const axis = createParty({
      ...{ code: 'VXP', dialect: 'holding', options: { url: new URL(sink.url).origin, ...kind } },
    })
    const registry = { grants: { VXP: grants } }
    return withGateway([province, axis], { registry }, async (lent) => {
      const outside = createHttpTransport()
      const lines: PollLine[] = []
      const deps: Omit<PollsDeps, 'owner'> = {
        ...{ store: lent.store, submit: lent.gateway.app.submit, now: lent.clock.now, leaseMs },
        ...{ directory: lent.gateway.app.directory, dialects: new Map([['holding', holding]]) },
        keysOf: () => ({ secrets: () => [], privateKey: () => undefined }),
        keepingOf: () => memoryFiles(),
        transportOf: ({ networks = [] }) => outside.to(networks),
        random: () => 0,
        report: (line) => lines.push(line),
        reportFault: () => undefined,
      }
      const letters = async () => {
        const { json } = await lent.call(operatorKey, 'GET', '/v1/messages?action=document.letter')
        return (json['items'] as unknown as unknown[]).length
      }
      try {
        await use({
          ...{ lent, lines, letters, holder: hold(sink) },
          process: (owner, tamper = (transport) => transport) =>
            createPolls({ ...deps, owner, transportOf: (agency) => tamper(deps.transportOf(agency)) }),
          async round(polls) {
            const before = lines.length
            await polls.round()
            return eventually('the end of a poll', async () => lines[before])
          },
        })
      } finally {
        await outside.close()
      }
    })
  })
}

const letter = (n: number): Payload => ({ DocumentId: `VXP,2026/11/22,${n}`, Subject: `Công văn ${n}` })

describe('asking a partner for what it holds', () => {
  it('fetches each, stores it, and only then acknowledges', () =>
    scene(async ({ lent, holder, process, round, letters }) => {
      holder.held.set('a', letter(1)).set('b', letter(2))
      const storedAt: number[] = []
      holder.disturb = ({ path }) => {
        if (path.startsWith('/ack')) void letters().then((count) => storedAt.push(count))
        return undefined
      }
      expect(await round(process('w1'))).to.include({ listed: 2, taken: 2, failures: 0 })
      expect(holder.acknowledged).to.deep.equal([
        ['a', 'taken'],
        ['b', 'taken'],
      ])
      await eventually('both looks', async () => storedAt.length === 2)
      expect(storedAt[0]).to.be.at.least(1)
      const { json } = await lent.call(province.apiKey, 'GET', '/v1/mailbox')
      expect((json['deliveries'] as unknown as { action: string }[]).map(({ action }) => action)).to.include(
        'document.letter',
      )
    }))

  it('knows a thing again when the process has died between storing and acknowledging it', () =>
    scene(async ({ lent, holder, process, round, letters }) => {
      holder.held.set('a', letter(1))
      const dying = process('w1', (transport) => ({
        post: (call) => (call.url.includes('/ack/') ? new Promise(() => undefined) : transport.post(call)),
      }))
      await dying.round()
      await eventually('the letter', async () => (await letters()) === 1)
      const other = process('w2')
      await other.round()
      expect(await lent.store.restingPolls(lent.clock.now()), 'the lease of the dead holds').to.have.keys(
        'VXP',
      )
      lent.clock.pass(leaseMs)
      expect(await round(other)).to.include({ listed: 1, repeated: 1, taken: 0 })
      expect(holder.acknowledged).to.deep.equal([['a', 'taken']])
      expect(await letters()).to.equal(1)
    }))

  it('knows a thing again when the partner has not heard the acknowledgement', () =>
    scene(async ({ lent, holder, process, round, letters }) => {
      holder.held.set('a', letter(1))
      holder.disturb = ({ path }) => (path.startsWith('/ack') ? { status: 200, cut: true } : undefined)
      const polls = process('w1')
      expect(await round(polls)).to.include({ failed: 1, failures: 1 })
      holder.disturb = () => undefined
      lent.clock.pass(everySeconds * 1000)
      expect(await round(polls)).to.include({ repeated: 1, failures: 0 })
      expect(await letters()).to.equal(1)
    }))

  it('never asks a partner from two processes at once', () =>
    scene(async ({ lent, holder, process, lines, letters }) => {
      for (let n = 0; n < 20; n += 1) holder.held.set(`l${n}`, letter(n))
      const processes = [process('w1'), process('w2'), process('w3')]
      for (let n = 0; n < 3; n += 1) await Promise.all(processes.map((polls) => polls.round()))
      await eventually('one poll', async () => lines.length === 1)
      await Promise.all(processes.map((polls) => polls.round()))
      expect(lines).to.have.length(1)
      expect([holder.crowd(), holder.acknowledged.length, await letters()]).to.deep.equal([1, 20, 20])
      lent.clock.pass(everySeconds * 1000)
      await Promise.all(processes.map((polls) => polls.round()))
      await eventually('the next poll', async () => lines.length === 2)
      expect(lines.map(({ listed }) => listed)).to.deep.equal([20, 0])
    }))

  it('asks a partner that is down ever less often, and takes everything when it is back', () =>
    scene(async ({ lent, holder, process, round }) => {
      holder.held.set('a', letter(1))
      holder.disturb = () => ({ status: 503 })
      const polls = process('w1')
      for (let failures = 1; failures <= 6; failures += 1) {
        expect(await round(polls)).to.include({ listed: 0, failures })
        lent.clock.pass(Math.max(everySeconds * 1000, 10_000 * 2 ** (failures - 1)))
      }
      holder.disturb = () => undefined
      expect(await round(polls)).to.include({ taken: 1, failures: 0 })
    }))

  it('gives up a list when thing after thing fails, and goes on past one that fails alone', () =>
    scene(async ({ lent, holder, process, round }) => {
      for (let n = 0; n < 6; n += 1) holder.held.set(`l${n}`, letter(n))
      holder.disturb = ({ path }) => (path.startsWith('/get') ? { status: 500 } : undefined)
      const polls = process('w1')
      expect(await round(polls)).to.include({ listed: 6, failed: 3, failures: 1 })
      holder.disturb = ({ path }) => (path === '/get/l4' ? { status: 500 } : undefined)
      lent.clock.pass(everySeconds * 1000)
      expect(await round(polls)).to.include({ listed: 6, taken: 5, failed: 1, failures: 0 })
    }))

  it('tells the partner of a fault of the thing itself', () =>
    scene(async ({ holder, process, round, letters }) => {
      holder.held.set('a', { Subject: 'không có mã' })
      expect(await round(process('w1'))).to.include({ refused: 1, failures: 0 })
      expect(holder.acknowledged).to.deep.equal([['a', 'refused']])
      expect(await letters()).to.equal(0)
    }))

  it('refuses what came with a signature that does not hold, with evidence', () =>
    scene(async ({ lent, holder, process, round, letters }) => {
      holder.held.set('a', { ...letter(1), Sai: true })
      expect(await round(process('w1'))).to.include({ refused: 1, failed: 0, failures: 0 })
      expect(holder.acknowledged).to.deep.equal([['a', 'refused']])
      const { json } = await lent.call(operatorKey, 'GET', '/v1/refusals')
      expect(json['items']).to.have.nested.property('[0].receipt.code', 'bad_signature')
      expect(await letters()).to.equal(0)
    }))

  it('leaves with the partner what only our registry stands against, and tries it seldom', () =>
    scene(async ({ lent, holder, process, round }) => {
      holder.held.set('a', letter(1))
      const polls = process('w1')
      expect(await round(polls)).to.include({ listed: 1, left: 1, failures: 0 })
      lent.clock.pass(everySeconds * 1000)
      expect(await round(polls)).to.include({ left: 1 })
      lent.clock.pass(everySeconds * 1000)
      expect(await round(process('w2')), 'a fresh process tries once').to.include({ left: 1 })
      expect(holder.acknowledged).to.deep.equal([])
      expect(holder.held.has('a')).to.equal(true)
    }, []))

  it('stops when another process has taken the lease over', () =>
    scene(async ({ lent, holder, process, round }) => {
      holder.held.set('a', letter(1)).set('b', letter(2))
      const robbed = process('w1', (transport) => ({
        async post(call) {
          const answer = await transport.post(call)
          const now = lent.clock.now() + leaseMs
          if (call.url.endsWith('/get/a'))
            await lent.store.takePoll('VXP', { owner: 'w2', now, until: now + leaseMs })
          return answer
        },
      }))
      expect(await round(robbed)).to.include({ listed: 2, taken: 0, failures: 1 })
      expect(holder.acknowledged).to.deep.equal([])
      expect(await lent.store.restingPolls(lent.clock.now() + leaseMs), 'still leased to w2').to.have.keys(
        'VXP',
      )
    }))

  it('begins after the last thing that was settled, where a list never gets shorter', () =>
    scene(
      async ({ lent, holder, process, round }) => {
        const begins: string[] = []
        holder.disturb = ({ path }) => {
          if (path.startsWith('/list/')) begins.push(path.slice('/list/'.length))
          return path === '/get/c' && begins.length < 3 ? { status: 500 } : undefined
        }
        for (const [n, id] of ['a', 'b', 'c', 'd'].entries()) holder.held.set(id, letter(n))
        const polls = process('w1')
        expect(await round(polls)).to.include({ taken: 2, failed: 1 })
        expect([...holder.held.keys()], 'd waits behind c').to.deep.equal(['c', 'd'])
        lent.clock.pass(everySeconds * 1000)
        expect(await round(polls)).to.include({ taken: 0 })
        lent.clock.pass(3_600_000)
        expect(await round(process('w2'))).to.include({ taken: 2 })
        expect(begins).to.deep.equal(['', 'b', 'b'])
      },
      ['document.letter'],
      { marked: true },
    ))

  it('takes a list that is whole each time once, and remembers a thing only when it is stored', () =>
    scene(
      async ({ lent, holder, process, round, letters }) => {
        holder.disturb = ({ path }) => (path.startsWith('/ack') ? { status: 200 } : undefined) // nothing leaves the list
        holder.held.set('a', letter(1)).set('b', { Subject: 'không có mã' })
        const dying = process('w1', (transport) => ({
          post: (call) => (call.url.includes('/ack/a') ? new Promise(() => undefined) : transport.post(call)),
        }))
        await dying.round()
        await eventually('the letter', async () => (await letters()) === 1)
        expect((await lent.store.settledThings('VXP', 'letters')).size).to.equal(0)
        lent.clock.pass(leaseMs)
        const polls = process('w2')
        expect(await round(polls), 'known by its key, and one that is refused').to.include({
          ...{ listed: 2, repeated: 1, refused: 1 },
        })
        lent.clock.pass(everySeconds * 1000)
        expect(await round(polls)).to.include({ listed: 0 })
        holder.held.set('c', letter(3))
        lent.clock.pass(everySeconds * 1000)
        expect(await round(polls)).to.include({ listed: 1, taken: 1 })
        expect(await letters()).to.equal(2)
      },
      ['document.letter'],
      { whole: true },
    ))
})
