import type { MessageState, Reader } from '../client/index.ts'
import { textOf } from '../schemas/fields.ts'
import type { Ledger } from './ledger.ts'
import { catalogsOf } from './play.ts'
import type { Sent } from './orders.ts'
import type { Sample } from './samples.ts'

/** The account of a run: its last line. A sound run has 0 in everything from `lost` to `expectationsMissed`. */
export interface Totals {
  readonly accepted: number
  /** Accepted messages whose every delivery has come to its end. */
  readonly delivered: number
  /** Refused at the door. */
  readonly refused: number
  readonly duplicates: number
  /** Deliveries that their recipient refused. */
  readonly recipientRefusals: number
  readonly receipts: number
  readonly receiptsVerified: number
  readonly lost: number
  /** Receipts that do not verify, and deliveries that could not be opened. */
  readonly signatureFailures: number
  /** Deliveries whose payload is not what was sent. */
  readonly contentDiffers: number
  readonly expectationsMissed: number
  readonly seconds: number
}

export interface Account {
  readonly totals: Totals
  /** What was not as the samples say, a sentence each. */
  readonly missed: readonly string[]
}

export interface AccountDeps {
  readonly samples: readonly Sample[]
  readonly ledger: Ledger
  readonly reader: Pick<Reader, 'message' | 'verifyReceipt'>
  readonly startedAt: number
}

const settleMs = 60_000
const pollMs = 250

/** Waits until every accepted message has come to its end, at most a minute, verifies every receipt, and adds up. */
export async function takeAccount(deps: AccountDeps): Promise<Account> {
  const sent = deps.samples.map(({ name }) => deps.ledger.sentOf(name)).filter((each) => each !== undefined)
  const views = await settle(idsOf(sent, 'accepted'), deps.reader)
  const verdicts = await verifyAll(views, deps.reader)
  const missed = [
    ...deps.samples.flatMap((sample) => missedBy(sample, deps.ledger, views)),
    ...missedChanges(deps),
  ]
  const troubles = deps.ledger.troubles
  return {
    missed: [...missed, ...troubles.map(({ text }) => text)],
    totals: totalsOf({ deps, sent, views, verdicts, missed: missed.length + troubles.length }),
  }
}

function idsOf(sent: readonly Sent[], outcome: Sent['outcome']): readonly string[] {
  return sent.filter((each) => each.outcome === outcome).map(({ id }) => id)
}

type Views = ReadonlyMap<string, MessageState>

async function settle(ids: readonly string[], reader: AccountDeps['reader']): Promise<Views> {
  const views = new Map<string, MessageState>()
  const deadline = Date.now() + settleMs
  for (const id of ids) {
    let view = await reader.message(id)
    while (!isSettled(view) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, pollMs))
      view = await reader.message(id)
    }
    views.set(id, view)
  }
  return views
}

const ended: ReadonlySet<string> = new Set(['delivered', 'processed', 'refused'])

function isSettled({ deliveries }: MessageState): boolean {
  return deliveries.length > 0 && deliveries.every(({ state }) => ended.has(state))
}

/** Whether each receipt of each message verifies. */
function verifyAll(views: Views, reader: AccountDeps['reader']): Promise<readonly boolean[]> {
  const receipts = [...views.values()].flatMap((view) => view.receipts)
  return Promise.all(
    receipts.map((receipt) =>
      reader.verifyReceipt(receipt).then(
        () => true,
        () => false,
      ),
    ),
  )
}

interface Sums {
  readonly deps: AccountDeps
  readonly sent: readonly Sent[]
  readonly views: Views
  readonly verdicts: readonly boolean[]
  readonly missed: number
}

