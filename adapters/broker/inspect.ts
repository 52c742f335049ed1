import { connect } from 'amqplib'

/** What a look at the broker finds. */
export interface BrokerReport {
  readonly product: string
  readonly version: string
}

const waitMs = 5_000

/** Connects, opens a channel and goes. Rejects with what the line or the broker says, at most 5 s later. */
export async function inspectBroker(url: string): Promise<BrokerReport> {
  const connection = await connect(url, { timeout: waitMs })
  try {
    const channel = await connection.createChannel()
    await channel.close()
    const { product, version } = connection.connection.serverProperties
    return { product, version }
  } finally {
    await connection.close()
  }
}
