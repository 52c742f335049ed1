import type { Ticket } from './broker.ts'
import { bytesOf } from './topology.ts'

/** Tickets of one agency that travel in one message and share its fate. The first call of `finish` decides. */
export interface Bundle {
  readonly agency: string
  /** 16 bytes each. */
  readonly ids: readonly Buffer[]
  readonly done: Promise<boolean>
  finish(confirmed: boolean): void
  finished(): boolean
}

type Open = Bundle & { readonly ids: Buffer[] }

function openBundle(agency: string): Open {
  let finished = false
  let resolve: (confirmed: boolean) => void
  const done = new Promise<boolean>((decide) => (resolve = decide))
  const finish = (confirmed: boolean) => {
    finished = true
    resolve(confirmed)
  }
  return { agency, ids: [], done, finish, finished: () => finished }
}

/**
 * Gathers the tickets of one turn of the event loop, in their order, and hands them to `carry` as bundles by agency: what was committed
 * together is published at once, ticket by ticket, and a quorum queue writes every message, and its acknowledgement, to the disks of its
 * nodes. `most`: tickets in one message. Answers whether the ticket was confirmed; one whose id is no UUID never is.
 */
export function createGather(
  most: number,
  carry: (bundles: ReadonlyMap<string, readonly Bundle[]>) => void,
): (ticket: Ticket) => Promise<boolean> {
  let gathered = new Map<string, Open[]>()

  function turn(): void {
    const bundles = gathered
    gathered = new Map()
    carry(bundles)
  }

  function bundleFor(agency: string): Open {
    if (gathered.size === 0) setImmediate(turn)
    const own = gathered.get(agency) ?? []
    gathered.set(agency, own)
    const last = own.at(-1)
    if (last !== undefined && last.ids.length < most) return last
    const bundle = openBundle(agency)
    own.push(bundle)
    return bundle
  }

  return ({ agency, id }) => {
    const bytes = bytesOf(id)
    if (bytes === undefined) return Promise.resolve(false)
    const bundle = bundleFor(agency)
    bundle.ids.push(bytes)
    return bundle.done
  }
}
