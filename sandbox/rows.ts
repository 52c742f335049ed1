import type { AgencyCertificate, PartyClass, Registry, Role } from '../schemas/agency.ts'
import type { KeyKind } from './keys.ts'

/** One party of a sandbox, as data. */
export interface PartyRow {
  readonly code: string
  readonly name: string
  readonly partyClass: PartyClass
  readonly dialect: 'axis-xml' | 'mailbox' | 'native-json'
  /** Options of its dialect: `{ url, timeoutMs }` or `{ format }`. */
  readonly options: Readonly<Record<string, unknown>>
  /** Actions it may send. */
  readonly grants: readonly string[]
  /** Code of the body above. A row with `parent` and no grants is an entry of the directory: it has the parent's keys and no credential. */
  readonly parent?: string
  /** Its system speaks with tokens of OAuth 2. */
  readonly oauth?: true
  /** Exchanges with bodies under test too. */
  readonly testRecipient?: boolean
  /** Algorithm of its signing key; P-256 unless said. */
  readonly signing?: KeyKind
}

export interface SandboxPlan {
  readonly dir: string
  readonly parties: readonly PartyRow[]
  readonly gatewayPort: number
  /** Milliseconds since 1970. */
  readonly now: number
  readonly aliases?: Registry['aliases']
  readonly subscriptions?: Registry['subscriptions']
}

/** A private key with its certificate, in a PKCS#12 file. */
export interface KeyFile {
  readonly file: string
  readonly passphrase: string
}

/** What one party needs to speak to the gateway: a row of `credentials.json`. */
export interface PartyCredential {
  readonly code: string
  readonly name: string
  readonly dialect: string
  readonly options: PartyRow['options']
  /** Address of the gateway. */
  readonly url: string
  readonly apiKey: string
  /** Of a body whose system speaks with tokens. */
  readonly clientId?: string
  readonly clientSecret?: string
  readonly signing: KeyFile
  readonly encryption: KeyFile
}

/** A person's row: an API key and nothing to sign with. */
export interface PersonCredential {
  readonly code: string
  readonly name: string
  readonly role: Role
  readonly url: string
  readonly apiKey: string
}

/** `certificates.json`: what the parties know of each other and of the gateway. */
export interface KnownCertificates {
  readonly gateway: string
  readonly trustRoots: Registry['trustRoots']
  readonly certificates: readonly (AgencyCertificate & { readonly partyClass: PartyClass })[]
}

export interface Sandbox {
  readonly dir: string
  readonly gatewayUrl: string
  readonly paths: Readonly<Record<'credentials' | 'certificates' | 'registry' | 'database' | 'log', string>>
  readonly parties: readonly PartyCredential[]
  readonly operator: PersonCredential
  /** All who govern, the operator among them. */
  readonly people: readonly PersonCredential[]
  /** The environment that a gateway of this sandbox needs. */
  readonly env: Readonly<Record<string, string>>
}
