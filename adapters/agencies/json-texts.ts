import { GatewayError } from '../../schemas/errors.ts'
import { createCursor, type Cursor } from './cursor.ts'

const quote = 0x22

interface Taking {
  /** Name of the fields whose texts are taken out, in small letters. */
  readonly name: string
  /** Reads such a text to its end, without JSON's escapes; what it answers stands in the text's place, as it is. */
  readonly take: (text: AsyncIterable<Buffer>) => Promise<string>
  /** Bytes that may be left. */
  readonly maxBytes: number
}

/**
 * A JSON body whose long texts are taken out as they come, so that memory stays flat; empty ones stay. The texts are of one byte a
 * character, such as base64. Throws `too_large`, `invalid_field` for a text that is cut in an escape, or what `take` throws.
 */
export async function takeTexts(
  bytes: AsyncIterable<Uint8Array>,
  { name, take, maxBytes }: Taking,
): Promise<Uint8Array> {
  const cursor = createCursor(bytes)
  const kept: Buffer[] = []
  let size = 0
  const keep = (piece: Buffer) => {
    size += piece.byteLength
    if (size > maxBytes)
      throw new GatewayError('too_large', { reason: `more than ${maxBytes} bytes without its files` })
    kept.push(piece)
  }
  while (await passQuote(cursor, keep)) {
    const isNamed = (await passText(cursor, keep)) === `${name}"`
    const opening = isNamed ? await cursor.match(/^\s*:\s*"(?=[^"])/, /^\s*(?::\s*"?)?$/) : null
    if (opening === null) continue
    keep(opening)
    keep(Buffer.from(`${await take(unescaped(cursor.before(quote)))}"`))
    await cursor.take(1)
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

/** Passes a text to its closing quote; answers its end in small letters, as long as the name of a field may be. */
async function passText(cursor: Cursor, keep: (piece: Buffer) => void): Promise<string> {
  let text = ''
  const take = (piece: Buffer) => {
    text = (text + piece.toString('latin1')).slice(-64)
    keep(piece)
  }
  let isOpen = await passQuote(cursor, take)
  while (isOpen && isEscaped(text)) isOpen = await passQuote(cursor, take)
  return text.toLowerCase()
}

/** An odd number of backslashes before the quote. */
const isEscaped = (text: string): boolean => (/(\\*)"$/.exec(text)?.[1]?.length ?? 0) % 2 === 1

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
  if (rest !== '') throw new GatewayError('invalid_field', { reason: 'not base64' })
}

const blanks: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
