import type { AgencyState } from '../../adapters/store/store.ts'
import type { Fleet } from '../support/fleet.ts'
import type { Member } from '../support/fleet-members.ts'

/** Lets a recipient answer nothing until the gate is opened. */
export function closeGate(fleet: Fleet, recipient: string): () => void {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  fleet.answer(recipient, async () => {
    await opened
    return { status: 200 }
  })
  return open
}

interface ClaimRow {
  readonly id: Buffer
  readonly lease_owner: string
}

/** Ids of the deliveries to a recipient that are being sent, by the worker that holds them. The owner of a lease names its process. */
export async function holdersOf(
  { database: { knex }, workers }: Fleet,
  recipient: string,
): Promise<ReadonlyMap<Member, readonly Buffer[]>> {
  const rows = await knex('delivery')
    .where({ recipient, state: 'sending' })
    .select<readonly ClaimRow[]>('id', 'lease_owner')
  const holders = new Map<Member, Buffer[]>()
  for (const { id, lease_owner: owner } of rows) {
    const worker = workers.find((member) => owner.includes(`-${member.pid()}-`))
    if (worker !== undefined) holders.set(worker, [...(holders.get(worker) ?? []), id])
  }
  return holders
}

/** How often each of these deliveries was claimed. */
export async function claimsOf(
  { database: { knex } }: Fleet,
  ids: readonly Buffer[],
): Promise<readonly number[]> {
  return (await knex('delivery')
    .whereIn('id', [...ids])
    .pluck('claims')) as number[]
}

export async function stateOf({ store }: Fleet, agency: string): Promise<AgencyState | undefined> {
  return (await store.agencyStates()).find((state) => state.agency === agency)
}

/** Attempts before a breaker's time was over, and from then until it closed. */
export async function probesOf(
  fleet: Fleet,
  recipient: string,
  openUntil: number,
): Promise<{ readonly before: number; readonly probes: number }> {
  const at = (await fleet.database
    .knex('attempt')
    .join('delivery', 'delivery.id', 'attempt.delivery_id')
    .where('delivery.recipient', recipient)
    .pluck('attempt.at')) as number[]
  const closedAt = (await stateOf(fleet, recipient))?.closedAt ?? 0
  return {
    before: at.filter((time) => time < openUntil).length,
    probes: at.filter((time) => time >= openUntil && time < closedAt).length,
  }
}
