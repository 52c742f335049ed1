import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { Order, Report } from './traffic.ts'

/** Longest time without an arrival before a run counts as stuck. */
const stuckMs = 20_000

const now = () => performance.timeOrigin + performance.now()

interface Journey {
  /** When it was due to be sent. */
  readonly dueAt: number
  readonly done: (arrivedAt: number) => void
}

/** Arrivals may overtake the answer that tells a message's id. */
const arrivals = new Map<string, number>()
const journeys = new Map<string, Journey>()
let lastArrivalAt = 0

const sink = createServer((req, res) => {
  req.resume().once('end', () => {
    const id = String(req.headers['message-id'])
    lastArrivalAt = now()
    const journey = journeys.get(id)
    if (journey === undefined) arrivals.set(id, lastArrivalAt)
    else {
      journeys.delete(id)
      journey.done(lastArrivalAt)
    }
    res.writeHead(202).end()
  })
})

const dispatcher = new Agent({ connections: 128, pipelining: 1, keepAliveTimeout: 60_000 })

interface Run {
  readonly order: Order
  readonly envelopes: readonly Buffer[]
  readonly arrivalMs: number[]
  readonly receiptMs: number[]
  refused: number
  refusal: string
}

async function post({ order: { url, apiKeys } }: Run, body: Buffer, seq: number): Promise<string | Error> {
  const answer = await request(`${url}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/xml',
      authorization: `Bearer ${apiKeys[seq % apiKeys.length] ?? ''}`,
    },
    body,
    dispatcher,
  })
  const text = await answer.body.text()
  if (answer.statusCode !== 202) return new Error(`${answer.statusCode} ${text.slice(0, 300)}`)
  return (JSON.parse(text) as { readonly id: string }).id
}

/** Sends one message and resolves when it has arrived, or was refused. */
async function carry(run: Run, seq: number, dueAt: number): Promise<void> {
  const id = await post(run, run.envelopes[seq] ?? Buffer.alloc(0), seq).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  )
  if (id instanceof Error) {
    run.refused += 1
    run.refusal ||= id.message
    return
  }
  run.receiptMs.push(now() - dueAt)
  const arrivedAt =
    arrivals.get(id) ?? (await new Promise<number>((done) => journeys.set(id, { dueAt, done })))
  arrivals.delete(id)
  run.arrivalMs.push(arrivedAt - dueAt)
}

async function closedLoop(run: Run, underWay: number): Promise<void> {
  let next = 0
  const sender = async () => {
    while (next < run.envelopes.length) {
      const seq = next
      next += 1
      await carry(run, seq, now())
    }
  }
  await Promise.all(Array.from({ length: underWay }, sender))
}

/** Each message has its time beforehand, and is measured from it: a slow answer delays no other, and hides none. */
async function openLoop(run: Run, perSecond: number): Promise<void> {
  const startedAt = now()
  const pending: Promise<void>[] = []
  for (let seq = 0; seq < run.envelopes.length; seq += 1) {
    const dueAt = startedAt + (seq * 1_000) / perSecond
    const early = dueAt - now()
    if (early > 1) await sleep(early)
    pending.push(carry(run, seq, dueAt))
  }
  await Promise.all(pending)
}

async function stuck(signal: AbortSignal): Promise<void> {
  lastArrivalAt = now()
  while (!signal.aborted && now() - lastArrivalAt < stuckMs) await sleep(500)
}

async function fulfil(order: Order): Promise<Report> {
  const corpus = await readFile(order.corpus, 'latin1')
  const envelopes = corpus
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'latin1'))
  const run: Run = { order, envelopes, arrivalMs: [], receiptMs: [], refused: 0, refusal: '' }
  const ended = new AbortController()
  const startedAt = now()
  const { pace } = order
  const loop = pace.kind === 'closed' ? closedLoop(run, pace.underWay) : openLoop(run, pace.perSecond)
  await Promise.race([loop, stuck(ended.signal)])
  ended.abort()
  arrivals.clear()
  journeys.clear()
  const { arrivalMs, receiptMs, refused, refusal } = run
  return {
    sent: envelopes.length,
    arrived: arrivalMs.length,
    refused,
    refusal,
    startedAt,
    arrivalMs,
    receiptMs,
  }
}

process.on('message', (order: Order) => {
  void fulfil(order).then((report) => process.send?.(report))
})
process.once('disconnect', () => process.exit(0))
sink.listen(0, '127.0.0.1', () => process.send?.((sink.address() as AddressInfo).port)) // a listening TCP server has one
