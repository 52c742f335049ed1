import { expect } from 'chai'
import { actors, sandboxParties } from '../../sandbox/parties.ts'
import { readSamples } from '../../sandbox/samples.ts'
import { actions, families } from '../../schemas/actions.ts'
import { GatewayError } from '../../schemas/errors.ts'
import { parsePayload } from '../../schemas/parse.ts'

const samples = readSamples()
const accepted = samples.filter(({ expect: wanted }) => wanted === 'accepted')
const grants = new Map(sandboxParties({}).map(({ code, grants: granted }) => [code, granted]))

/** The error code that parsing a sample's payload meets, or `none`. */
function faultOf({ action, payload }: (typeof samples)[number]): string {
  try {
    parsePayload(action, payload)
    return 'none'
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error)
  }
}

describe('docs/samples', () => {
  it('hold at least 60 messages to be accepted, and repeats and refusals besides', () => {
    expect(accepted).to.have.length.of.at.least(60)
    expect(samples.filter(({ expect: wanted }) => wanted === 'repeat')).to.have.length.of.at.least(3)
    expect(samples.filter(({ expect: wanted }) => typeof wanted === 'object')).to.have.length.of.at.least(10)
  })

  it('cover every family and every action', () => {
    const covered = new Set(accepted.map(({ action }) => action))
    expect([...new Set(accepted.map(({ action }) => action.split('.')[0]))]).to.have.members(
      Object.keys(families),
    )
    expect([...covered]).to.have.members(Object.keys(actions))
  })

  for (const sample of samples) {
    it(`${sample.name} can be read unless its payload is what is to be refused`, () => {
      const refused = typeof sample.expect === 'object' ? sample.expect.refused : 'none'
      expect(faultOf(sample)).to.equal(refused === 'invalid_field' ? 'invalid_field' : 'none')
    })
  }

  it('are sent by bodies that run, which may send exactly what they send', () => {
    expect(actors).to.include.members([...new Set(samples.map(({ from }) => from))])
    const forbidden = samples.filter(
      ({ expect: wanted }) => typeof wanted === 'object' && wanted.refused === 'forbidden',
    )
    expect(forbidden).to.have.length.of.at.least(1)
    for (const { from, action } of forbidden) expect(grants.get(from)).not.to.include(action)
    for (const { from, action } of accepted) expect(grants.get(from), `${from} ${action}`).to.include(action)
  })

  it('answer only to bodies that the answered message reaches', () => {
    const byName = new Map(samples.map((sample) => [sample.name, sample]))
    for (const { from, refersTo, onDelivery } of samples.filter((sample) => sample.onDelivery)) {
      expect(onDelivery).to.equal(true)
      const reached = byName.get(refersTo ?? '')?.deliveredTo ?? []
      expect(reached.some((code) => code === from || code.startsWith(`${from}.`))).to.equal(true)
    }
  })
})
