import type { ActOn, BlockedLane, DeliveryLine, Verdict } from '../adapters/store/ports/deliveries.ts'
import type { DeliveryView, Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { auditEntry } from '../schemas/audit.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { DeliveryState } from '../schemas/message.ts'
import { newId } from '../signing/new-id.ts'
import type { Directory } from './directory.ts'
import { issueReceipt, type Issuer } from './receipts.ts'
import { pageOf, type Page } from './page.ts'
import { inSight, isInSight } from './sight.ts'

export interface DeliveriesDeps {
  readonly store: Pick<
    Store,
    | 'listDeliveries'
    | 'blockedLanes'
    | 'findDelivery'
    | 'findMessage'
    | 'findClaimed'
    | 'replayMany'
    | 'markSkipped'
    | 'settleDoubt'
  >
  readonly directory: () => Directory
  readonly issuer: Issuer
  readonly now: () => number
}

interface PageAsk {
  readonly recipient?: string | undefined
  readonly since?: number | undefined
  readonly before?: number | undefined
  readonly after?: string | undefined
  readonly max: number
}

export interface BulkAsk extends Omit<PageAsk, 'max'> {
  readonly state: DeliveryState
  readonly limit: number
  readonly dryRun: boolean
  readonly reason: string
}

export interface BulkResult {
  readonly matched: number
  readonly results: Readonly<Partial<Record<Verdict, number>>>
  readonly next: string | null
}

export interface Deliveries {
  list(caller: Caller, ask: PageAsk & { readonly state: DeliveryState }): Promise<Page<DeliveryLine>>
  lanes(caller: Caller, ask: PageAsk): Promise<Page<BlockedLane>>
  find(caller: Caller, id: string): Promise<DeliveryLine & { readonly tries: DeliveryView['attempts'] }>
  replay(caller: Caller, id: string, reason: string): Promise<Verdict>
  /** Replays what a filter finds, at most `limit`, in parts of 200; `dryRun` only counts. Without a cut-off: what was accepted until now. */
  replayAll(caller: Caller, ask: BulkAsk): Promise<BulkResult>
  skip(caller: Caller, id: string, reason: string): Promise<Verdict>
  /** Ends a doubt: `delivered` by an operator's signed word, or not, and it is sent again. */
  resolve(
    caller: Caller,
    id: string,
    said: { readonly outcome: 'delivered' | 'not_delivered'; readonly reason: string },
  ): Promise<Verdict>
}

const partRows = 200

/** Reads and mends single deliveries for operators. Each change is audited with the reason given. */
export function createDeliveries(deps: DeliveriesDeps): Deliveries {
  const { store, directory, now } = deps

  /** Recipients of an ask as far as the caller sees them. */
  function recipientsOf(caller: Caller, recipient: string | undefined): readonly string[] | null {
    if (recipient === undefined) return inSight(caller, directory())
    return isInSight(caller, recipient, directory()) ? [recipient] : []
  }

  function acting(caller: Caller, act: string, reason: string): ActOn {
    const at = now()
    return {
      now: at,
      audit: ({ id, recipient, before, after }) =>
        auditEntry(caller, { act, object: id, body: recipient, before, after, reason }, { id: newId(), at }),
    }
  }

  async function doubtEnded(caller: Caller, id: string, reason: string): Promise<Verdict> {
    const claimed = await store.findClaimed(id, now())
    if (claimed === null) return 'unknown'
    const { message, recipient, deliveryId } = claimed
    const extra = { recipient, deliveryId, code: 'operator_statement', reason }
    const receipt = await issueReceipt(deps.issuer, 'delivered', {
      message,
      digests: claimed,
      at: now(),
      extra,
    })
    return store.settleDoubt(id, receipt, acting(caller, 'delivery.resolve', reason))
  }

  async function replayOne(caller: Caller, id: string, how: Pick<BulkAsk, 'reason'> & { act: string }) {
    const [verdict] = await store.replayMany([id], acting(caller, how.act, how.reason))
    return verdict ?? 'unknown'
  }

  return {
    list: async (caller, { recipient, max, ...ask }) =>
      pageOf(
        await store.listDeliveries({ ...ask, recipients: recipientsOf(caller, recipient), limit: max }),
        max,
        ({ id }) => id,
      ),
    lanes: async (caller, { recipient, max, ...ask }) =>
      pageOf(
        await store.blockedLanes({ ...ask, recipients: recipientsOf(caller, recipient), limit: max }),
        max,
        ({ head }) => head.id,
      ),
    async find(caller, id) {
      const line = await store.findDelivery(id)
      if (line === null || !isInSight(caller, line.recipient, directory()))
        throw new GatewayError('not_found', { field: 'id' })
      const view = await store.findMessage(line.messageId)
      return { ...line, tries: view?.deliveries.find((one) => one.id === line.id)?.attempts ?? [] }
    },
    replay: async (caller, id, reason) =>
      standing(await replayOne(caller, id, { act: 'delivery.replay', reason })),
    replayAll: (caller, ask) =>
      replayAll(
        { ...ask, before: ask.before ?? now() },
        { store, act: acting(caller, 'delivery.replay', ask.reason) },
      ),
    skip: async (caller, id, reason) =>
      standing(await store.markSkipped(id, reason, acting(caller, 'delivery.skip', reason))),
    async resolve(caller, id, { outcome, reason }) {
      const line = await store.findDelivery(id)
      if (line?.state !== 'in_doubt' && line !== null && outcome === 'not_delivered') return 'already'
      const said = `operator: ${reason}`
      return standing(
        outcome === 'delivered'
          ? await doubtEnded(caller, id, said)
          : await replayOne(caller, id, { act: 'delivery.resolve', reason }),
      )
    },
  }
}

/** An outcome that stands is the caller's error; one replay more is not. */
function standing(verdict: Verdict): Verdict {
  if (verdict === 'unknown') throw new GatewayError('not_found', { field: 'id' })
  if (verdict === 'over') throw new GatewayError('already_settled', { field: 'id' })
  return verdict
}

async function replayAll(
  { recipient, limit, dryRun, reason: _, ...filter }: BulkAsk,
  { store, act }: { readonly store: DeliveriesDeps['store']; readonly act: ActOn },
): Promise<BulkResult> {
  const results: Partial<Record<Verdict, number>> = {}
  let [matched, next, more] = [0, filter.after ?? null, true]
  while (more && matched < limit) {
    const max = Math.min(partRows, limit - matched)
    const recipients = recipient === undefined ? null : [recipient]
    const found = await store.listDeliveries({ ...filter, after: next ?? undefined, recipients, limit: max })
    const ids = found.map(({ id }) => id)
    const verdicts = dryRun || ids.length === 0 ? [] : await store.replayMany(ids, act)
    for (const verdict of verdicts) results[verdict] = (results[verdict] ?? 0) + 1
    matched += ids.length
    more = ids.length === max
    next = ids.at(-1) ?? next
  }
  return { matched, results, next: more ? next : null }
}
