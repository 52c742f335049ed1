import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, type Client } from '../client/index.ts'
import type { PartyCredential } from './rows.ts'
import { writePrivate } from './files.ts'
import { startListener } from './listener.ts'
import type { CatalogRead, Order, Report, SendOrder } from './orders.ts'
import { readKnown, readParty } from './party-client.ts'
import { startPuller } from './puller.ts'
import { createReceiver } from './receiving.ts'
import { sendOrder } from './sending.ts'

// One simulated body: `party.ts <code> <sandbox folder>`, started by the sandbox with an IPC channel. It holds its own keys,
// sends when told to, and receives by push or pull as its dialect has it.

const [code = '', dir = ''] = process.argv.slice(2)

async function main(): Promise<void> {
  const credential = readCredential()
  const known = readKnown(join(dir, 'certificates.json'))
  const options = readParty(credential, known)
  const client = createClient(options)
  const keep = (sample: string, bytes: Uint8Array) =>
    writePrivate(join(dir, 'outbox', `${sample}.xml`), bytes)

  const send = (order: SendOrder) => {
    sendOrder({ client, options, known, keep }, order).then(report, failed(order.sample))
  }
  const receiver = createReceiver({ report, reply: send })
  const unreadable = (deliveryId: string, reason: string) => report({ say: 'unreadable', deliveryId, reason })
  const stop = await startReceiving(credential, { client, receiver, unreadable })

  const doing: { readonly [Do in Order['do']]: (order: Extract<Order, { do: Do }>) => void } = {
    send: ({ order }) => send(order),
    react: ({ reactions }) => receiver.react(reactions),
    catalog: ({ catalog }) =>
      void readCatalog(client, catalog).then(
        (changes) => report({ say: 'catalog', catalog, changes }),
        failed(`catalogue ${catalog}`),
      ),
    stop: () => void stop().then(() => process.exit(0)),
  }
  process.on('message', (order: Order) => (doing[order.do] as (order: Order) => void)(order)) // its own row, by its own name
  report({ say: 'ready' })
}

function failed(what: string): (error: unknown) => void {
  return (error) => report({ say: 'failed', what, reason: String(error) })
}

/** Every change of a catalogue, page by page. */
async function readCatalog(
  client: Pick<Client, 'catalogChanges'>,
  catalog: string,
  since = 0,
): Promise<CatalogRead['changes']> {
  const { changes, next } = await client.catalogChanges(catalog, since)
  return changes.length === 0 ? [] : [...changes, ...(await readCatalog(client, catalog, next))]
}

function readCredential(): PartyCredential {
  const rows = JSON.parse(readFileSync(join(dir, 'credentials.json'), 'utf8')) as readonly PartyCredential[]
  const credential = rows.find((row) => row.code === code)
  if (credential === undefined) throw new Error(`${code} has no row in credentials.json`)
  return credential
}

async function startReceiving(
  { options }: PartyCredential,
  deps: Parameters<typeof startListener>[1] & Parameters<typeof startPuller>[0],
): Promise<() => Promise<void>> {
  const { url } = options
  if (typeof url !== 'string') return startPuller(deps).stop
  const server = await startListener(url, deps)
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeIdleConnections()
    })
}

function report(report: Report): void {
  if (process.connected) process.send?.(report)
}

// A terminal's Ctrl-C reaches this process too: the sandbox decides when it ends, and without the sandbox it ends at once.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => process.exit(0))
main().catch((error: unknown) => {
  process.stderr.write(`${code}: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
