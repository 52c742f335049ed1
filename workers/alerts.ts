import type { Alert, AlertContact, AlertEvent, AlertKind } from '../schemas/alert.ts'
import type { AttemptLine } from './attempt-line.ts'

/** At most one alert per body and kind in this time; what comes meanwhile is summed up in the next. */
const quietMs = 600_000
const most = { listed: 10, gathered: 10_000 } as const

export interface AlertsDeps {
  readonly tell: (alert: Alert) => void
  /** A body's technical contacts. */
  readonly contactsOf: (agency: string) => Promise<readonly AlertContact[]>
  readonly now: () => number
}

export interface Alerts {
  raise(event: AlertEvent): void
  /** Raises what an attempt's line says of its recipient, or has to say to its sender. */
  ofAttempt(
    line: Pick<AttemptLine, 'outcome' | 'state' | 'sender' | 'recipient' | 'code' | 'deliveryId'>,
  ): void
  /** Tells what was gathered in quiet times that are over. */
  flush(): Promise<void>
}

interface Gathered {
  readonly quietUntil: number
  readonly events: readonly AlertEvent[]
  readonly count: number
  readonly since: number
}

/** Tells people of faults: the first of a kind at once, the rest summed up. Each process counts for itself. */
export function createAlerts({ tell, contactsOf, now }: AlertsDeps): Alerts {
  const gathered = new Map<string, Gathered>()

  async function send(
    first: AlertEvent,
    { events, count, since }: Omit<Gathered, 'quietUntil'>,
  ): Promise<void> {
    const { kind, agency } = first
    const contacts = await contactsOf(agency).catch(() => []) // without their names rather than not at all
    const codes = distinct(events.map(({ code }) => code))
    tell({ kind, agency, at: now(), since, count, codes, deliveryIds: distinct(events.map(idOf)), contacts })
  }

  function begin(event: AlertEvent, at: number): void {
    if (gathered.size >= most.gathered) gathered.clear()
    gathered.set(keyOf(event), { quietUntil: at + quietMs, events: [], count: 0, since: 0 })
    void send(event, { events: [event], count: 1, since: at })
  }

  function raise(event: AlertEvent): void {
    const at = now()
    const known = gathered.get(keyOf(event))
    if (known === undefined) begin(event, at)
    else
      gathered.set(keyOf(event), {
        quietUntil: known.quietUntil,
        events: known.events.length < 5 * most.listed ? [...known.events, event] : known.events,
        count: known.count + 1,
        since: known.count === 0 ? at : known.since,
      })
  }

  return {
    raise,
    ofAttempt({ outcome, state, sender, recipient, code, deliveryId }) {
      if (outcome === 'fault') raise({ kind: 'configuration', agency: recipient, code, deliveryId })
      const kind = kinds[state]
      if (kind !== undefined)
        raise({ kind, agency: kind === 'refused' ? sender : recipient, code, deliveryId })
    },
    async flush() {
      const at = now()
      for (const [key, each] of gathered) {
        if (each.quietUntil > at) continue
        const [first] = each.events
        gathered.delete(key)
        if (first === undefined) continue
        gathered.set(key, { quietUntil: at + quietMs, events: [], count: 0, since: 0 })
        await send(first, each)
      }
    },
  }
}

/** States of a delivery that need a person: of a refusal the sender's, else the recipient's. */
const kinds: Readonly<Partial<Record<string, AlertKind>>> = {
  refused: 'refused',
  parked: 'parked',
  dead: 'dead',
  in_doubt: 'in_doubt',
}

const keyOf = ({ agency, kind }: AlertEvent): string => `${kind}/${agency}`
const idOf = ({ deliveryId }: AlertEvent): string | null => deliveryId

function distinct(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== null))].slice(0, most.listed)
}
