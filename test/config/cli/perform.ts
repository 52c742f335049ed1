import { createProgram } from '../../../config/cli/program.ts'

export interface Performed {
  readonly code: number | undefined
  readonly out: string
  readonly err: string
}

/** Runs a command line in this process, as the holder of a key. */
export async function perform(url: string, key: string, args: readonly string[]): Promise<Performed> {
  const texts = { out: '', err: '' }
  let code: number | undefined
  const program = createProgram({
    out: (text) => void (texts.out += text),
    err: (text) => void (texts.err += text),
    readStdin: () => Promise.resolve(Buffer.alloc(0)),
    env: { LIENTHONG_URL: url, LIENTHONG_KEY: key },
    colour: false,
    terminal: false,
    now: Date.now,
    exit: (given) => void (code = given),
    signal: new AbortController().signal,
  })
  await program.parseAsync(['node', 'lienthong', ...args])
  return { ...texts, code }
}
