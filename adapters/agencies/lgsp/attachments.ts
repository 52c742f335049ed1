import { bounds } from '../../../schemas/bounds.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import { fileLink, fileLinks, readFileLink } from '../../../schemas/file-links.ts'
import type { Payload } from '../../../schemas/message.ts'
import { decodeBase64 } from '../base64.ts'
import type { BodyPart } from '../body-parts.ts'
import type { Incoming, Keeping } from '../content.ts'
import { createCursor, type Cursor } from '../cursor.ts'

const quote = 0x22
const field = 'Attachments.Base64'

/**
 * A JSON body whose texts named `Base64` are taken out as they come: each becomes a file, and its link stands in its place. What is
 * left is held to the size of a message. Throws `too_large`, or `invalid_field` for what is no base64.
 */
export async function takeFiles({ bytes, keeping }: Incoming): Promise<Uint8Array> {
  const cursor = createCursor(bytes)
  const kept: Buffer[] = []
  let size = 0
  const keep = (piece: Buffer) => {
    size += piece.byteLength
    if (size > bounds.messageBytes)
      throw new GatewayError('too_large', {
        reason: `more than ${bounds.messageBytes} bytes without its files`,
      })
    kept.push(piece)
  }
  while (await passQuote(cursor, keep)) {
    const opening = (await passText(cursor, keep))
      ? await cursor.match(/^\s*:\s*"(?=[^"])/, /^\s*(?::\s*"?)?$/)
      : null
    if (opening === null) continue
    keep(opening)
    keep(Buffer.from(`${await keepFile(cursor, keeping)}"`))
  }
  return Buffer.concat(kept)
}

/** Hands on what stands before the next quote and the quote; false where the end comes first. */
async function passQuote(cursor: Cursor, take: (piece: Buffer) => void): Promise<boolean> {
  for (let piece = await cursor.through(quote); piece !== null; piece = await cursor.through(quote)) {
    take(piece)
    if (piece.at(-1) === quote) return true
  }
  return false
}

/** Passes a text to its closing quote; whether it is the name of a file's field. */
async function passText(cursor: Cursor, keep: (piece: Buffer) => void): Promise<boolean> {
  let text = ''
  const take = (piece: Buffer) => {
    text = (text + piece.toString('latin1')).slice(-64)
    keep(piece)
  }
  let isOpen = await passQuote(cursor, take)
  while (isOpen && isEscaped(text)) isOpen = await passQuote(cursor, take)
  return text.toLowerCase() === 'base64"'
}

/** An odd number of backslashes before the quote. */
const isEscaped = (text: string): boolean => (/(\\*)"$/.exec(text)?.[1]?.length ?? 0) % 2 === 1

async function keepFile(cursor: Cursor, keeping: Keeping): Promise<string> {
  const file = await keeping.keep(decodeBase64(unescaped(cursor.before(quote)), field))
  await cursor.take(1)
  return fileLink(file)
}

/** JSON writes `/` as `\/` at some, and `+` as `\u002B` at others. */
async function* unescaped(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = ''
  for await (const piece of pieces) {
    const text = rest + piece.toString('latin1')
    rest = /\\(?:u[0-9a-f]{0,3})?$/i.exec(text)?.[0] ?? ''
    const whole = text.slice(0, text.length - rest.length)
    yield Buffer.from(
      whole.replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (_all, hex?: string, one = '') =>
        hex === undefined
          ? (blanks[one as string] ?? (one as string))
          : String.fromCharCode(parseInt(hex, 16)),
      ),
      'latin1',
    )
  }
  if (rest !== '') throw new GatewayError('invalid_field', { field, reason: 'not base64' })
}

const blanks: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** The papers of a national dossier, each changed. */
const eachPaper = (dossier: Payload, change: (paper: Payload) => Payload): Payload => {
  const papers = dossier['TaiLieuNop']
  return Array.isArray(papers)
    ? { ...dossier, TaiLieuNop: (papers as readonly Payload[]).map(change) }
    : dossier
}

/** A dossier whose papers have their links where national ones have them. */
export const withLinks = (dossier: Payload): Payload =>
  eachPaper(dossier, ({ Base64: file = '', ...paper }) => {
    if (readFileLink(textOf(file)) !== null) return { ...paper, DuongDanTaiTepTin: file }
    return textOf(file) === '' ? paper : { ...paper, Base64: file }
  })

/** A dossier whose papers have links to files here under `Base64`, for `withFiles`; what lies elsewhere keeps its place. */
export const withPlaces = (dossier: Payload): Payload =>
  eachPaper(dossier, ({ DuongDanTaiTepTin: place = '', ...paper }) => {
    if (readFileLink(textOf(place)) !== null) return { ...paper, Base64: place }
    return textOf(place) === '' ? paper : { ...paper, DuongDanTaiTepTin: place }
  })

const place = /"Base64":"\/v1\/files\/([0-9a-f-]{36})\?sha256=[0-9a-f]{64}"/

/** A body in parts: each link to a file of the message, under `Base64`, becomes the file in base64. Null where there is none. */
export function withFiles(json: string, payload: Payload): readonly BodyPart[] | null {
  const ids = new Set(fileLinks(payload).map(({ id }) => id)) // any other id is nobody's to send
  const parts: BodyPart[] = []
  let rest = json
  for (let found = place.exec(rest); found !== null; found = place.exec(rest)) {
    const [link, id = ''] = found
    const isOurs = ids.has(id)
    const end = found.index + link.length
    parts.push(isOurs ? `${rest.slice(0, found.index)}"Base64":"` : rest.slice(0, end))
    if (isOurs) parts.push({ base64: [{ file: id }] }, '"')
    rest = rest.slice(end)
  }
  return parts.some((part) => typeof part !== 'string') ? [...parts, rest] : null
}
