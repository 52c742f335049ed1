import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'

/** What the gateway under drill is made of. Without a file: one process that does everything, on SQLite and the embedded broker. */
const Setup = z.strictObject({
  /** One entry a process; the first that opens doors is asked for messages, too. */
  processes: z.array(z.enum(['all', 'api', 'worker'])).min(1),
  /** Added to the environment of every process, such as DATABASE_URL and AMQP_URL. */
  env: z.record(z.string(), z.string()),
})
export type Setup = z.infer<typeof Setup>

export interface Options {
  readonly quick: boolean
  readonly json: boolean
  readonly messages: number
  readonly lanes: number
  readonly seed: number
  readonly setup: Setup
  /** Where the data of the run stays; null: in a temporary folder that is removed. */
  readonly folder: string | null
}

const alone: Setup = { processes: ['all'], env: {} }

/** Reads the command line. Throws an Error that names the argument at fault. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      messages: { type: 'string' },
      lanes: { type: 'string' },
      seed: { type: 'string' },
      setup: { type: 'string' },
      folder: { type: 'string' },
    },
  })
  const { quick, json } = values
  return {
    quick,
    json,
    messages: count('messages', values.messages, quick ? 200 : 2_000),
    lanes: count('lanes', values.lanes, quick ? 10 : 50),
    seed: count('seed', values.seed, Math.floor(Math.random() * 1_000_000) + 1),
    setup: values.setup === undefined ? alone : Setup.parse(JSON.parse(readFileSync(values.setup, 'utf8'))),
    folder: values.folder ?? null,
  }
}

function count(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1`)
  return value
}
