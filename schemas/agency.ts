/** Party classes: state bodies use the dedicated CA, companies and banks licensed public CAs (draft 2025 Art. 32.3, 44.2). */
export type PartyClass = 'state' | 'company'

/** States of a body (draft 2025 Art. 23). */
export type AgencyStatus = 'testing' | 'live' | 'suspended'

/** A row of the registry: an agency is data, bound to a dialect. */
export interface Agency {
  readonly code: string
  readonly name: string
  readonly partyClass: PartyClass
  readonly status: AgencyStatus
  /** When it first went live (ms): it may then go live again without another test. */
  readonly liveSince?: number
  /** A live body that bodies under test may exchange with. */
  readonly testRecipient?: boolean
  /** Code of the body above; hierarchy comes from here, never from cutting text. */
  readonly parent?: string
  /** Body that takes over when this code is retired, and since when (ms). */
  readonly successor?: string
  readonly retiredAt?: number
  readonly dialect: string
  /** Checked by the dialect's own `options` schema. */
  readonly options: Readonly<Record<string, unknown>>
  /** Networks (CIDR) in which it may be called though they are not public, such as the state's own; none unless said. */
  readonly networks?: readonly string[]
  /** Hosts (`host` or `host:port`) of its own from which files are read for the recipients of its messages; none unless said. */
  readonly fileHosts?: readonly string[]
}

/** A certificate known for a body. PEM text; `use` says what it may do. */
export interface AgencyCertificate {
  readonly agency: string
  /** Lower-case hex SHA-256 of the DER bytes. */
  readonly fingerprint: string
  readonly use: 'sign' | 'encrypt'
  readonly pem: string
}

/** A trust anchor for a party class. */
export interface TrustRoot {
  readonly partyClass: PartyClass
  readonly pem: string
}

/** Everything the gateway knows about its parties, as one value with a version. */
export interface Registry {
  readonly version: number
  readonly agencies: readonly Agency[]
  /** Names that stand for one or more bodies, such as `portal-core`. */
  readonly aliases: Readonly<Record<string, readonly string[]>>
  readonly certificates: readonly AgencyCertificate[]
  readonly trustRoots: readonly TrustRoot[]
  /** Actions each body may send. */
  readonly grants: Readonly<Record<string, readonly string[]>>
  /** Action or catalogue → bodies that asked for it. */
  readonly subscriptions: Readonly<Record<string, readonly string[]>>
}

/**
 * A change of the registry, by key: what is given replaces the whole entry, null takes it away. `certificates` and `trustRoots` are
 * replaced whole, those by body. Written, read and applied in this one form.
 */
export interface RegistryPatch {
  readonly agencies?: Readonly<Record<string, Agency | null>>
  readonly aliases?: Readonly<Record<string, readonly string[] | null>>
  readonly certificates?: Readonly<Record<string, readonly AgencyCertificate[]>>
  readonly trustRoots?: readonly TrustRoot[]
  readonly grants?: Readonly<Record<string, readonly string[] | null>>
  readonly subscriptions?: Readonly<Record<string, readonly string[] | null>>
}

/**
 * What a credential may do. `agency`: a body's system sends and pulls. `agency-admin`: a person of a body sees and manages its part.
 * `operator`: a person watches and handles traffic. `admin`: a person keeps the registry. `auditor`: a person reads the evidence.
 * Only `agency` and `agency-admin` stand for a body (QC25 Art. 32.3, 44).
 */
export const roles = ['agency', 'agency-admin', 'operator', 'admin', 'auditor'] as const
export type Role = (typeof roles)[number]

/** How a caller shows who it is: an API key, a short-lived token, or a client certificate. */
export const authenticationMethods = ['key', 'token', 'certificate'] as const
export type AuthenticationMethod = (typeof authenticationMethods)[number]

/** Who is calling, as the door has established it. */
export interface Caller {
  readonly credentialId: string
  /** Name of the person whom the credential belongs to; null for a system's. */
  readonly person: string | null
  /** The body it speaks for; `null` for the gateway's own people. */
  readonly agency: string | null
  readonly roles: readonly Role[]
  /** How it has shown who it is. */
  readonly method: AuthenticationMethod
}
