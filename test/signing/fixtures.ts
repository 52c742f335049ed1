import { readFileSync } from 'node:fs'
import type { PartyClass } from '../../schemas/agency.ts'
import { readCertificate } from '../../signing/certificate.ts'
import type { OpenDeps } from '../../signing/open.ts'
import { registryOf } from './parties.ts'

/** Envelopes kept as files, each named after its fault; the keys that signed them were thrown away. */
export const fixtures = new URL('../fixtures/envelopes/', import.meta.url)

interface Registry {
  readonly roots: Readonly<Record<PartyClass, string>>
  readonly certificates: readonly {
    readonly agency: string
    readonly partyClass: PartyClass
    readonly pem: string
  }[]
}

/** What the registry held when the fixtures were made. */
export function fixtureOwners(): OpenDeps['ownerOf'] {
  const registry = JSON.parse(readFileSync(new URL('registry.json', fixtures), 'utf8')) as Registry
  const roots = {
    state: [readCertificate(registry.roots.state)],
    company: [readCertificate(registry.roots.company)],
  }
  return registryOf(
    registry.certificates.map(({ agency, partyClass, pem }) => ({
      agency,
      partyClass,
      certificate: readCertificate(pem),
      roots: roots[partyClass],
    })),
  )
}
