import { GatewayError } from '../../schemas/errors.ts'
import { decodeBase64 } from './base64.ts'

/** One part of a multipart body: header names in lower case; the bytes as they come, decoded. */
export interface MimePart {
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: AsyncIterable<Buffer>
}

const limits = { headerBytes: 16 * 1024, parts: 201 } as const
const malformed = (reason: string) => new GatewayError('malformed_request', { field: 'body', reason })

/** A parameter of a header such as Content-Type, quoted or bare; empty where it has none. */
export function parameterOf(header: string, name: string): string {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'i').exec(header)
  return found?.[1]?.replace(/\\(.)/g, '$1') ?? found?.[2] ?? ''
}

/** The id of a part without the angle brackets and `cid:` that some leave out or repeat. */
export const contentIdOf = (text: string): string =>
  text
    .trim()
    .replace(/^<|>$/g, '')
    .replace(/^(?:cid:)+/i, '')

/**
 * The parts of a multipart body as they come: each is read to its end, or given up, before the next. Throws `malformed_request`,
 * `too_large` beyond 201 parts, and `invalid_field` for bad base64.
 */
export async function* readMultipart(
  source: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<MimePart> {
  if (boundary === '' || boundary.length > 200) throw malformed('no boundary')
  const text = createText(source)
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  await drain(text.before(delimiter))
  for (let count = 0; ; count += 1) {
    if (await text.begins('--')) return
    await text.line()
    if (count >= limits.parts)
      throw new GatewayError('too_large', { reason: `more than ${limits.parts} parts` })
    const headers = await readHeaders(text.line)
    const content = text.before(delimiter)
    yield { headers, bytes: decoded(headers, content) }
    await drain(content)
  }
}

interface Text {
  /** Everything before a mark, which is passed over. Throws where the stream ends first. */
  readonly before: (mark: Buffer) => AsyncIterable<Buffer>
  /** Whether what follows begins so. */
  readonly begins: (start: string) => Promise<boolean>
  /** The text up to the end of the line. */
  readonly line: () => Promise<string>
}

/** A stream that begins with an end of line, so that a delimiter at its very start is one like all others. */
function createText(source: AsyncIterable<Uint8Array>): Text {
  const pieces = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.from('\r\n')

  async function fill(): Promise<void> {
    const next = await pieces.next()
    if (next.done === true) throw malformed('ends before its boundary')
    held = Buffer.concat([held, next.value])
  }
  function cut(count: number, passed = 0): Buffer {
    const taken = held.subarray(0, count)
    held = held.subarray(count + passed)
    return taken
  }
  async function next(mark: Buffer): Promise<IteratorResult<Buffer, undefined>> {
    for (;;) {
      const at = held.indexOf(mark)
      if (at > 0) return { done: false, value: cut(at) }
      if (at === 0) {
        cut(0, mark.byteLength)
        return { done: true, value: undefined }
      }
      const safe = held.byteLength - mark.byteLength + 1
      if (safe > 0) return { done: false, value: cut(safe) }
      await fill()
    }
  }
  return {
    before(mark) {
      let isOver = false
      const step = async (): Promise<IteratorResult<Buffer, undefined>> => {
        if (isOver) return { done: true, value: undefined }
        const result = await next(mark)
        isOver = result.done === true
        return result
      }
      // Whoever stops early leaves the rest to `drain`.
      return { [Symbol.asyncIterator]: () => ({ next: step }) }
    },
    begins: async (start) => {
      while (held.byteLength < start.length) await fill()
      return held.toString('latin1', 0, start.length) === start
    },
    line: async () => {
      for (let end = held.indexOf('\n'); ; end = held.indexOf('\n')) {
        if (end >= 0) return cut(end, 1).toString('utf8').replace(/\r$/, '')
        if (held.byteLength > limits.headerBytes) throw malformed('the headers of a part are too long')
        await fill()
      }
    },
  }
}

async function drain(bytes: AsyncIterable<Buffer>): Promise<void> {
  const rest = bytes[Symbol.asyncIterator]()
  while ((await rest.next()).done !== true);
}

async function readHeaders(line: Text['line']): Promise<MimePart['headers']> {
  const lines: string[] = []
  let size = 0
  for (let text = await line(); text !== ''; text = await line()) {
    size += text.length
    if (size > limits.headerBytes) throw malformed('the headers of a part are too long')
    const isFolded = /^[ \t]/.test(text) && lines.length > 0
    if (isFolded) lines.push(`${lines.pop() ?? ''} ${text.trim()}`)
    else lines.push(text)
  }
  return Object.fromEntries(
    lines.map((each) => {
      const [name = '', ...value] = each.split(':')
      return [name.trim().toLowerCase(), value.join(':').trim()]
    }),
  )
}

const bare: readonly string[] = ['', '7bit', '8bit', 'binary']

function decoded(headers: MimePart['headers'], content: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const coding = (headers['content-transfer-encoding'] ?? '').toLowerCase()
  if (bare.includes(coding)) return content
  if (coding === 'base64') return decodeBase64(content, contentIdOf(headers['content-id'] ?? ''))
  throw malformed(`the transfer encoding ${coding.slice(0, 40)} is not read`)
}
