import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express from 'express'
import { createSpool } from '../../adapters/blobs/spool.ts'
import { createReadBody } from '../../routes/read-body.ts'
import { createTurns } from '../../routes/turns.ts'
import { bounds } from '../../schemas/bounds.ts'
import { eventually } from '../support/gateway.ts'
import { withTempDir } from '../support/processes.ts'

const by = { ...bounds, memoryBytes: 1000, turns: 2, spooled: 6 }

/** A door that reads bodies within `by` and holds each until it is let go. */
function withDoor(
  use: (door: { url: string; arrived: Uint8Array[]; letGo: () => void }) => Promise<void>,
): Promise<void> {
  return withTempDir(async (dir) => {
    const app = express()
    const arrived: Uint8Array[] = []
    const held: (() => void)[] = []
    let isOpen = false
    app.post('/', createReadBody(createSpool(dir), by), async (req, res) => {
      arrived.push(req.body as Uint8Array)
      if (!isOpen) await new Promise<void>((resolve) => held.push(resolve))
      res.end()
    })
    app.use(((error: { row: { status: number } }, _req, res, _next) => {
      res.status(error.row.status).end()
    }) as express.ErrorRequestHandler)
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const letGo = () => {
      isOpen = true
      for (const go of held.splice(0)) go()
    }
    try {
      await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, arrived, letGo })
    } finally {
      letGo()
      server.closeAllConnections()
      server.close()
    }
  })
}

const post = (url: string, body: Uint8Array) => fetch(url, { method: 'POST', body: Buffer.from(body) })

describe('reading bodies', () => {
  it('gives each as it came, small or large', () =>
    withDoor(async ({ url, arrived, letGo }) => {
      letGo()
      for (const size of [0, 1, 1000, 1001, 300_000, 2_000_000]) {
        const body = randomBytes(size)
        expect((await post(url, body)).status).to.equal(200)
        expect(Buffer.from(arrived.pop() ?? []).equals(body), String(size)).to.equal(true)
      }
    }))

  it('works on few large ones at once, lets small ones pass, and refuses when too many wait', () =>
    withDoor(async ({ url, arrived, letGo }) => {
      const large = Array.from({ length: 8 }, () => post(url, randomBytes(5_000)))
      await eventually('two at work', () => Promise.resolve(arrived.length === 2))
      const small = post(url, randomBytes(10))
      await eventually('the small one', () => Promise.resolve(arrived.length === 3))
      expect(arrived.filter(({ byteLength }) => byteLength > 1000)).to.have.lengthOf(2)
      letGo()
      const statuses = (await Promise.all(large)).map(({ status }) => status)
      expect((await small).status).to.equal(200)
      expect(statuses.filter((status) => status === 200)).to.have.lengthOf(arrived.length - 1)
      expect(new Set(statuses)).to.satisfy((seen: Set<number>) =>
        [...seen].every((each) => [200, 429].includes(each)),
      )
    }))
})

describe('turns', () => {
  it('go on in order, and end once', async () => {
    const turns = createTurns(1)
    const order: number[] = []
    const first = await turns.take()
    const others = [1, 2].map(async (n) => {
      const end = await turns.take()
      order.push(n)
      end()
      end()
    })
    expect(order).to.deep.equal([])
    first()
    first()
    await Promise.all(others)
    expect(order).to.deep.equal([1, 2])
    await turns.take()
  })
})
