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

/** Properties of every ticket. `mandatory` makes a missing queue visible as a return instead of a silent loss. */
export const ticketOptions = { persistent: true, mandatory: true } as const satisfies Options.Publish

/** The default exchange: it routes by queue name, so there are no bindings to lose. */
export const exchange = ''

/** Name of an agency's queue. */
export function queueOf(prefix: string, agency: string): string {
  return `${prefix}.v1.deliver.${agency}`
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A ticket's body: the 16 bytes of its UUID; undefined if the text is none. */
export function bodyOf(id: string): Buffer | undefined {
  return uuid.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : undefined
}

/** The UUID text of a ticket's body; undefined if it is not 16 bytes. */
export function idOf(body: Uint8Array): string | undefined {
  if (body.length !== 16) return undefined
  return Buffer.from(body)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
