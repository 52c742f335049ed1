import { expect } from 'chai'
import { startLoop } from '../../workers/loop.ts'
import { eventually } from '../support/gateway.ts'

describe('a loop', () => {
  it('goes on at once while there is more, then waits to be woken', async () => {
    let runs = 0
    const loop = startLoop(async () => (runs += 1) < 5, { idleMs: 600_000, onError: () => undefined })
    await eventually('five runs', async () => runs === 5)
    loop.wake()
    await eventually('a sixth', async () => runs === 6)
    await loop.stop()
    expect(runs).to.equal(6)
  })

  it('reports what a step throws, and goes on', async () => {
    const errors: unknown[] = []
    let runs = 0
    const step = async () => {
      runs += 1
      if (runs < 4) throw new Error(`run ${runs}`)
      return false
    }
    const loop = startLoop(step, { idleMs: 1, onError: (error) => errors.push(error) })
    await eventually('a run that does not throw', async () => runs >= 4)
    await loop.stop()
    expect(errors.map(String)).to.deep.equal(['Error: run 1', 'Error: run 2', 'Error: run 3'])
  })

  it('waits for the step under way when it stops', async () => {
    let finish: () => void = () => undefined
    let ended = false
    const step = () =>
      new Promise<boolean>((resolve) => {
        finish = () => {
          ended = true
          resolve(true)
        }
      })
    const loop = startLoop(step, { idleMs: 1, onError: () => undefined })
    const stopped = loop.stop().then(() => ended)
    finish()
    expect(await stopped).to.equal(true)
  })
})
