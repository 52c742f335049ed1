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

/** A body whose software calls as a partner's client does: at a door of its own, with an account. It has no keys of the axis. */
export interface ClientRow extends Pick<
  PartyRow,
  'code' | 'name' | 'partyClass' | 'parent' | 'options' | 'grants' | 'testRecipient'
> {
  readonly dialect: string
  readonly door: {
    /** Below the gateway's address: what is entered in the software; `{secret}` stands for the account's, where the address shows it. */
    readonly path: string
    readonly account: string
    /** Other accounts with the same secret, where a dialect has one for each right. */
    readonly moreAccounts?: readonly string[]
    /** What the software calls the account and its secret: their names in `credentials.json`. */
    readonly names: readonly [account: string, secret: string]
  }
}

export interface SandboxPlan {
  readonly dir: string
  readonly parties: readonly PartyRow[]
  readonly clients?: readonly ClientRow[]
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

/** A partner's software with what opens its door: `url` is the address to give to it. */
export interface ClientAccount {
  readonly row: ClientRow
  readonly url: string
  /** For the gateway's own doors, such as the list of refusals. */
  readonly apiKey: string
  readonly secret: string
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
  readonly clients: readonly ClientAccount[]
  readonly operator: PersonCredential
  /** All who govern, the operator among them. */
  readonly people: readonly PersonCredential[]
  /** The environment that a gateway of this sandbox needs. */
  readonly env: Readonly<Record<string, string>>
}
