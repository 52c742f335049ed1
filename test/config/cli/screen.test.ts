import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { table, wantsColour } from '../../../config/cli/screen.ts'

describe('lienthong: screen', () => {
  it('colours on a terminal alone, and not when it is asked not to', () => {
    expect(wantsColour(true, { TERM: 'xterm' })).to.equal(true)
    expect(wantsColour(true, { NO_COLOR: '' }), 'empty says nothing').to.equal(true)
    for (const [isTerminal, env] of [
      [undefined, {}],
      [false, {}],
      [true, { NO_COLOR: '1' }],
      [true, { TERM: 'dumb' }],
    ] as const)
      expect(wantsColour(isTerminal, env)).to.equal(false)
  })

  it('keeps a table within 100 columns and ids whole', () => {
    const id = randomUUID()
    const text = table(['id', 'a', 'b'], [[id, 'x'.repeat(90), 'y'.repeat(90)]])
    expect(text).to.contain(id).and.to.contain('…')
    expect(Math.max(...text.split('\n').map(({ length }) => length))).to.equal(100)
  })
})
