import { expect } from 'chai'
import { createJudge, type Judge } from '../../bench/drill/judge.ts'
import { points } from '../../bench/drill/phase.ts'
import { planOf } from '../../bench/drill/plan.ts'
import { readOptions } from '../../bench/drill/options.ts'
import { lanesOf, type Item } from '../../bench/drill/traffic.ts'
import { createRandom } from '../../bench/support/random.ts'
import { failpoints } from '../../workers/failpoint.ts'
import { withTempDir } from '../support/processes.ts'
import { expectWholeEvidence, runWell } from './drill-evidence.ts'

const messages = 200
const limitMs = 180_000

describe('the drill', () => {
  it('kills the gateway at every commit point that it has', () => {
    expect([...points].sort()).to.deep.equal([...failpoints].sort())
  })

  const forms = [[], ['--quick'], ['--services'], ['--services', '--quick']]
  for (const form of forms) {
    it(`plans to send every message and to drain at the end, ${form.join(' ') || 'in full'}`, () => {
      const options = readOptions([...form, '--seed', '1'])
      const phases = planOf(options, createRandom(1))
      expect(phases.reduce((sum, phase) => sum + phase.messages, 0)).to.equal(options.messages)
      expect(phases.every(({ messages: share }) => share > 0)).to.equal(true)
      expect(phases.at(-1)?.drain).to.equal(true)
    })
  }

  for (const form of [[], ['--quick']]) {
    it(`plans every point, ${form.join() || 'in full'}`, () => {
      expect(plannedPoints(form).map(({ point }) => point)).to.include.members([...points])
    })
  }

  it('plans every point with the death of each service', () => {
    const planned = plannedPoints(['--services'])
    for (const services of [[], ['database'], ['broker']]) {
      const same = planned.filter((each) => each.services.join() === services.join())
      expect(same.map(({ point }) => point)).to.deep.equal([...points])
    }
  })

  it('loses, doubles and disorders nothing, and leaves whole chains of evidence', async function () {
    this.timeout(limitMs + 10_000)
    await withTempDir(async (folder) => {
      const { kills, repeats } = await runWell(['--quick', '--folder', folder], messages)
      expect(kills).to.be.at.least(failpoints.length)
      expect(repeats).to.be.at.least(1) // it died between a sending and its record
      await expectWholeEvidence(`sqlite:${folder}/gateway.db`, messages)
    })
  })
})

/** The commit points at which a form of the drill kills, and what dies with the gateway there. */
function plannedPoints(form: readonly string[]) {
  const phases = planOf(readOptions([...form, '--seed', '1']), createRandom(1))
  return phases
    .flatMap(({ lives }) => lives)
    .flatMap((life) => (life.kind === 'point' ? [life] : []))
    .map(({ failpoint, services }) => ({ point: failpoint.split('@')[0], services }))
}

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
