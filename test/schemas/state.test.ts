import { expect } from 'chai'
import { stateOf } from '../../schemas/state.ts'

describe('the state of a message', () => {
  it('is accepted while anything is still to be done', () => {
    expect(stateOf(['delivered', 'due'])).to.equal('accepted')
    expect(stateOf(['behind'])).to.equal('accepted')
    expect(stateOf(['sending', 'dead'])).to.equal('accepted')
  })

  it('shows what needs a person before what went well', () => {
    expect(stateOf(['delivered', 'processed'])).to.equal('delivered')
    expect(stateOf(['processed', 'processed'])).to.equal('processed')
    expect(stateOf(['refused', 'delivered'])).to.equal('refused')
    expect(stateOf(['dead', 'refused'])).to.equal('dead')
    expect(stateOf(['in_doubt', 'parked', 'dead'])).to.equal('in_doubt')
  })
})
