import { expect } from 'chai'
import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { connect } from 'amqplib'
import { drawChart } from '../../bench/bench/chart.ts'
import { payloadOf } from '../../bench/bench/letters.ts'
import { median, percentile, rounded } from '../../bench/bench/numbers.ts'
import { readOptions } from '../../bench/bench/options.ts'
import { readProfile } from '../../bench/bench/profile.ts'
import { createRawMeter } from '../../bench/bench/raw.ts'
import { ratioOfTurns } from '../../bench/bench/summary.ts'
import { cpuMs, rssMiB } from '../../bench/bench/usage.ts'
import { createSeal, decrypt, encrypt } from '../../bench/peers/hand-written/xml.ts'
import { missingServices, startMariadb, startRabbit } from '../../bench/support/services.ts'
import { parsePayload } from '../../schemas/parse.ts'
import { writePayload } from '../../signing/payload-xml.ts'
import { parseXml } from '../../signing/parse-xml.ts'
import { withTempDir } from '../support/processes.ts'
import { until } from '../support/rabbitmq.ts'
import { skip } from '../support/skip.ts'

describe('the figures of the bench', () => {
  it('are medians and nearest ranks', () => {
    expect(median([5, 1, 9])).to.equal(5)
    expect(median([4, 1, 3, 2])).to.equal(2.5)
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect([0.5, 0.99, 1].map((share) => percentile(hundred, share))).to.deep.equal([50, 99, 100])
    expect(percentile([], 0.5)).to.equal(0)
    expect([1234.56, 12.345, 0.012345].map(rounded)).to.deep.equal([1235, 12.3, 0.0123])
  })

  it('count the processor time and the memory of a process', () => {
    const before = cpuMs(process.pid)
    const end = performance.now() + 200
    while (performance.now() < end) Math.sqrt(end)
    expect(cpuMs(process.pid)).to.be.greaterThan(before)
    expect(rssMiB(process.pid)).to.be.closeTo(process.memoryUsage.rss() / 2 ** 20, 50)
  })

  it('compare those that took turns turn by turn: a pace that changes between turns is no difference', () => {
    const runs = (...rates: number[]) => rates.map((perSecond) => ({ perSecond }))
    expect(ratioOfTurns(runs(90, 45, 180), runs(100, 50, 200))).to.equal(0.9)
  })

  it('take a slice of signed messages beside each of raw signatures', async () => {
    let signed = 0
    const meter = createRawMeter({ slices: 2, ms: 20 }, () => Promise.resolve((signed += 1)))
    await meter.take()
    await meter.take()
    const taken = [meter.slices('rsa2048'), meter.slices('p256'), meter.signPerRsaSign()]
    expect(taken.map(({ length }) => length)).to.deep.equal([4, 4, 4])
    expect(signed).to.be.greaterThan(8)
  })

  it('take at least six slices of raw signatures and three runs of each relay', () => {
    for (const form of [[], ['--quick']]) {
      const { raw, relay, handWritten, shovel } = readOptions(form).plan
      expect(raw.slices * 3).to.be.at.least(6)
      expect(Math.min(relay.runs, handWritten.runs, shovel.runs)).to.be.at.least(3)
    }
  })

  it('rest on payloads of the size they name, which the gateway takes', () => {
    for (const bytes of [2_048, 10_240, 102_400, 1_048_576]) {
      const payload = payloadOf(bytes, 'H49.05-261121-000001')
      expect(Buffer.byteLength(writePayload(payload)) / bytes).to.be.within(0.8, 1.2)
    }
    const small = parsePayload('status.updated', payloadOf(2_048, 'H49.05-261121-000001'))
    expect(small.subjectKey).to.equal('H49.05-261121-000001')
  })
})

