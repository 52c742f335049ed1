import { readFileSync } from 'node:fs'
import {
  createClient,
  createJsonClient,
  createObserver,
  type Client,
  type JsonClient,
  type Reader,
} from '../../client/index.ts'
import type { SignedReceipt } from '../../schemas/receipt.ts'
import { readCertificate } from '../../signing/certificate.ts'
import { signingKey } from '../../signing/keys.ts'
import { readPkcs12, type KeyStore } from '../../signing/pkcs12.ts'
import { rowFile, type CredentialRow, type KnownFile, type Profile } from './profile.ts'

const retry = { attempts: 3, firstDelayMs: 200 }

/** The client of a profile: one that signs where the profile names the body's keys, else one that speaks plain JSON. */
export function bodyOf(profile: Profile): { readonly signs: Client | null; readonly plain: JsonClient } {
  const { url, apiKey, roots, row, known } = profile
  const line = { url, apiKey, trustRoots: roots, retry }
  const plain = createJsonClient(line)
  if (row?.signing === undefined || row.encryption === undefined || known === null)
    return { signs: null, plain }
  const signing = keyStore(row.signing)
  return {
    plain,
    signs: createClient({
      ...line,
      code: row.code,
      gateway: known.gateway,
      signingKey: signingKey(signing.key, signing.certificate),
      decryptionKeys: [keyStore(row.encryption)],
      ownerOf: ownerOf(known),
    }),
  }
}

/** Reads states, lists and receipts; needs no key of a body. */
export function readerOf({ url, apiKey, roots: trustRoots }: Profile): Reader {
  return createObserver({ url, apiKey, trustRoots, retry })
}

/** Whether the gateway signed a receipt; null where no authority is known to judge by. */
export async function isVerified(profile: Profile, receipt: SignedReceipt): Promise<boolean | null> {
  if (profile.roots.length === 0) return null
  return readerOf(profile)
    .verifyReceipt(receipt)
    .then(
      () => true,
      () => false,
    )
}

/** The verdict in words. */
export function verdict(verified: boolean | null): string {
  if (verified === null) return 'chưa kiểm chữ ký: thiếu --roots · signature not checked: give --roots'
  return verified ? 'chữ ký đúng · signature verified' : 'CHỮ KÝ SAI · SIGNATURE IS WRONG'
}

function keyStore({ file, passphrase }: NonNullable<CredentialRow['signing']>): KeyStore {
  return readPkcs12(readFileSync(rowFile(file)), passphrase)
}

function ownerOf({ trustRoots, certificates }: KnownFile) {
  const rootsBy = (wanted: string) =>
    trustRoots.filter(({ partyClass }) => partyClass === wanted).map(({ pem }) => readCertificate(pem))
  const roots = { state: rootsBy('state'), company: rootsBy('company') }
  const signers = certificates.filter(({ use }) => use === 'sign')
  return (fingerprint: string) => {
    const found = signers.find((each) => each.fingerprint === fingerprint)
    if (found === undefined) return undefined
    const { agency, partyClass, pem } = found
    return { agency, partyClass, certificate: readCertificate(pem), roots: roots[partyClass] }
  }
}
