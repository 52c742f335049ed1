import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Payload } from '../../schemas/message.ts'
import type { PartyClass } from '../../schemas/agency.ts'
import type { EnvelopeHeader } from '../../signing/envelope.ts'
import { createAuthority, issueCertificate } from '../../signing/issue.ts'
import type { IssuedUse } from '../../signing/issue.ts'
import { signingKey } from '../../signing/keys.ts'
import type { DecryptionKey, SigningKey } from '../../signing/keys.ts'
import type { KnownCertificate, OpenDeps } from '../../signing/open.ts'

/** All of it happens at one moment, so that fixtures never expire. */
export const now = Date.parse('2026-01-31T08:00:00.000Z')
const dayMs = 86_400_000
const from = now - 10 * dayMs

const newAuthority = (name: string) =>
  createAuthority({ name, organization: 'Thử nghiệm', now: from, years: 10 })

export const authorities = {
  state: newAuthority('Gốc cơ quan'),
  company: newAuthority('Gốc doanh nghiệp'),
} as const
export const roots = {
  state: [authorities.state.certificate],
  company: [authorities.company.certificate],
} as const satisfies Record<PartyClass, unknown>

export interface Pair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export const newPair = (curve = 'prime256v1'): Pair => generateKeyPairSync('ec', { namedCurve: curve })
export const newRsaPair = (bits = 2048): Pair => generateKeyPairSync('rsa', { modulusLength: bits })

interface Wanted {
  readonly partyClass?: PartyClass
  readonly use?: IssuedUse
  readonly start?: number
  readonly days?: number
}

export const certify = (name: string, { publicKey }: Pair, wanted: Wanted = {}) => {
  const { partyClass = 'state', use = 'sign', start = from, days = 365 } = wanted
  return issueCertificate(authorities[partyClass], {
    name,
    organization: 'Thử nghiệm',
    publicKey,
    now: start,
    days,
    use,
  })
}

const newSigner = (name: string, pair: Pair): SigningKey => signingKey(pair.privateKey, certify(name, pair))

const rsaPair = newRsaPair()
const receiverPair = newRsaPair()

/** The province that speaks, with both kinds of key, the hub, and a ministry that receives. */
export const sender = newSigner('H01', newPair())
export const senderRsa = newSigner('H01', rsaPair)
export const hub = newSigner('TRUC', newPair())
export const receiver: DecryptionKey = {
  key: receiverPair.privateKey,
  certificate: certify('G05', receiverPair, { use: 'encrypt' }),
}

export const known = (
  agency: string,
  { certificate }: Pick<SigningKey, 'certificate'>,
  partyClass: PartyClass = 'state',
): KnownCertificate => ({
  agency,
  partyClass,
  certificate,
  roots: roots[partyClass],
})

export const registryOf = (entries: readonly KnownCertificate[]): OpenDeps['ownerOf'] => {
  const byFingerprint = new Map(entries.map((entry) => [entry.certificate.fingerprint, entry]))
  return (fingerprint) => byFingerprint.get(fingerprint)
}

export const deps = (overrides: Partial<OpenDeps> = {}): OpenDeps => ({
  now,
  ownerOf: registryOf([known('H01', sender), known('H01', senderRsa), known('TRUC', hub)]),
  decryptionKeys: [receiver],
  gateways: ['TRUC'],
  ...overrides,
})

export const header: EnvelopeHeader = {
  sender: 'H01',
  sealedBy: 'H01',
  senderRef: 'H01-2026-000017',
  recipients: ['G05'],
  action: 'dossier.sync',
  sentAt: now - 1000,
}

/** With all that a sender may say. */
export const fullHeader: EnvelopeHeader = {
  ...header,
  recipients: ['G05', 'H02'],
  conversationId: 'c-1',
  refToMessageId: 'm-0',
  expiresAt: now + 1000,
}

/** What the hub says when it seals for a recipient. */
export const hopHeader: EnvelopeHeader = {
  ...header,
  sealedBy: 'TRUC',
  messageId: 'm-1',
  deliveryId: 'd-1',
  receivedAt: now,
}

export const payload: Payload = {
  MaHoSo: 'H01.12-260131-0001',
  ChuHoSo: 'Nguyễn Thị <Thử> & "con"',
  LePhi: 150000,
  DanhSachGiayTo: [{ TenGiayTo: 'Tờ khai', DaNop: true }, {}],
  GhiChu: null,
}
