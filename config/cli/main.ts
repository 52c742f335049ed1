import { CommanderError } from 'commander'
import { exitCodes, type Io } from './io.ts'
import { createProgram } from './program.ts'
import { wantsColour } from './screen.ts'

const ending = new AbortController()
process.once('SIGINT', () => ending.abort())
process.once('SIGTERM', () => ending.abort())

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  async readStdin() {
    const chunks: Buffer[] = []
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer) // no encoding is set
    return Buffer.concat(chunks)
  },
  env: process.env,
  colour: wantsColour(process.stdout.isTTY, process.env),
  terminal: process.stderr.isTTY,
  now: Date.now,
  exit(code) {
    process.exitCode = code
  },
  signal: ending.signal,
}

// A reader that has gone, such as `| head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

try {
  await createProgram(io).parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.code === 'lienthong.usage') io.err(`${error.message}\n`)
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  } else {
    io.err(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = exitCodes.fault
  }
}
