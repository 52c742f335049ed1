import { readFileSync } from 'node:fs'
import { createClient, type Client } from '../../client/index.ts'
import type { KnownCertificates, PartyCredential, Sandbox } from '../../sandbox/create.ts'
import { readCertificate } from '../../signing/certificate.ts'
import { signingKey } from '../../signing/keys.ts'
import { readPkcs12 } from '../../signing/pkcs12.ts'

export function clientsOf(sandbox: Sandbox): (party: PartyCredential, url: string) => Client {
  const known = JSON.parse(readFileSync(sandbox.paths.certificates, 'utf8')) as KnownCertificates
  const roots = new Map(
    (['state', 'company'] as const).map((partyClass) => [
      partyClass,
      known.trustRoots
        .filter((root) => root.partyClass === partyClass)
        .map(({ pem }) => readCertificate(pem)),
    ]),
  )
  const owners = new Map(
    known.certificates
      .filter(({ use }) => use === 'sign')
      .map(({ agency, partyClass, fingerprint, pem }) => [
        fingerprint,
        { agency, partyClass, certificate: readCertificate(pem), roots: roots.get(partyClass) ?? [] },
      ]),
  )
  return (party, url) => {
    const sign = readPkcs12(readFileSync(party.signing.file), party.signing.passphrase)
    const decrypt = readPkcs12(readFileSync(party.encryption.file), party.encryption.passphrase)
    return createClient({
      url,
      apiKey: party.apiKey,
      code: party.code,
      signingKey: signingKey(sign.key, sign.certificate),
      decryptionKeys: [decrypt],
      ownerOf: (fingerprint) => owners.get(fingerprint),
      gateway: known.gateway,
      trustRoots: roots.get('state') ?? [],
      retry: { attempts: 1, firstDelayMs: 0 },
      timeoutMs: 10_000,
    })
  }
}
