import { refOf, type Item } from './traffic.ts'

export type FaultKind = 'lost' | 'doubled' | 'disordered' | 'altered' | 'stuck' | 'unproven'

export interface Fault {
  readonly kind: FaultKind
  readonly text: string
}

/** What a recipient has in its hands. */
export interface Arrival {
  readonly recipient: string
  readonly item: Item
  readonly messageId: string
  readonly deliveryId: string
}

interface Seen {
  readonly item: Item
  readonly deliveryId: string
}

/** Keeps what senders and recipients saw and judges it; the definitions of its words are in docs/drill.md. */
export interface Judge {
  /** A sender has its receipt. */
  accepted(item: Item, messageId: string): void
  /** A recipient has a message. True the first time: that is its effect; a recipient that honours ids ignores the others. */
  arrived(arrival: Arrival): boolean
  /** Notes a fault that others found. */
  fault(kind: FaultKind, text: string): void
  /** Messages of which a recipient lacks its effect; `only` looks at some recipients. */
  missing(only?: (recipient: string) => boolean): readonly Accepted[]
  readonly messages: () => readonly Accepted[]
  readonly faults: readonly Fault[]
  /** Times a recipient got what it had already: expected where the gateway died between the sending and the record. */
  readonly repeats: () => number
}

export interface Accepted {
  readonly item: Item
  readonly messageId: string
}

const key = (...parts: readonly string[]) => parts.join(' ')

export function createJudge(): Judge {
  const accepted = new Map<string, Accepted>()
  const seen = new Map<string, Seen>()
  const named = new Map<string, string>()
  const reached = new Map<string, number>()
  const faults: Fault[] = []
  let repeats = 0

  const fault = (kind: FaultKind, text: string) => void faults.push({ kind, text })

  function effect({ recipient, item, messageId, deliveryId }: Arrival): void {
    const ref = refOf(item)
    const lane = key(recipient, item.lane.subjectKey)
    const last = reached.get(lane) ?? 0
    if (named.has(key(recipient, ref))) fault('doubled', `${recipient} has ${ref} as two messages`)
    else if (item.seq !== last + 1) fault('disordered', `${recipient} got ${ref} after place ${last}`)
    seen.set(key(recipient, messageId), { item, deliveryId })
    named.set(key(recipient, ref), messageId)
    reached.set(lane, Math.max(last, item.seq))
  }

  function repeat({ recipient, item, deliveryId }: Arrival, first: Seen): void {
    const ref = refOf(item)
    repeats += 1
    if (first.deliveryId !== deliveryId) fault('doubled', `${recipient} has ${ref} by two deliveries`)
    else if ((reached.get(key(recipient, item.lane.subjectKey)) ?? 0) > item.seq)
      fault('doubled', `${recipient} got ${ref} again after its lane had gone on`)
  }

  return {
    fault,
    faults,
    repeats: () => repeats,
    messages: () => [...accepted.values()],
    accepted(item, messageId) {
      const ref = refOf(item)
      const known = accepted.get(ref)
      if (known !== undefined && known.messageId !== messageId)
        fault('doubled', `${ref} was accepted as two messages`)
      accepted.set(ref, { item, messageId })
    },
    arrived(arrival) {
      const first = seen.get(key(arrival.recipient, arrival.messageId))
      if (first === undefined) effect(arrival)
      else repeat(arrival, first)
      return first === undefined
    },
    missing: (only = () => true) =>
      [...accepted.values()].filter(({ item, messageId }) =>
        item.lane.recipients.some((recipient) => only(recipient) && !seen.has(key(recipient, messageId))),
      ),
  }
}

export function countOf({ faults }: Pick<Judge, 'faults'>, kind: FaultKind): number {
  return faults.filter((fault) => fault.kind === kind).length
}
