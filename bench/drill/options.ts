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
  /** Whether the drill starts a MariaDB server and a RabbitMQ node of its own for the gateway, and kills them, too. */
  readonly services: boolean
  readonly messages: number
  readonly lanes: number
  readonly seed: number
  readonly setup: Setup
  /** Whether there are several processes: then a fault strikes one, and the others live on. */
  readonly isFleet: boolean
  /** Where the data of the run stays; null: in a temporary folder that is removed. */
  readonly folder: string | null
}

interface Form {
  readonly messages: number
  readonly lanes: number
  readonly processes: Setup['processes']
}

/** The forms of the drill; the command line may change their sizes. */
const forms = {
  alone: {
    full: { messages: 2_000, lanes: 50, processes: ['all'] },
    quick: { messages: 200, lanes: 10, processes: ['all'] },
  },
  fleet: {
    full: { messages: 3_000, lanes: 50, processes: ['api', 'api', 'worker', 'worker'] },
    quick: { messages: 160, lanes: 20, processes: ['api', 'worker'] },
  },
} satisfies Record<string, Record<'full' | 'quick', Form>>

/** Reads the command line. Throws an Error that names the argument at fault. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      services: { type: 'boolean', default: false },
      messages: { type: 'string' },
      lanes: { type: 'string' },
      seed: { type: 'string' },
      setup: { type: 'string' },
      folder: { type: 'string' },
    },
  })
  const { quick, json, services } = values
  if (services && values.setup !== undefined) throw new Error('--services brings a setup of its own')
  const given = values.setup === undefined ? null : readSetup(values.setup)
  const isFleet = services || (given !== null && given.processes.length > 1)
  const form: Form = forms[isFleet ? 'fleet' : 'alone'][quick ? 'quick' : 'full']
  return {
    ...{ quick, json, services, isFleet },
    messages: count('messages', values.messages, form.messages),
    lanes: count('lanes', values.lanes, form.lanes),
    seed: count('seed', values.seed, Math.floor(Math.random() * 1_000_000) + 1),
    setup: given ?? { processes: form.processes, env: {} },
    folder: values.folder ?? null,
  }
}

function readSetup(path: string): Setup {
  return Setup.parse(JSON.parse(readFileSync(path, 'utf8')))
}

function count(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1`)
  return value
}
