import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, SendResult } from '../../client/index.ts'
import type { Payload } from '../../schemas/message.ts'
import type { Arrival, Fleet } from '../support/fleet.ts'
import { eventually } from '../support/gateway.ts'
import { samplePayload } from '../support/payloads.ts'

/** Ids of the messages of each lane, in the order of their acceptance. */
export type Lanes = readonly (readonly string[])[]

interface Letter {
  readonly sender: string
  readonly recipient: string
  /** The same number is the same dossier, and so the same lane. */
  readonly subject: number
  readonly ref: string
}

const action = 'status.updated'
const patienceMs = 40_000

export const write = (client: Client, { recipient, subject, ref }: Letter): Promise<Uint8Array> =>
  client.write<string>({ action, recipients: [recipient], senderRef: ref }, payloadOf(subject))

const payloadOf = (subject: number): Payload => samplePayload(action, subject)

/** Sends to one door, which must accept. Answers the message's id. */
export async function send(fleet: Fleet, letter: Letter, door: number): Promise<string> {
  const client = fleet.client(letter.sender, door)
  return accepted(await client.sendRaw(await write(client, letter)))
}

export function accepted(result: SendResult): string {
  if (result.kind === 'refused') throw new Error(`refused: ${result.error.code} ${result.error.reason ?? ''}`)
  return result.id
}

/** Fills lanes of a recipient by turns at every door; each message after the one before it in its lane was accepted. */
export function fill(
  fleet: Fleet,
  { sender, recipient, lanes, each }: Pick<Letter, 'sender' | 'recipient'> & { lanes: number; each: number },
): Promise<Lanes> {
  return Promise.all(
    Array.from({ length: lanes }, async (_, subject) => {
      const ids: string[] = []
      for (let seq = 0; seq < each; seq += 1) {
        const letter = { sender, recipient, subject, ref: `${recipient}-${subject}-${seq}` }
        ids.push(await send(fleet, letter, (subject + seq) % fleet.apis.length))
      }
      return ids
    }),
  )
}

/** A stream of messages that goes on until it is stopped. What gets no acceptance is sent again, at the next door. */
export interface Load {
  readonly accepted: () => number
  /** Sendings that were not: refused for now, or not answered. */
  readonly refused: () => number
  /** Ends the lanes after the message under way. */
  stop(): Promise<Lanes>
}

export function startLoad(
  fleet: Fleet,
  {
    sender,
    recipient,
    lanes,
    paceMs,
  }: Pick<Letter, 'sender' | 'recipient'> & { lanes: number; paceMs: number },
): Load {
  let stopped = false
  let count = 0
  let refused = 0

  async function insist(letter: Letter): Promise<string> {
    for (let door = letter.subject; ; door += 1) {
      const client = fleet.client(sender, door % fleet.apis.length)
      const result = await write(client, letter)
        .then((bytes) => client.sendRaw(bytes))
        .catch(() => undefined)
      if (result !== undefined && (result.kind !== 'refused' || !result.error.retryable))
        return accepted(result)
      refused += 1
      await sleep(paceMs)
    }
  }

  const running = Promise.all(
    Array.from({ length: lanes }, async (_, subject) => {
      const ids: string[] = []
      for (let seq = 0; !stopped; seq += 1) {
        ids.push(await insist({ sender, recipient, subject, ref: `${recipient}-${subject}-${seq}` }))
        count += 1
        await sleep(paceMs)
      }
      return ids
    }),
  )
  return {
    accepted: () => count,
    refused: () => refused,
    async stop() {
      stopped = true
      return running
    },
  }
}

/** Waits until every delivery of a recipient has been taken by it. Rejects at the time limit, which only a fault reaches. */
export async function settled(fleet: Fleet, recipient: string): Promise<void> {
  await eventually(
    `the end of all deliveries to ${recipient}`,
    async () => {
      const { delivered = 0, ...others } = await statesOf(fleet, recipient)
      return delivered > 0 && Object.keys(others).length === 0
    },
    patienceMs,
  )
}

/** Deliveries of a recipient by state, as SQL has them. */
export async function statesOf(
  { database: { knex } }: Fleet,
  recipient: string,
): Promise<Readonly<Record<string, number>>> {
  const rows = await knex('delivery')
    .where({ recipient })
    .groupBy('state')
    .select<readonly { state: string; n: number | string }[]>('state', knex.raw('COUNT(*) AS n'))
  return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]))
}

/** What came in, sorted into the lanes the messages were sent in; what came again under the same delivery id is left out. */
export function effects(arrivals: readonly Arrival[], lanes: Lanes): Lanes {
  const once = new Map(arrivals.map(({ deliveryId, messageId }) => [deliveryId, messageId]))
  const came = [...once.values()]
  return lanes.map((lane) => came.filter((id) => lane.includes(id)))
}