function totalsOf({ deps, sent, views, verdicts, missed }: Sums): Totals {
  const all = [...views.values()]
  const delivered = all.filter(isSettled).length
  const atTheDoor = sent.filter(({ outcome, receiptJws }) => outcome !== 'accepted' && receiptJws !== null)
  const verified = verdicts.filter(Boolean).length + atTheDoor.filter((each) => each.receiptVerified).length
  const receipts = verdicts.length + atTheDoor.length
  const unreadable = deps.ledger.troubles.filter(({ kind }) => kind === 'unreadable').length
  const accepted = idsOf(sent, 'accepted').length
  return {
    accepted,
    delivered,
    refused: idsOf(sent, 'refused').length,
    duplicates: idsOf(sent, 'repeat').length,
    recipientRefusals: all.flatMap(({ deliveries }) => deliveries).filter(({ state }) => state === 'refused')
      .length,
    receipts,
    receiptsVerified: verified,
    lost: accepted - delivered,
    signatureFailures: receipts - verified + unreadable,
    contentDiffers: differing(sent, deps.ledger),
    expectationsMissed: missed,
    seconds: Math.round((Date.now() - deps.startedAt) / 100) / 10,
  }
}

function differing(sent: readonly Sent[], { received }: Ledger): number {
  const digests = new Map(sent.map(({ id, payloadDigest }) => [id, payloadDigest]))
  const known = received.filter(({ messageId }) => digests.has(messageId))
  return known.filter(({ messageId, payloadDigest }) => digests.get(messageId) !== payloadDigest).length
}

/** What a sample expected and did not get. */
function missedBy(sample: Sample, ledger: Ledger, views: Views): readonly string[] {
  const sent = ledger.sentOf(sample.name)
  if (sent === undefined) return [`${sample.name}: no answer`]
  const got = sent.code ?? sent.outcome
  const wanted = typeof sample.expect === 'string' ? sample.expect : sample.expect.refused
  if (got !== wanted)
    return [`${sample.name}: expected ${wanted}, got ${got} ${sent.field ?? ''} ${sent.reason ?? ''}`]
  const checks: Record<Sent['outcome'], () => readonly string[]> = {
    accepted: () => missedDeliveries(sample, views.get(sent.id)),
    repeat: () => missedRepeat(sample, sent, ledger),
    refused: () =>
      sent.receiptVerified || sent.code === 'unauthenticated' ? [] : ['refusal has no valid receipt'],
  }
  return checks[sent.outcome]().map((fault) => `${sample.name}: ${fault}`)
}

/** Every accepted change of a catalogue is in the public catalogue, since the run began. */
function missedChanges({ samples, ledger, startedAt }: AccountDeps): readonly string[] {
  return catalogsOf(samples).flatMap((catalog) => {
    const fresh = ledger.catalogOf(catalog)?.changes.filter(({ at }) => at >= startedAt) ?? []
    const codes = new Set(fresh.map(({ code }) => code))
    return samples
      .filter(({ action, payload }) => action === 'catalog.changed' && payload['DanhMuc'] === catalog)
      .filter(({ payload }) => !codes.has(textOf(payload['Ma'])))
      .map(({ name }) => `${name}: not in the public catalogue ${catalog}`)
  })
}

/** A repeat is answered with the first receipt, not with a fresh one. */
function missedRepeat({ sameReferenceAs }: Sample, sent: Sent, ledger: Ledger): readonly string[] {
  const first = ledger.sentOf(sameReferenceAs ?? '')
  const same = first !== undefined && first.id === sent.id && first.receiptJws === sent.receiptJws
  return same ? [] : ['the answer is not the first receipt']
}

function missedDeliveries(sample: Sample, view: MessageState | undefined): readonly string[] {
  const { deliveredTo = [], recipientAnswers = {} } = sample
  const deliveries = view?.deliveries ?? []
  const reached = deliveries
    .map(({ recipient }) => recipient)
    .sort()
    .join(' ')
  const wanted = [...deliveredTo].sort().join(' ')
  if (reached !== wanted) return [`expected to reach ${wanted}, reached ${reached}`]
  return deliveries
    .filter(({ recipient, state }) => state !== (recipientAnswers[recipient]?.outcome ?? 'processed'))
    .map(({ recipient, state }) => `${recipient} has it as ${state}`)
}
