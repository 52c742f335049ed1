/**
 * What a person is told of. `configuration`: a body's credential, address or TLS is refused or wrong. `breaker`: it fails or is away.
 * `refused`: a recipient refuses what the body has sent. The rest are deliveries that nothing moves by itself.
 */
export type AlertKind = 'configuration' | 'breaker' | 'refused' | 'parked' | 'dead' | 'in_doubt'

/** One thing that went wrong. `deliveryId` is null where it is about the body as a whole. */
export interface AlertEvent {
  readonly kind: AlertKind
  readonly agency: string
  readonly code: string | null
  readonly deliveryId: string | null
}

/** What has gone wrong of one kind at one body since the last alert of it. Holds no content of messages. */
export interface Alert {
  readonly kind: AlertKind
  readonly agency: string
  /** Milliseconds since 1970: of the alert, and of the first event it tells of. */
  readonly at: number
  readonly since: number
  readonly count: number
  /** Distinct codes, and the first deliveries: ten of each at most. */
  readonly codes: readonly string[]
  readonly deliveryIds: readonly string[]
  /** The body's technical contacts. Personal data. */
  readonly contacts: readonly AlertContact[]
}

export interface AlertContact {
  readonly name: string
  readonly email?: string | undefined
  readonly phone?: string | undefined
}
