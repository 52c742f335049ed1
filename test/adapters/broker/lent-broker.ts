import type { Broker } from '../../../adapters/broker/broker.ts'
import type { BrokerLog } from '../../../adapters/broker/log.ts'
import { connectRabbitBroker } from '../../../adapters/broker/rabbitmq.ts'
import type { RabbitOptions } from '../../../adapters/broker/rabbitmq.ts'
import { rabbitUrl, withOwnQueues } from '../../support/rabbitmq.ts'
import type { OwnQueues } from '../../support/rabbitmq.ts'
import { withCutLine } from './cut-line.ts'
import type { CutLine } from './cut-line.ts'

/** A log that remembers. */
export interface Journal extends BrokerLog {
  events(name: string): readonly object[]
}

export function createJournal(): Journal {
  const lines: (readonly [string, object])[] = []
  const write = (event: string, fields: object) => void lines.push([event, fields])
  return {
    info: write,
    warn: write,
    events: (name) => lines.filter(([event]) => event === name).map(([, fields]) => fields),
  }
}

/** Connects a broker with options fit for a test, lends it, closes it. */
export async function withBroker<T>(
  options: Pick<RabbitOptions, 'url'> & Partial<RabbitOptions>,
  use: (broker: Broker) => Promise<T>,
): Promise<T> {
  const broker = await connectRabbitBroker({
    confirmTimeoutMs: 10_000,
    window: 500,
    bundle: 1,
    log: createJournal(),
    ...options,
  })
  try {
    return await use(broker)
  } finally {
    await broker.close(0)
  }
}

export interface LentLine extends OwnQueues {
  readonly broker: Broker
  readonly line: CutLine
  readonly journal: Journal
}

/** A broker whose line to the server can be disturbed. */
export function withLine(
  use: (lent: LentLine) => Promise<void>,
  options: Partial<RabbitOptions> = {},
): Promise<void> {
  return withOwnQueues(rabbitUrl, (own) =>
    withCutLine(rabbitUrl, async (line) => {
      const journal = createJournal()
      const { prefix } = own
      await withBroker({ url: `${line.url}?heartbeat=1`, prefix, log: journal, ...options }, (broker) =>
        use({ ...own, broker, line, journal }),
      )
    }),
  )
}
