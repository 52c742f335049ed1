import { until } from '../support/wait.ts'
import type { Accepted } from './judge.ts'
import type { Senders } from './sender.ts'
import type { Supply } from './supply.ts'
import { isUnknown } from './verify.ts'
import type { World } from './world.ts'

const awayLimitMs = 20_000

export interface Watched {
  readonly world: World
  readonly senders: Senders
  readonly supply: Supply
}

/** While one recipient is away, the others must get everything. Says how long it took them. */
export async function withoutOne({ world, senders, supply }: Watched): Promise<string> {
  const { judge, awayCode } = world
  const began = Date.now()
  const others = (recipient: string) => recipient !== awayCode
  const all = () => senders.accepted() === supply.opened() && judge.missing(others).length === 0
  if (!(await until(all, { limitMs: awayLimitMs, everyMs: 10 })))
    judge.fault('stuck', `others were delayed while ${awayCode} was away`)
  const othersMs = Date.now() - began
  const waiting = judge.missing().length
  return `others served in ${othersMs} ms, ${waiting} wait for ${awayCode}`
}

/** Whether everything let through has been accepted and settled, as the gateway itself says. */
export async function drained({ world, senders, supply }: Watched, limitMs: number): Promise<boolean> {
  const { judge } = world
  const everythingIn = () => senders.accepted() === supply.opened() && judge.missing().length === 0
  if (!(await until(everythingIn, { limitMs }))) return false
  let open = lastOfLanes(judge.messages())
  return until(
    async () => {
      const settled = await Promise.all(open.map((message) => isSettled(message, world)))
      open = open.filter((_, index) => settled[index] !== true)
      return open.length === 0
    },
    { limitMs, everyMs: 100 },
  )
}

/** The last message of each lane: only what is before it can hold it up. */
function lastOfLanes(messages: readonly Accepted[]): readonly Accepted[] {
  const last = new Map<number, Accepted>()
  for (const message of messages) {
    const { lane, seq } = message.item
    if ((last.get(lane.index)?.item.seq ?? 0) < seq) last.set(lane.index, message)
  }
  return [...last.values()]
}

async function isSettled({ item, messageId }: Accepted, { clientOf }: World): Promise<boolean> {
  try {
    return (await clientOf(item.lane.sender).message(messageId)).state !== 'accepted'
  } catch (error) {
    return isUnknown(error) // what the gateway no longer knows is counted elsewhere
  }
}
