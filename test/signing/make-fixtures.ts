/** Writes test/fixtures/envelopes anew, with new keys: `npx tsx test/signing/make-fixtures.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { craft } from './craft.ts'
import { faults } from './faults/index.ts'
import { fixtures } from './fixtures.ts'
import { authorities, known, sender, senderRsa, hub } from './parties.ts'

const entries = [
  known('H01', sender),
  known('H01', senderRsa),
  known('TRUC', hub),
  ...Object.values(faults).flatMap(({ knows = [] }) => knows),
]

mkdirSync(fixtures, { recursive: true })
writeFileSync(new URL('valid.xml', fixtures), craft({}))
for (const [name, { xml }] of Object.entries(faults)) writeFileSync(new URL(`${name}.xml`, fixtures), xml)
const registry = {
  roots: { state: authorities.state.certificate.pem, company: authorities.company.certificate.pem },
  certificates: entries.map(({ agency, partyClass, certificate }) => ({
    agency,
    partyClass,
    pem: certificate.pem,
  })),
}
writeFileSync(new URL('registry.json', fixtures), `${JSON.stringify(registry, null, 2)}\n`)
