import { expect } from 'chai'
import { createHeldTokens, type Token } from '../../../adapters/agencies/held-tokens.ts'

interface Refusal {
  readonly kind: 'refused'
}

function scene() {
  let time = 0
  let asked = 0
  const tokens = createHeldTokens<Refusal>(() => time)
  const ask = () => {
    asked += 1
    return Promise.resolve<Token>({ value: `token ${asked}`, until: time + 60 })
  }
  return {
    tokens,
    pass: (ms: number) => void (time += ms),
    asked: () => asked,
    take: () => tokens.take('portal', ask) as Promise<Token>,
  }
}

describe('tokens that are held', () => {
  it('are asked for once by those who come at once, and again when their time is over', async () => {
    const { take, asked, pass } = scene()
    const [first, second] = await Promise.all([take(), take()])
    expect(first).to.equal(second)
    pass(59)
    expect(await take()).to.equal(first)
    pass(1)
    await Promise.all([take(), take()])
    expect(asked()).to.equal(2)
  })

  it('are forgotten by the first of those who were refused, and the newer one is kept', async () => {
    const { take, tokens, asked } = scene()
    const refused = await take()
    tokens.forget('portal', refused)
    const newer = await take()
    tokens.forget('portal', refused)
    expect(await take()).to.equal(newer)
    expect(asked()).to.equal(2)
  })

  it('are not there where none was given: who waits hears why, who comes later asks again', async () => {
    const { tokens, take } = scene()
    const refusing = () => Promise.resolve<Refusal>({ kind: 'refused' })
    const both = await Promise.all([tokens.take('portal', refusing), tokens.take('portal', refusing)])
    expect(both).to.deep.equal([{ kind: 'refused' }, { kind: 'refused' }])
    const failing = () => Promise.reject(new Error('no line'))
    const error = await tokens.take('portal', failing).catch((cause: unknown) => String(cause))
    expect(error).to.equal('Error: no line')
    expect((await take()).value).to.equal('token 1')
  })
})
