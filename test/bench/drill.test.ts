import { expect } from 'chai'
import { z } from 'zod'
import { openDatabase } from '../../adapters/store/open-database.ts'
import { verifyChain } from '../../adapters/store/verify-chain.ts'
import { createJudge, type Judge } from '../../bench/drill/judge.ts'
import { planOf, points } from '../../bench/drill/plan.ts'
import { readOptions } from '../../bench/drill/options.ts'
import { lanesOf, type Item } from '../../bench/drill/traffic.ts'
import { createRandom } from '../../bench/support/random.ts'
import { failpoints } from '../../workers/failpoint.ts'
import { withProcess, withTempDir } from '../support/processes.ts'

const messages = 200
const limitMs = 180_000

const Summary = z.object({
  accepted: z.int(),
  delivered: z.int(),
  kills: z.int(),
  lost: z.int(),
  doubled: z.int(),
  disordered: z.int(),
  altered: z.int(),
  stuck: z.int(),
  unproven: z.int(),
  repeats: z.int(),
})

/** What the store holds when the drill is over. */
interface Evidence {
  readonly broken: readonly string[]
  readonly links: number
  readonly receipts: number
}

async function evidenceIn(folder: string): Promise<Evidence> {
  const { knex } = openDatabase(`sqlite:${folder}/gateway.db`)
  try {
    const writers = await knex<{ writer: string }>('evidence').distinct('writer').pluck('writer')
    const reports = await Promise.all(
      writers.map(async (writer: string) => ({ writer, ...(await verifyChain(knex, writer)) })),
    )
    const [row] = await knex('receipt').count<{ n: number }[]>({ n: '*' })
    return {
      broken: reports.filter(({ brokenAt }) => brokenAt !== null).map(({ writer }) => writer),
      links: reports.reduce((sum, { links }) => sum + links, 0),
      receipts: row?.n ?? 0,
    }
  } finally {
    await knex.destroy()
  }
}

describe('the drill', () => {
  it('kills the gateway at every commit point that it has', () => {
    expect([...points].sort()).to.deep.equal([...failpoints].sort())
  })

  for (const form of [[], ['--quick']]) {
    it(`plans every point and every message, ${form.join() || 'in full'}`, () => {
      const options = readOptions([...form, '--seed', '1'])
      const phases = planOf(options, createRandom(1))
      const planned = phases.flatMap(({ lives }) =>
        lives.flatMap((life) => (life.kind === 'point' ? [life.failpoint.split('@')[0]] : [])),
      )
      expect(planned).to.include.members([...points])
      expect(phases.reduce((sum, phase) => sum + phase.messages, 0)).to.equal(options.messages)
      expect(phases.at(-1)?.drain).to.equal(true)
    })
  }

  it('loses, doubles and disorders nothing, and leaves whole chains of evidence', async function () {
    this.timeout(limitMs + 10_000)
    await withTempDir(async (folder) => {
      const args = ['config/bootstrap.mjs', 'drill', '--quick', '--json', '--folder', folder]
      await withProcess(process.execPath, args, {}, async ({ stdout, stderr, exit }) => {
        const { code } = await exit
        expect(code, stderr.join('\n')).to.equal(0)
        const summary = Summary.parse(JSON.parse(stdout.at(-1) ?? ''))
        expect(summary).to.include({
          accepted: messages,
          delivered: messages,
          lost: 0,
          doubled: 0,
          disordered: 0,
        })
        expect(summary).to.include({ altered: 0, stuck: 0, unproven: 0 })
        expect(summary.kills).to.be.at.least(failpoints.length)
        expect(summary.repeats).to.be.at.least(1) // it died between a sending and its record
      })
      const { broken, links, receipts } = await evidenceIn(folder)
      expect(broken).to.deep.equal([])
      expect(links).to.equal(receipts)
      expect(receipts).to.be.at.least(2 * messages)
    })
  })
})

describe('the judge of the drill', () => {
  const [lane] = lanesOf(1, { senders: ['H49'], recipients: ['G01'] })
  const item = (seq: number): Item => ({ lane: lane!, seq })
  const arrive = (judge: Judge, seq: number, { id = `m${seq}`, by = `d${seq}` } = {}) =>
    judge.arrived({ recipient: 'G01', item: item(seq), messageId: id, deliveryId: by })
  const kinds = (judge: Judge) => judge.faults.map(({ kind }) => kind)

  it('is content with one effect for each message, in order', () => {
    const judge = createJudge()
    for (const seq of [1, 2, 3]) {
      judge.accepted(item(seq), `m${seq}`)
      expect(arrive(judge, seq)).to.equal(true)
    }
    expect(kinds(judge)).to.deep.equal([])
    expect(judge.missing()).to.deep.equal([])
  })

  it('counts a repeat of the head of a lane, which is no second effect', () => {
    const judge = createJudge()
    arrive(judge, 1)
    expect(arrive(judge, 1)).to.equal(false)
    expect(judge.repeats()).to.equal(1)
    expect(kinds(judge)).to.deep.equal([])
  })

  it('finds what was accepted and never came', () => {
    const judge = createJudge()
    judge.accepted(item(1), 'm1')
    expect(judge.missing().map(({ messageId }) => messageId)).to.deep.equal(['m1'])
    expect(judge.missing((recipient) => recipient !== 'G01')).to.deep.equal([])
  })

  it('finds a message that came under another id than its sender was told', () => {
    const judge = createJudge()
    judge.accepted(item(1), 'm1')
    arrive(judge, 1, { id: 'other' })
    expect(judge.missing()).to.have.lengthOf(1)
  })

  const faulty: Readonly<Record<string, { kind: string; play: (judge: Judge) => void }>> = {
    'a message that overtakes another': {
      kind: 'disordered',
      play: (judge) => [2, 1].forEach((seq) => arrive(judge, seq)),
    },
    'a gap': { kind: 'disordered', play: (judge) => [1, 3].forEach((seq) => arrive(judge, seq)) },
    'a reference that became two messages': {
      kind: 'doubled',
      play: (judge) => ['m1', 'm1b'].forEach((id) => arrive(judge, 1, { id })),
    },
    'a message by two deliveries': {
      kind: 'doubled',
      play: (judge) => ['d1', 'd1b'].forEach((by) => arrive(judge, 1, { by })),
    },
    'a repeat after the lane has gone on': {
      kind: 'doubled',
      play: (judge) => [1, 2, 1].forEach((seq) => arrive(judge, seq)),
    },
    'two acceptances of one reference': {
      kind: 'doubled',
      play: (judge) => ['m1', 'm1b'].forEach((id) => judge.accepted(item(1), id)),
    },
  }
  for (const [name, { kind, play }] of Object.entries(faulty)) {
    it(`calls ${name} ${kind}`, () => {
      const judge = createJudge()
      play(judge)
      expect(kinds(judge)).to.include(kind)
    })
  }
})
