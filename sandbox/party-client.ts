import { readFileSync } from 'node:fs'
import type { ClientOptions } from '../client/index.ts'
import type { PartyClass } from '../schemas/agency.ts'
import { readCertificate, type Certificate } from '../signing/certificate.ts'
import { signingKey } from '../signing/keys.ts'
import type { KnownCertificate } from '../signing/open.ts'
import { readPkcs12, type KeyStore } from '../signing/pkcs12.ts'
import type { KeyFile, KnownCertificates, PartyCredential } from './rows.ts'

/** Reads `certificates.json` of a sandbox. */
export function readKnown(path: string): KnownCertificates {
  return JSON.parse(readFileSync(path, 'utf8')) as KnownCertificates // the sandbox wrote it
}

/** The authorities of every class. */
export function rootsOf({ trustRoots }: KnownCertificates): readonly Certificate[] {
  return trustRoots.map(({ pem }) => readCertificate(pem))
}

/** What `createClient` needs for one party of a sandbox, with its keys from their files. */
export function readParty(credential: PartyCredential, known: KnownCertificates): ClientOptions {
  const { code, url, apiKey, clientId: id, clientSecret: secret } = credential
  const signing = readKeyFile(credential.signing)
  return {
    code,
    url,
    ...(id === undefined || secret === undefined ? { apiKey } : { clientCredentials: { id, secret } }),
    gateway: known.gateway,
    trustRoots: rootsOf(known),
    signingKey: signingKey(signing.key, signing.certificate),
    decryptionKeys: [readKeyFile(credential.encryption)],
    ownerOf: createOwnerOf(known),
  }
}

function readKeyFile({ file, passphrase }: KeyFile): KeyStore {
  return readPkcs12(readFileSync(file), passphrase)
}

/** Finds whose signing certificate it is; each class has one list of roots, so that what was checked is remembered. */
function createOwnerOf({
  trustRoots,
  certificates,
}: KnownCertificates): (fingerprint: string) => KnownCertificate | undefined {
  const rootsBy = (wanted: PartyClass) =>
    trustRoots.filter(({ partyClass }) => partyClass === wanted).map(({ pem }) => readCertificate(pem))
  const roots = { state: rootsBy('state'), company: rootsBy('company') }
  const known = new Map(
    certificates
      .filter(({ use }) => use === 'sign')
      .map(({ agency, fingerprint, partyClass, pem }) => [
        fingerprint,
        { agency, partyClass, certificate: readCertificate(pem), roots: roots[partyClass] },
      ]),
  )
  return (fingerprint) => known.get(fingerprint)
}
