import { createSecretKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { GatewayKeys } from '../../config/keys.ts'
import { actions } from '../../schemas/actions.ts'
import type { Agency, AgencyCertificate, PartyClass, Registry } from '../../schemas/agency.ts'
import type { Header, Payload } from '../../schemas/message.ts'
import type { Certificate } from '../../signing/certificate.ts'
import { sha256 } from '../../signing/digest.ts'
import { signEnvelope } from '../../signing/envelope.ts'
import { createAuthority, issueCertificate, type IssuedUse } from '../../signing/issue.ts'
import { signingKey, type DecryptionKey, type SigningKey } from '../../signing/keys.ts'
import type { RegistryImport } from '../../config/registry-file.ts'

/** A body of a test: its row, its keys and the key it authenticates with. */
export interface Party {
  readonly agency: Agency
  readonly apiKey: string
  readonly signing: SigningKey
  readonly decryption: DecryptionKey
}

const now = Date.now() - 60_000
const dayMs = 86_400_000
const authorities: Record<PartyClass, ReturnType<typeof createAuthority>> = {
  state: createAuthority({ name: 'Test State CA', organization: 'Sandbox', now, years: 5 }),
  company: createAuthority({ name: 'Test Public CA', organization: 'Sandbox', now, years: 5 }),
}

/** One RSA pair serves every party of a test run: making one takes a tenth of a second, and no test turns on its being another's. */
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

function certify(
  name: string,
  partyClass: PartyClass,
  publicKey: CertificateKey,
  use: IssuedUse,
): Certificate {
  return issueCertificate(authorities[partyClass], {
    name,
    organization: 'Sandbox',
    publicKey,
    now,
    days: 365,
    use,
  })
}
type CertificateKey = Parameters<typeof issueCertificate>[1]['publicKey']

export function createSigningKey(name: string, partyClass: PartyClass): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return signingKey(privateKey, certify(name, partyClass, publicKey, 'sign'))
}

/** A key with a certificate for TLS. */
export function createTlsKey(name: string, partyClass: PartyClass, use: IssuedUse = 'tls'): TlsKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = certify(name, partyClass, publicKey, use)
  return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

export interface TlsKey {
  readonly certificate: Certificate
  /** PEM. */
  readonly key: string
}

export function createDecryptionKey(name: string, partyClass: PartyClass): DecryptionKey {
  return { key: rsa.privateKey, certificate: certify(name, partyClass, rsa.publicKey, 'encrypt') }
}

export function createParty(row: Partial<Agency> & { readonly code: string }): Party {
  const agency: Agency = {
    name: row.code,
    partyClass: 'state',
    status: 'live',
    dialect: 'mailbox',
    options: {},
    networks: ['127.0.0.0/8'],
    ...row,
  }
  return {
    agency,
    apiKey: randomBytes(32).toString('base64url'),
    signing: createSigningKey(agency.code, agency.partyClass),
    decryption: createDecryptionKey(agency.code, agency.partyClass),
  }
}

export function createGatewayKeys(): GatewayKeys {
  const master = createSecretKey(randomBytes(32))
  return {
    signing: createSigningKey('TRUC', 'state'),
    decryption: createDecryptionKey('TRUC', 'state'),
    master: { current: 'test', keys: new Map([['test', master]]) },
  }
}

/** The registry of some parties: each may send every action unless `grants` says otherwise. */
export function registryOf(parties: readonly Party[], extra: Partial<Registry> = {}): RegistryImport {
  const certificates = parties.flatMap(({ agency, signing, decryption }): AgencyCertificate[] => [
    certificateRow(agency.code, 'sign', signing.certificate),
    certificateRow(agency.code, 'encrypt', decryption.certificate),
  ])
  return {
    registry: {
      agencies: parties.map(({ agency }) => agency),
      aliases: {},
      certificates,
      trustRoots: (['state', 'company'] as const).map((partyClass) => ({
        partyClass,
        pem: authorities[partyClass].certificate.pem,
      })),
      grants: Object.fromEntries(parties.map(({ agency }) => [agency.code, Object.keys(actions)])),
      subscriptions: {},
      ...extra,
    },
    credentials: [
      ...parties.map((party) => credential(party.apiKey, party.agency.code)),
      credential(operatorKey, null),
    ],
  }
}

/** The authorities of a party class, as the registry holds them. */
export function trustRoots(partyClass: PartyClass): readonly Certificate[] {
  return [authorities[partyClass].certificate]
}

/** The operator's key in every test registry. */
export const operatorKey = randomBytes(32).toString('base64url')

function certificateRow(
  agency: string,
  use: 'sign' | 'encrypt',
  { fingerprint, pem }: Certificate,
): AgencyCertificate {
  return { agency, use, fingerprint, pem }
}

function credential(apiKey: string, agency: string | null) {
  const roles = [agency === null ? ('operator' as const) : ('agency' as const)]
  return {
    id: randomUUID(),
    person: null,
    agency,
    roles,
    validFrom: now,
    validTo: now + 365 * dayMs,
    secretHash: sha256(Buffer.from(apiKey)),
  }
}

/** A signed envelope of a party, with a reference of its own unless one is given. */
export function envelopeOf(
  party: Party,
  action: string,
  payload: Payload,
  header: Partial<Header> = {},
): Promise<Uint8Array> {
  const { code } = party.agency
  return signEnvelope(
    {
      sender: code,
      senderRef: randomUUID(),
      recipients: [],
      action,
      sentAt: Date.now(),
      ...header,
      sealedBy: code,
    },
    payload,
    party.signing,
  )
}
