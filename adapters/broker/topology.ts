import type { Options } from 'amqplib'

/** First word of every queue name; tests use one of their own. */
export const defaultPrefix = 'lien-thong'

/**
 * Arguments of every agency queue. A queue cannot change its arguments, so a change here needs a new version in `queueOf`.
 * These two mean the same on RabbitMQ 3.10 (which has no limit of its own) and on 4.x (whose default is 20).
 */
export const queueOptions = {
  durable: true,
  arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 20 },
} as const satisfies Options.AssertQueue

/** Properties of every message. `mandatory` makes a missing queue visible as a return instead of a silent loss. */
export const messageOptions = { persistent: true, mandatory: true } as const satisfies Options.Publish

/** The default exchange: it routes by queue name, so there are no bindings to lose. */
export const exchange = ''

/** Name of an agency's queue. */
export function queueOf(prefix: string, agency: string): string {
  return `${prefix}.v1.deliver.${agency}`
}

const idBytes = 16
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The 16 bytes of an id; undefined if the text is no UUID. */
export function bytesOf(id: string): Buffer | undefined {
  return uuid.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : undefined
}

/** The ids, as UUID text, of a message's body: 16 bytes each; undefined if it is no such body. */
export function idsOf(body: Buffer): readonly string[] | undefined {
  if (body.length === 0 || body.length % idBytes !== 0) return undefined
  return Array.from({ length: body.length / idBytes }, (_, place) =>
    body
      .toString('hex', place * idBytes, (place + 1) * idBytes)
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  )
}
