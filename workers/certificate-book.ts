import type { Agency, AgencyCertificate, PartyClass, Registry, TrustRoot } from '../schemas/agency.ts'
import { readCertificate, type Certificate } from '../signing/certificate.ts'
import type { KnownCertificate } from '../signing/open.ts'

/** The certificates of one version of the registry. */
export interface CertificateBook {
  ownerOf(fingerprint: string): KnownCertificate | undefined
  /** The one to encrypt to: valid at `now` and issued last. Undefined where a body has none. */
  encryptionCertificate(code: string, now: number): Certificate | undefined
  /** Rows of a body. */
  of(code: string): readonly AgencyCertificate[]
  /** A row, read. Throws `untrusted_certificate`. */
  read(row: Pick<AgencyCertificate, 'pem'>): Certificate
  roots(partyClass: PartyClass): readonly Certificate[]
}

/** Certificates by their text, read when they are first asked for: reading 20,000 at once would hold the process for seconds. */
type Shelf = Map<string, Certificate>

/** What one version's book leaves to the next: what was read, and the lists of roots, by which results of checks are cached. */
export interface Kept {
  readonly shelf: Shelf
  readonly trustRoots: readonly TrustRoot[]
  readonly roots: ReadonlyMap<PartyClass, readonly Certificate[]>
}

const shelfMost = 50_000

/** Nothing read yet. */
export const nothingKept = (): Kept => ({ shelf: new Map(), trustRoots: [], roots: new Map() })

export function createCertificateBook(
  registry: Registry,
  byCode: ReadonlyMap<string, Agency>,
  before: Kept,
): { readonly book: CertificateBook; readonly kept: Kept } {
  const { shelf } = before
  const kept = { shelf, trustRoots: registry.trustRoots, roots: rootsOf(registry.trustRoots, before) }
  const signing = new Map<string, AgencyCertificate>()
  const rows = new Map<string, AgencyCertificate[]>()
  for (const row of registry.certificates) {
    if (row.use === 'sign') signing.set(row.fingerprint, row)
    const own = rows.get(row.agency)
    if (own === undefined) rows.set(row.agency, [row])
    else own.push(row)
  }
  const of = (code: string) => rows.get(code) ?? []

  function ownerOf(fingerprint: string): KnownCertificate | undefined {
    const row = signing.get(fingerprint)
    const partyClass = row === undefined ? undefined : byCode.get(row.agency)?.partyClass
    if (row === undefined || partyClass === undefined) return undefined
    const certificate = readOnce(shelf, row)
    if (certificate.fingerprint !== fingerprint) return undefined // a row that lies about its certificate
    return { agency: row.agency, partyClass, certificate, roots: kept.roots.get(partyClass) ?? [] }
  }

  function encryptionCertificate(code: string, now: number): Certificate | undefined {
    const all = of(code)
      .filter(({ use }) => use === 'encrypt')
      .map((row) => readOnce(shelf, row))
    const newestFirst = all.toSorted((a, b) => b.validFrom - a.validFrom)
    return newestFirst.find(({ validFrom, validTo }) => validFrom <= now && now <= validTo) ?? newestFirst[0]
  }

  return {
    book: {
      ownerOf,
      encryptionCertificate,
      of,
      read: (row) => readOnce(shelf, row),
      roots: (partyClass) => kept.roots.get(partyClass) ?? [],
    },
    kept,
  }
}

function readOnce(shelf: Shelf, { pem }: Pick<AgencyCertificate, 'pem'>): Certificate {
  const known = shelf.get(pem)
  if (known !== undefined) return known
  const certificate = readCertificate(pem)
  if (shelf.size >= shelfMost) shelf.clear()
  shelf.set(pem, certificate)
  return certificate
}

/** The same lists as long as the roots are the same: a check that was done holds for the list it was done with. */
function rootsOf(trustRoots: readonly TrustRoot[], before: Kept): Kept['roots'] {
  const text = (roots: readonly TrustRoot[]) => roots.map(({ partyClass, pem }) => partyClass + pem).join()
  if (before.roots.size > 0 && text(trustRoots) === text(before.trustRoots)) return before.roots
  return new Map(
    (['state', 'company'] as const).map((partyClass) => [
      partyClass,
      trustRoots.filter((root) => root.partyClass === partyClass).map(({ pem }) => readCertificate(pem)),
    ]),
  )
}
