/** Reads a stream by the bytes that divide it, without holding more of it than came at once. */
export interface Cursor {
  /** What has come, up to the next `byte` with it; null at the end. */
  through(byte: number): Promise<Buffer | null>
  /** Everything before the next `byte`, as it comes. */
  before(byte: number): AsyncGenerator<Buffer>
  /** Exactly so many bytes, or fewer at the end. */
  take(count: number): Promise<Buffer>
  /** All that is left. */
  rest(): AsyncGenerator<Buffer>
}

export function createCursor(source: AsyncIterable<Uint8Array>): Cursor {
  const pieces = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)

  /** Holds something, unless the stream has ended. */
  async function fill(): Promise<boolean> {
    while (held.byteLength === 0) {
      const next = await pieces.next()
      if (next.done === true) return false
      held = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
    }
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
