/** What the brokers need of a logger; winston's meets it. Events are named `broker.<what>`; fields hold no secrets. */
export interface BrokerLog {
  info(event: string, fields: object): unknown
  warn(event: string, fields: object): unknown
}

/** The text of a thrown value, for a log line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
