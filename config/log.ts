import winston from 'winston'

export type Level = 'error' | 'warn' | 'info' | 'debug'

/** One JSON line an event, on standard output. Callers pass ids, states and times; never content, keys or credentials. */
export type Log = (level: Level, event: string, fields: Readonly<Record<string, unknown>>) => void

export function createLog(level: Level, bound: Readonly<Record<string, unknown>>): Log {
  const { combine, timestamp, json } = winston.format
  const logger = winston.createLogger({
    level,
    format: combine(timestamp(), json()),
    defaultMeta: bound,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's types name a stream class of another package
    transports: [new winston.transports.Console()],
  })
  return (severity, event, fields) => {
    logger.log(severity, event, fields)
  }
}

/** What an unexpected error is to the log: its name, message, code and stack, and its cause's. */
export function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) }
  const code = 'code' in error ? { errorCode: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: describe(error.cause) }
  return { error: error.message, stack: error.stack, ...code, ...cause }
}
