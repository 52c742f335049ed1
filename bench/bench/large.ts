import { createHash, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../../client/index.ts'
import { action, largePayload, payloadOf } from './letters.ts'
import type { Place } from './place.ts'
import { startGateway, type System } from './system.ts'
import { watch } from './usage.ts'

/** What a part of the measurement took, and the most memory each process held meanwhile, in MiB. */
export interface LargeRow {
  readonly what: string
  /** Held to `mostRssMiB`. Envelopes at the bound of what an XML parser may hold are shown beside it: many at once take more. */
  readonly isHeld: boolean
  readonly seconds: number
  readonly mebibytesPerSecond: number
  readonly rssMiB: Readonly<Record<string, number>>
}

export interface LargePlan {
  readonly atOnce: number
  readonly fileBytes: number
  readonly envelopeBytes: number
}

const mebi = 1024 * 1024
/** The bound that the figures are held to. */
export const mostRssMiB = 300

interface Sending {
  readonly client: Client
  readonly apiKey: string
  readonly url: string
  readonly recipient: string
  readonly index: number
}

/** Many large messages at once: as files, as large envelopes, and as bodies that no door takes. */
export async function measureLarge(place: Place, plan: LargePlan): Promise<readonly LargeRow[]> {
  const system = await startGateway(place, await place.createDatabase('large'))
  const { atOnce, fileBytes, envelopeBytes } = plan
  const each = (act: (sending: Sending) => Promise<unknown>) => () =>
    Promise.all(sendings(place, system, atOnce).map(act))
  const links: string[] = []
  const file = randomBytes(mebi)
  const digest = digestOf(file, fileBytes)
  try {
    return [
      await timed(system, `${atOnce} files of ${fileBytes / mebi} MiB up, each with its message, delivered`, {
        bytes: atOnce * fileBytes,
        act: each(async (sending) => {
          const link = await upload(sending, file, fileBytes)
          links.push(link)
          await send(sending, 2_048, link)
        }),
      }),
      await timed(system, 'the same files read back', {
        bytes: atOnce * fileBytes,
        act: each(async (sending) => {
          const read = await download(sending, links[sending.index] ?? '')
          if (read !== digest) throw new Error('a file came back as another')
        }),
      }),
      await timed(system, `${atOnce} bodies of ${fileBytes / mebi} MiB at POST /v1/messages, refused`, {
        bytes: 0,
        act: each((sending) => refused(sending, file, fileBytes)),
      }),
      await timed(system, `${atOnce} envelopes of ${(envelopeBytes / mebi).toFixed(1)} MiB, delivered`, {
        bytes: atOnce * envelopeBytes,
        isHeld: false,
        act: each((sending) => send(sending, envelopeBytes, null)),
      }),
    ]
  } finally {
    await system.stop()
  }
}

function sendings({ senders, apiKeys, recipients }: Place, { url }: System, count: number): Sending[] {
  return Array.from({ length: count }, (_, index) => {
    const client = senders[0]
    if (client === undefined) throw new Error('the place has no sender')
    return {
      client,
      apiKey: apiKeys[0] ?? '',
      url,
      recipient: recipients[index % recipients.length] ?? '',
      index,
    }
  })
}

/** Times what `act` sets going, until all of it is delivered, and watches the memory of every process meanwhile. */
export async function timed(
  system: System,
  what: string,
  {
    bytes,
    isHeld = true,
    act,
  }: { readonly bytes: number; readonly isHeld?: boolean; readonly act: () => Promise<unknown> },
): Promise<LargeRow> {
  const watching = watch(system.processes, 50)
  const began = performance.now()
  await act()
  while ((await system.open()) > 0) await sleep(50)
  const seconds = (performance.now() - began) / 1000
  const rssMiB = Object.fromEntries(watching.stop().map(({ name, rssMiB: most }) => [name, Math.round(most)]))
  return { what, isHeld, seconds, mebibytesPerSecond: bytes / mebi / seconds, rssMiB }
}

/** A file made of one piece again and again: the bench itself must not hold them all. */
export function* pieces(piece: Uint8Array, bytes: number): Generator<Uint8Array> {
  for (let sent = 0; sent < bytes; sent += piece.byteLength)
    yield piece.subarray(0, Math.min(piece.byteLength, bytes - sent))
}

function digestOf(piece: Uint8Array, bytes: number): string {
  const hash = createHash('sha256')
  for (const part of pieces(piece, bytes)) hash.update(part)
  return hash.digest('hex')
}

/** Who asks: a bearer's key, or headers of its own. */
interface Asking {
  readonly url: string
  readonly apiKey?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Answered {
  readonly status: number
  readonly body: AsyncIterable<Buffer>
}

/** A call whose body goes out as a stream. */
export async function ask(
  { url, apiKey, headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/xml' } }: Asking,
  method: string,
  path: string,
  body?: Iterable<Uint8Array>,
): Promise<Answered> {
  const call = request(new URL(path, url), {
    method,
    headers,
  })
  const answered = new Promise<Answered>((resolve, reject) => {
    call.once('error', reject)
    call.once('response', (response) => resolve({ status: response.statusCode ?? 0, body: response }))
  })
  if (body === undefined) call.end()
  else void pipeline(Readable.from(body), call).catch(() => undefined) // a refusal may cut it; the answer tells
  return answered
}

/** Uploads a file; answers its link. */
export async function upload(sending: Asking, piece: Uint8Array, bytes: number): Promise<string> {
  const { status, body } = await ask(sending, 'POST', '/v1/files', pieces(piece, bytes))
  const text = await textOf(body)
  if (status !== 201) throw new Error(`an upload was answered ${status}: ${text}`)
  return (JSON.parse(text) as { readonly link: string }).link
}

async function download(sending: Sending, link: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of (await ask(sending, 'GET', link)).body) hash.update(part)
  return hash.digest('hex')
}

async function refused(sending: Sending, piece: Uint8Array, bytes: number): Promise<void> {
  const { status, body } = await ask(sending, 'POST', '/v1/messages', pieces(piece, bytes))
  await textOf(body).catch(() => '')
  if (status !== 413 && status !== 429) throw new Error(`a body of ${bytes} bytes was answered ${status}`)
}

async function send(
  { client, recipient, index }: Sending,
  bytes: number,
  link: string | null,
): Promise<void> {
  const subject = `H49.05-261122-${String(index).padStart(6, '0')}`
  const payload = bytes > 100_000 ? largePayload(bytes, subject) : payloadOf(bytes, subject)
  const linked = link === null ? payload : { ...payload, DuongDanTaiTepTin: link }
  const sent = await client.send<string>({ action, recipients: [recipient] }, linked)
  if (sent.kind === 'refused')
    throw new Error(`a message was refused: ${sent.error.code} ${sent.error.reason ?? ''}`)
}

export async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
