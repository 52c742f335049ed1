import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { expect } from 'chai'
import { isContention, toPortError } from '../../../adapters/store/failures.ts'
import { openDatabase } from '../../../adapters/store/open-database.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { forEachEngine, withStore } from '../../support/database.ts'

/** A line to a server that can go dead: it takes what is written, and hands nothing on. */
async function withLine(
  to: URL,
  use: (line: { port: number; freeze: (frozen: boolean) => void }) => Promise<void>,
) {
  const sockets = new Set<Socket>()
  let frozen = false
  const server = createServer((near) => {
    const far = connect(Number(to.port || 3306), to.hostname)
    for (const [from, onto] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => frozen || onto.write(bytes))
      from.on('error', () => undefined)
      from.on('close', () => onto.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await use({ port: (server.address() as AddressInfo).port, freeze: (now) => (frozen = now) })
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

forEachEngine('a database that does not answer', (engine) => {
  if (engine === 'sqlite') return // a file has no line that goes dead
  it('fails the statement within its time as unavailable, rolls back, and is used again when it answers', () =>
    withStore(engine, async ({ url }) => {
      await withLine(new URL(url), async ({ port, freeze }) => {
        const away = new URL(url)
        away.port = String(port)
        const { knex } = openDatabase(away.toString(), 300)
        try {
          await knex.raw('SELECT 1')
          const act = knex.transaction(async (trx) => {
            await trx('listing_head').insert({ id: 77, epoch: 1 })
            freeze(true)
            await trx.raw('SELECT 1')
          })
          const error: unknown = await act.then(
            () => null,
            (thrown: unknown) => thrown,
          )
          const seen = toPortError(error)
          expect(seen).to.be.instanceOf(GatewayError)
          expect((seen as GatewayError).code).to.equal('unavailable')
          expect(isContention(error), 'it is not tried again at once').to.equal(false)
          freeze(false)
          expect(await knex('listing_head').where({ id: 77 })).to.deep.equal([])
        } finally {
          await knex.destroy()
        }
      })
    }))
})
