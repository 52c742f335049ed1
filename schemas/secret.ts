/** One value of a secret that the gateway uses towards a body; `value` goes to dialects alone. */
export interface AgencySecret extends SecretDates {
  readonly agency: string
  readonly value: string
}

/** What may be told of a value: never the value. Times in ms. */
export interface SecretDates {
  /** UUIDv7. */
  readonly id: string
  readonly name: string
  readonly validFrom: number
  /** Null = until it is replaced. */
  readonly validTo: number | null
}
