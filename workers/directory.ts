import type { Agency, Registry } from '../schemas/agency.ts'
import { readCertificate, type Certificate } from '../signing/certificate.ts'
import type { KnownCertificate } from '../signing/open.ts'

/** Read-only questions about the parties, answered from one version of the registry. */
export interface Directory {
  readonly version: number
  readonly agencies: readonly Agency[]
  agency(code: string): Agency | undefined
  /** The bodies that a code or alias stands for at `now`, successors followed. */
  resolve(code: string, now: number): readonly string[]
  /** Whether `code` is `body` or stands below it. */
  isWithin(code: string, body: string): boolean
  isGranted(body: string, action: string): boolean
  ownerOf(fingerprint: string): KnownCertificate | undefined
  encryptionCertificate(code: string): Certificate | undefined
  /** Owner of a dossier: the longest code of the directory that begins MaHoSo. */
  dossierOwner(maHoSo: string): string | undefined
  subscribers(topic: string): readonly string[]
}

/** Indexes a registry. Certificates are parsed here, once a version. */
export function createDirectory(registry: Registry): Directory {
  const byCode = new Map(registry.agencies.map((agency) => [agency.code, agency]))
  const known = knownCertificates(registry, byCode)
  const encryption = new Map(
    registry.certificates
      .filter(({ use }) => use === 'encrypt')
      .map(({ agency, pem }) => [agency, readCertificate(pem)]),
  )
  const grants = new Map(Object.entries(registry.grants).map(([body, actions]) => [body, new Set(actions)]))

  function successor(code: string, now: number, hops = 0): string {
    const agency = byCode.get(code)
    const retired = agency?.retiredAt !== undefined && agency.retiredAt <= now
    if (!retired || agency.successor === undefined || hops === 8) return code
    return successor(agency.successor, now, hops + 1)
  }

  function isWithin(code: string, body: string, hops = 0): boolean {
    if (code === body) return true
    const parent = byCode.get(code)?.parent
    return parent !== undefined && hops < 16 && isWithin(parent, body, hops + 1)
  }

  return {
    version: registry.version,
    agencies: registry.agencies,
    agency: (code) => byCode.get(code),
    resolve: (code, now) => (registry.aliases[code] ?? [code]).map((each) => successor(each, now)),
    isWithin: (code, body) => isWithin(code, body),
    isGranted: (body, action) => grants.get(body)?.has(action) ?? false,
    ownerOf: (fingerprint) => known.get(fingerprint),
    encryptionCertificate: (code) => encryption.get(code),
    dossierOwner: (maHoSo) => longestPrefix(maHoSo, byCode),
    subscribers: (topic) => registry.subscriptions[topic] ?? [],
  }
}

function knownCertificates(
  registry: Registry,
  byCode: ReadonlyMap<string, Agency>,
): ReadonlyMap<string, KnownCertificate> {
  const roots = new Map(
    (['state', 'company'] as const).map((partyClass) => [
      partyClass,
      registry.trustRoots
        .filter((root) => root.partyClass === partyClass)
        .map(({ pem }) => readCertificate(pem)),
    ]),
  )
  const known = new Map<string, KnownCertificate>()
  for (const { agency: code, use, pem } of registry.certificates) {
    const agency = byCode.get(code)
    if (use !== 'sign' || agency === undefined) continue
    const certificate = readCertificate(pem)
    const { partyClass } = agency
    known.set(certificate.fingerprint, {
      agency: code,
      partyClass,
      certificate,
      roots: roots.get(partyClass) ?? [],
    })
  }
  return known
}

/** `H49.05-261121-0001` belongs to `H49.05`, or to `H49` where the directory knows no `H49.05`. */
function longestPrefix(maHoSo: string, byCode: ReadonlyMap<string, unknown>): string | undefined {
  for (let end = maHoSo.length; end > 0; end -= 1) {
    const next = maHoSo[end]
    const atBoundary = next === undefined || next === '.' || next === '-'
    if (atBoundary && byCode.has(maHoSo.slice(0, end))) return maHoSo.slice(0, end)
  }
  return undefined
}
