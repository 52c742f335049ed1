import type { Agency, Registry } from '../schemas/agency.ts'
import { createCertificateBook, nothingKept, type CertificateBook, type Kept } from './certificate-book.ts'

/** Read-only questions about the parties, answered from one version of the registry. */
export interface Directory {
  readonly version: number
  readonly agencies: readonly Agency[]
  /** The registry that the answers come from. */
  readonly registry: Registry
  readonly certificates: CertificateBook
  /** For the next version's directory. */
  readonly kept: Kept
  agency(code: string): Agency | undefined
  /** The bodies that a code or alias stands for at `now`, successors followed. */
  resolve(code: string, now: number): readonly string[]
  /** Whether `code` is `body` or stands below it. */
  isWithin(code: string, body: string): boolean
  isGranted(body: string, action: string): boolean
  ownerOf(fingerprint: string): ReturnType<CertificateBook['ownerOf']>
  /** Owner of a dossier: the longest code of the directory that begins MaHoSo. */
  dossierOwner(maHoSo: string): string | undefined
  subscribers(topic: string): readonly string[]
}

/**
 * Indexes a registry. Certificates are read when they are first asked for, and stay read from one version (`before`) to the next: with
 * 10,000 bodies and 20,000 certificates this takes some 10 ms.
 */
export function createDirectory(registry: Registry, before: Kept = nothingKept()): Directory {
  const byCode = new Map(registry.agencies.map((agency) => [agency.code, agency]))
  const { book, kept } = createCertificateBook(registry, byCode, before)

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
    registry,
    certificates: book,
    kept,
    agency: (code) => byCode.get(code),
    resolve: (code, now) => (registry.aliases[code] ?? [code]).map((each) => successor(each, now)),
    isWithin: (code, body) => isWithin(code, body),
    isGranted: (body, action) => registry.grants[body]?.includes(action) ?? false,
    ownerOf: (fingerprint) => book.ownerOf(fingerprint),
    dossierOwner: (maHoSo) => longestPrefix(maHoSo, byCode),
    subscribers: (topic) => registry.subscriptions[topic] ?? [],
  }
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
