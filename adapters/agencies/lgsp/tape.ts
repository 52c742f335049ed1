/** Bytes as they come, read piece by piece. */
export interface Tape {
  /** Hands on what stands before the next `byte` and the byte; false where the end comes first. */
  pass(byte: number, take: (piece: Buffer) => void): Promise<boolean>
  /** The pieces before the next `byte`, which is then read too. */
  before(byte: number): AsyncGenerator<Buffer>
  /** What stands here, if it is `whole`, is read; it may be the start of one while it is `begun`. Both in latin1. */
  match(whole: RegExp, begun: RegExp): Promise<Buffer | null>
}

/** Of what is matched no more is looked at. */
const mostAhead = 256

export function tapeOf(bytes: AsyncIterable<Uint8Array>): Tape {
  const source = bytes[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)

  async function fill(): Promise<boolean> {
    const next = await source.next()
    if (next.done === true) return false
    rest = rest.byteLength === 0 ? Buffer.from(next.value) : Buffer.concat([rest, next.value])
    return true
  }

  function cut(length: number): Buffer {
    const piece = rest.subarray(0, length)
    rest = rest.subarray(length)
    return piece
  }

  return {
    async pass(byte, take) {
      for (;;) {
        const at = rest.indexOf(byte)
        take(cut(at < 0 ? rest.byteLength : at + 1))
        if (at >= 0) return true
        if (!(await fill())) return false
      }
    },
    async *before(byte) {
      for (;;) {
        const at = rest.indexOf(byte)
        yield cut(at < 0 ? rest.byteLength : at)
        if (at >= 0) cut(1)
        if (at >= 0 || !(await fill())) return
      }
    },
    async match(whole, begun) {
      for (;;) {
        const text = rest.toString('latin1', 0, mostAhead)
        const found = whole.exec(text)?.[0]
        if (found !== undefined) return cut(found.length)
        if (text.length === mostAhead || !begun.test(text) || !(await fill())) return null
      }
    },
  }
}