describe('the profile of the bench', () => {
  it('gives time to the innermost frame it knows, native work to its caller, and leaves idling out', () =>
    withTempDir(async (folder) => {
      const file = join(folder, 'x.cpuprofile')
      const frame = (functionName: string, url = '') => ({ functionName, url })
      const nodes = [
        { id: 1, callFrame: frame('(root)'), children: [2, 5] },
        { id: 2, callFrame: frame('route', 'file:///dist/routes/doors.js'), children: [3] },
        { id: 3, callFrame: frame('signBytes', 'file:///dist/signing/keys.js'), children: [4] },
        { id: 4, callFrame: frame('native') },
        { id: 5, callFrame: frame('(idle)') },
      ]
      await writeFile(file, JSON.stringify({ nodes, samples: [2, 3, 4, 5], timeDeltas: [10, 10, 20, 99] }))
      expect(readProfile(file)).to.deep.equal([
        { group: 'signatures (node:crypto)', share: 0.75 },
        { group: 'express', share: 0.25 },
      ])
    }))
})

describe('the chart of the bench', () => {
  it('is well-formed and shows every bar with its figure', () => {
    const svg = drawChart([
      {
        title: 'a < b',
        bars: [
          { label: 'x & y', value: 1234 },
          { label: 'z', value: 0.5 },
        ],
      },
    ])
    const texts = ['a &lt; b', 'x &amp; y', '1,234', '0.50']
    for (const text of texts) expect(svg).to.include(text)
    expect(() => parseXml(Buffer.from(svg), () => null)).not.to.throw()
  })
})

describe('the hand-written peer', () => {
  it('seals to its recipient what nobody else can read', () => {
    const key = Buffer.alloc(32, 7)
    expect(decrypt(key, encrypt(key, Buffer.from('thư'))).toString()).to.equal('thư')
    expect(() => decrypt(Buffer.alloc(32, 8), encrypt(key, Buffer.from('thư')))).to.throw()
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const signingKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const seal = createSeal({ signingKey, recipients: [] })
    expect(() => seal(Buffer.from('thư'), { id: '1', recipient: 'G01' })).to.throw('no certificate of G01')
  })
})

describe('servers of their own', function () {
  this.timeout(120_000)

  before(function () {
    const missing = missingServices()
    if (missing.length > 0) skip(this, `${missing.join(' and ')} not installed`)
  })

  it('a durable MariaDB keeps what was committed before it was killed', () =>
    withTempDir(async (dir) => {
      const server = await startMariadb({ dir, durable: true })
      try {
        const rows = await asked(server.url, [
          'CREATE TABLE kept (n INT)',
          'INSERT INTO kept VALUES (7)',
          'SELECT @@innodb_flush_log_at_trx_commit AS flush, @@sync_binlog AS sync, @@log_bin AS log',
        ])
        expect(rows).to.deep.equal([{ flush: 1, sync: 1, log: 1 }])
        await server.kill()
        expect(server.pid).to.equal(0)
        await server.start()
        expect(await asked(server.url, ['SELECT n FROM kept'])).to.deep.equal([{ n: 7 }])
      } finally {
        await server.stop()
      }
    }))

  it('a RabbitMQ keeps what was confirmed before it was killed', () =>
    withTempDir(async (dir) => {
      const server = await startRabbit({ dir })
      try {
        await publish(server.url)
        await sleep(3_000) // RabbitMQ 3.10 loses a quorum queue that is killed within about a second of its declaration
        process.kill(server.pid, 'SIGKILL') // the machine itself, without its script
        await server.kill()
        await server.start()
        await until(() => isKept(server.url), 30_000)
      } finally {
        await server.stop()
      }
    }))
})

async function asked(url: string, statements: readonly string[]): Promise<unknown> {
  const connection = await createConnection(url)
  try {
    let last: unknown
    for (const statement of statements) [last] = await connection.query<RowDataPacket[]>(statement)
    return (last as object[]).map((row) => ({ ...row }))
  } finally {
    await connection.end()
  }
}

/** A queue that has just come back may say for a moment that it is empty. */
async function isKept(url: string): Promise<boolean> {
  const model = await connect(url)
  try {
    const message = await (await model.createChannel()).get('kept')
    return message !== false && message.content.toString() === 'x'
  } finally {
    await model.close()
  }
}

async function publish(url: string): Promise<void> {
  const model = await connect(url)
  const channel = await model.createConfirmChannel()
  await channel.assertQueue('kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  channel.sendToQueue('kept', Buffer.from('x'), { persistent: true })
  await channel.waitForConfirms()
  await model.close()
}
