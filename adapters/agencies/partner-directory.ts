import type { Agency } from '../../schemas/agency.ts'
import type { Payload } from '../../schemas/message.ts'
import type { Partner } from './poll.ts'

/** An organisation of a directory that a partner keeps, as the partner writes it. */
export interface Organisation {
  readonly code: string
  /** Its code of the other generation; empty where it has none. */
  readonly other: string
  readonly name: string
  /** What the partner names the one above by; empty at the top. */
  readonly parent: string
}

/** The directory of a partner that has one of its own: kept here as a copy, by which codes are put into the partner's form and back. */
export interface PartnerDirectory {
  /** Seconds between two readings; 0 = this agency's is not copied. */
  readonly everySeconds: (agency: Agency) => number
  /** The directory whole. Throws GatewayError `unavailable` where it does not come, or is none. */
  read(partner: Partner): Promise<readonly Organisation[]>
  /** Codes of organisations in a payload, but for those that the agency's options name. */
  codesIn(payload: Payload, agency: Agency): readonly string[]
  /** The payload with other codes, by the present ones in capitals. */
  renamed(payload: Payload, names: ReadonlyMap<string, string>): Payload
}
