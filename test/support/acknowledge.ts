import { expect } from 'chai'
import { eventually, type LentGateway } from './gateway.ts'

/** A body that pulls takes what waits for it, one delivery, and says what became of it. */
export async function acknowledge(
  { call }: Pick<LentGateway, 'call'>,
  apiKey: string,
  said: Readonly<{ outcome: 'processed' | 'refused'; reason?: string }>,
): Promise<void> {
  const id = await eventually('a delivery', async () => {
    const { json } = await call(apiKey, 'GET', '/v1/mailbox?max=1')
    return (json as unknown as { deliveries: { deliveryId: string }[] }).deliveries[0]?.deliveryId
  })
  const body = { type: 'application/json', bytes: JSON.stringify(said) }
  const { status, text } = await call(apiKey, 'POST', `/v1/mailbox/${id}/ack`, body)
  expect(status, text).to.equal(200)
}
