import type { MessageState } from '../../client/index.ts'
import type { Random } from '../support/random.ts'
import type { Accepted } from './judge.ts'
import { write, type Senders } from './sender.ts'
import { refOf } from './traffic.ts'
import type { World } from './world.ts'

const atOnce = 16
/** Part of the messages that are sent once more at the very end. */
const sentOnceMore = 0.1

const unhappy: ReadonlySet<string> = new Set(['dead', 'parked', 'in_doubt', 'accepted', 'expired', 'skipped'])

/** Looks at every message through the gateway's doors: its states, its receipts, and what a late repeat of it is told. */
export async function verify(world: World, senders: Senders, random: Random): Promise<void> {
  if (!world.fleet.isUp()) {
    world.judge.fault('stuck', 'no gateway is left to be asked')
    return
  }
  const queue = [...world.judge.messages()]
  const work = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      await checkMessage(next, world, senders).catch((error: unknown) => {
        if (!isUnknown(error)) throw error
        world.judge.fault('unproven', `the gateway no longer knows ${refOf(next.item)}`)
      })
      if (random.chance(sentOnceMore)) await checkRepeat(next, world, senders)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

/** Whether the gateway says that there is no such message. */
export function isUnknown(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'not_found'
}

async function checkMessage(message: Accepted, world: World, senders: Senders): Promise<void> {
  const { item, messageId } = message
  const ref = refOf(item)
  const view = await world.clientOf(item.lane.sender).message(messageId)
  const shown = view.deliveries.map(({ recipient }) => recipient).sort()
  if (shown.join() !== [...item.lane.recipients].sort().join())
    world.judge.fault('unproven', `${ref} shows deliveries to ${shown.join()}`)
  for (const { recipient, state } of view.deliveries) {
    if (unhappy.has(state)) world.judge.fault('stuck', `${ref} is ${state} for ${recipient}`)
    else if (world.reception.replyOf(recipient, messageId) !== state)
      world.judge.fault('unproven', `${ref} is ${state} for ${recipient}, which answered otherwise`)
  }
  await checkReceipts(message, view, { world, senders })
}

async function checkReceipts(
  { item, messageId }: Accepted,
  { receipts, deliveries }: MessageState,
  { world, senders }: { readonly world: World; readonly senders: Senders },
): Promise<void> {
  const { judge, reception, clientOf } = world
  const ref = refOf(item)
  const client = clientOf(item.lane.sender)
  for (const signed of receipts)
    await client.verifyReceipt(signed).catch(() => judge.fault('unproven', `a receipt of ${ref} is false`))
  const accepted = receipts.filter(({ receipt }) => receipt.kind === 'accepted')
  if (accepted.length !== 1 || accepted[0]?.jws !== senders.receipts.get(ref))
    judge.fault('unproven', `${ref} is kept with another receipt than its sender has`)
  for (const { recipient, state } of deliveries) {
    const ends = receipts.filter(({ receipt }) => receipt.recipient === recipient && receipt.kind === state)
    if (ends.length !== 1)
      judge.fault('unproven', `${ref} has ${ends.length} receipts "${state}" of ${recipient}`)
    const handed = ends[0]?.receipt.sealedDigest
    if (handed !== undefined && !reception.digestsOf(recipient, messageId).has(handed))
      judge.fault('unproven', `${ref}: its receipt names bytes that ${recipient} never got`)
  }
}

/** A repeat long after, signed anew, gets the original receipt, byte for byte. */
async function checkRepeat({ item }: Accepted, world: World, senders: Senders): Promise<void> {
  const result = await world.clientOf(item.lane.sender).sendRaw(await write(item, world))
  const same = result.kind === 'repeat' && result.receipt.jws === senders.receipts.get(refOf(item))
  if (!same) world.judge.fault('unproven', `${refOf(item)}, sent again, got another receipt`)
}
