import { expect } from 'chai'
import { createSpread } from '../../workers/spread.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('what comes at once', () => {
  it('goes so many a turn of the event loop, in the order in which it came', async () => {
    const turn = createSpread(4)
    const gone: number[] = []
    const all = Array.from({ length: 10 }, async (_, at) => {
      await turn()
      gone.push(at)
    })
    const seen: number[] = []
    while (gone.length < 10) {
      await nextTurn()
      seen.push(gone.length)
    }
    await Promise.all(all)
    expect(gone).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(seen).to.deep.equal([4, 8, 10])
  })

  it('waits for the turns that are left when more comes', async () => {
    const turn = createSpread(1)
    const gone: string[] = []
    const go = async (name: string) => {
      await turn()
      gone.push(name)
    }
    const first = [go('a'), go('b')]
    await nextTurn()
    await Promise.all([...first, go('c')])
    expect(gone).to.deep.equal(['a', 'b', 'c'])
  })
})
