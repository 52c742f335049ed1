import { expect } from 'chai'
import { validate, version } from 'uuid'
import { newId } from '../../signing/new-id.ts'
import { drawBytes } from '../../signing/random.ts'

describe('what is drawn at random', () => {
  it('is an id of version 7 with the time in it, each above the one before', () => {
    const before = Date.now()
    const ids = Array.from({ length: 20_000 }, newId)
    expect(ids.every((id) => validate(id) && version(id) === 7)).to.equal(true)
    expect([...ids].sort()).to.deep.equal(ids)
    expect(new Set(ids).size).to.equal(ids.length)
    const times = ids.map((id) => Number.parseInt(id.replace('-', '').slice(0, 12), 16))
    expect(Math.min(...times)).to.be.at.least(before)
    expect(Math.max(...times)).to.be.at.most(Date.now())
  })

  it('is given out once', () => {
    const drawn = Array.from({ length: 2_000 }, () => drawBytes(12).toString('hex'))
    expect(new Set(drawn).size).to.equal(drawn.length)
    expect(drawn.every((hex) => hex.length === 24)).to.equal(true)
  })
})
