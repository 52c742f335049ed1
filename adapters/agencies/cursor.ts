/** Reads a stream by the bytes that divide it, without holding more of it than came at once. */
export interface Cursor {
  /** What has come, up to the next `byte` with it; null at the end. */
  through(byte: number): Promise<Buffer | null>
  /** Everything before the next `byte`, as it comes. */
  before(byte: number): AsyncGenerator<Buffer>
  /** What stands here, if it is `whole`, is read; it may be the start of one while it is `begun`. Both in latin1, within 256 bytes. */
  match(whole: RegExp, begun: RegExp): Promise<Buffer | null>
  /** Exactly so many bytes, or fewer at the end. */
  take(count: number): Promise<Buffer>
  /** All that is left. */
  rest(): AsyncGenerator<Buffer>
}

/** Of what is matched no more is looked at. */
const mostAhead = 256

export function createCursor(source: AsyncIterable<Uint8Array>): Cursor {
  const pieces = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)

  /** Holds more than before, unless the stream has ended. */
  async function more(): Promise<boolean> {
    const next = await pieces.next()
    if (next.done === true) return false
    const { buffer, byteOffset, byteLength } = next.value
    held =
      held.byteLength === 0 ? Buffer.from(buffer, byteOffset, byteLength) : Buffer.concat([held, next.value])
    return true
  }

  /** Holds something, unless the stream has ended. */
  async function fill(): Promise<boolean> {
    while (held.byteLength === 0) if (!(await more())) return false
    return true
  }

  function cut(count: number): Buffer {
    const taken = held.subarray(0, count)
    held = held.subarray(count)
    return taken
  }

  return {
    through: async (byte) => ((await fill()) ? cut(held.indexOf(byte) + 1 || held.byteLength) : null),
    async *before(byte) {
      while (await fill()) {
        const at = held.indexOf(byte)
        if (at === 0) return
        yield cut(at < 0 ? held.byteLength : at)
      }
    },
    async match(whole, begun) {
      for (;;) {
        const text = held.toString('latin1', 0, mostAhead)
        const found = whole.exec(text)?.[0]
        if (found !== undefined) return cut(found.length)
        if (text.length === mostAhead || !begun.test(text) || !(await more())) return null
      }
    },
    async take(count) {
      const parts: Buffer[] = []
      for (let missing = count; missing > 0 && (await fill()); missing -= parts.at(-1)?.byteLength ?? 0)
        parts.push(cut(missing))
      return Buffer.concat(parts)
    },
    async *rest() {
      while (await fill()) yield cut(held.byteLength)
    },
  }
}
