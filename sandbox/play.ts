import { textOf } from '../schemas/fields.ts'
import type { Ledger } from './ledger.ts'
import type { Reaction, SendOrder } from './orders.ts'
import type { PartyProcess } from './party-process.ts'
import type { Sample } from './samples.ts'

export interface Play {
  readonly samples: readonly Sample[]
  /** Begins every reference of this run, so that a second run is not a repeat of the first. */
  readonly run: string
  readonly parties: ReadonlyMap<string, PartyProcess>
  readonly ledger: Ledger
  readonly onGroup: (digit: string) => void
  /** Pause after each message, so that a person can follow. */
  readonly paceMs: number
}

/** The body that reads the catalogues. */
const catalogReader = 'H49'
const answerMs = 45_000
const groupMs = 30_000

/** Sends the sample traffic group by group: each group's deliveries end, or take half a minute, before the next begins. */
export async function play(all: Play): Promise<void> {
  for (const [code, party] of all.parties) party.tell({ do: 'react', reactions: reactionsOf(code, all) })
  const digits = [...new Set(all.samples.map(({ name }) => name.charAt(0)))]
  for (const digit of digits) {
    all.onGroup(digit)
    const group = all.samples.filter(({ name }) => name.startsWith(digit))
    for (const sample of group) await (sample.onDelivery === undefined ? sendOne : awaitReply)(sample, all)
    await all.ledger.until(() => group.every((sample) => isOver(sample, all.ledger)), groupMs)
    for (const catalog of catalogsOf(group)) await readCatalog(catalog, all)
  }
}

async function sendOne(sample: Sample, all: Play): Promise<void> {
  const { ledger, parties, paceMs } = all
  const failures = ledger.troubles.length
  parties.get(sample.from)?.tell({ do: 'send', order: orderOf(sample, all) })
  await ledger.until(
    () => ledger.sentOf(sample.name) !== undefined || ledger.troubles.length > failures,
    answerMs,
  )
  if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs))
}

/** Catalogues that accepted samples have changed. */
export function catalogsOf(samples: readonly Sample[]): readonly string[] {
  const changing = samples.filter(
    ({ action, expect }) => action === 'catalog.changed' && expect === 'accepted',
  )
  return [...new Set(changing.map(({ payload }) => textOf(payload['DanhMuc'])))]
}

/** Besides what it gets by subscription, a body may read the public catalogue itself. */
async function readCatalog(catalog: string, { parties, ledger }: Play): Promise<void> {
  parties.get(catalogReader)?.tell({ do: 'catalog', catalog })
  await ledger.until(() => ledger.catalogOf(catalog) !== undefined, answerMs)
}

/** A reply has its place in the story: what comes after it waits for it. */
async function awaitReply(sample: Sample, { ledger }: Play): Promise<void> {
  await ledger.until(() => ledger.sentOf(sample.name) !== undefined, answerMs)
}

function referenceOf(sample: string, run: string): string {
  return `${run}-${sample}`
}

function orderOf(sample: Sample, { run, ledger }: Play): SendOrder {
  const { name, action, recipients = [], payload, seal = false, refersTo, expiresInSeconds, fault } = sample
  const referred = refersTo === undefined ? undefined : ledger.sentOf(refersTo)
  return {
    ...{ sample: name, action, recipients, payload, encrypt: seal },
    senderRef: referenceOf(sample.sameReferenceAs ?? name, run),
    ...(referred === undefined ? {} : { refToMessageId: referred.id }),
    ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }),
    ...(fault === undefined ? {} : { fault }),
  }
}

/** What a body does by itself when a sample reaches it, by the sample's reference. */
function reactionsOf(code: string, all: Play): Readonly<Record<string, Reaction>> {
  const entries = all.samples.map((sample): readonly [string, Reaction] => {
    const answer = sample.recipientAnswers?.[code]
    const replies = all.samples
      .filter(({ onDelivery, refersTo, from }) => onDelivery && refersTo === sample.name && from === code)
      .map((reply) => orderOf(reply, all))
    return [referenceOf(sample.name, all.run), { replies, ...(answer === undefined ? {} : { answer }) }]
  })
  return Object.fromEntries(
    entries.filter(([, { answer, replies }]) => answer !== undefined || replies.length > 0),
  )
}

/** Answered, and, where it was accepted, delivered to everybody it is for. */
function isOver({ name, deliveredTo = [] }: Sample, ledger: Ledger): boolean {
  const sent = ledger.sentOf(name)
  if (sent === undefined) return false
  return sent.outcome !== 'accepted' || deliveredTo.every((body) => ledger.isEnded(sent.id, body))
}
