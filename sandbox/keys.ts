import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { PartyClass } from '../schemas/agency.ts'
import type { Certificate } from '../signing/certificate.ts'
import { createAuthority, issueCertificate, type Authority } from '../signing/issue.ts'
import { readPkcs12, writePkcs12 } from '../signing/pkcs12.ts'
import { readIfThere, writePrivate } from './files.ts'

export type KeyKind = 'ec' | 'rsa'

/** What a key is to be: its file, its algorithm, and what its certificate says. */
export interface KeyWish {
  readonly file: string
  readonly kind: KeyKind
  readonly use: 'sign' | 'encrypt'
  readonly name: string
}

export interface HeldKey {
  readonly key: KeyObject
  readonly certificate: Certificate
}

export interface KeyMaker {
  /** The key of a file, or a new one with a certificate of the authority of that class. */
  keep(wish: KeyWish, partyClass: PartyClass): Promise<HeldKey>
  readonly authorities: Readonly<Record<PartyClass, Authority>>
}

const generate = promisify(generateKeyPair)
const dayMs = 86_400_000
const validDays = 365
const authorityYears = 5
/** Every certificate names it, so that a production gateway refuses them all. */
const organization = 'Sandbox Lien thong'
const authorityNames = { state: 'Sandbox CA chuyen dung', company: 'Sandbox CA cong cong' } as const

/**
 * Keeps the keys of a sandbox in PKCS#12 files under one passphrase: what is there is used again while it is valid and its
 * authority is the same, else made anew. `now` in ms.
 */
export function createKeyMaker(folder: string, passphrase: string, now: number): KeyMaker {
  const authority = (partyClass: PartyClass) =>
    keepAuthority({
      file: `${folder}/ca-${partyClass}.p12`,
      name: authorityNames[partyClass],
      passphrase,
      now,
    })
  const authorities = { state: authority('state'), company: authority('company') }

  async function issue({ file, kind, use, name }: KeyWish, by: Authority): Promise<HeldKey> {
    const { publicKey, privateKey: key } = await keyPair(kind)
    const certificate = issueCertificate(by, { name, organization, publicKey, now, days: validDays, use })
    writePrivate(file, writePkcs12(key, [certificate, by.certificate], passphrase))
    return { key, certificate }
  }

  return {
    authorities,
    async keep(wish, partyClass) {
      const by = authorities[partyClass]
      const bytes = readIfThere(wish.file)
      const kept = bytes === null ? null : readPkcs12(bytes, passphrase)
      const sameAuthority = kept?.chain[0]?.fingerprint === by.certificate.fingerprint
      if (kept !== null && sameAuthority && isFresh(kept.certificate, now)) return kept
      return issue(wish, by)
    },
  }
}

function keyPair(kind: KeyKind): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return kind === 'ec'
    ? generate('ec', { namedCurve: 'prime256v1' })
    : generate('rsa', { modulusLength: 2048 })
}

function keepAuthority(wish: {
  readonly file: string
  readonly name: string
  readonly passphrase: string
  readonly now: number
}): Authority {
  const { file, name, passphrase, now } = wish
  const bytes = readIfThere(file)
  const kept = bytes === null ? null : readPkcs12(bytes, passphrase)
  if (kept !== null && isFresh(kept.certificate, now)) return kept
  const made = createAuthority({ name, organization, now, years: authorityYears })
  writePrivate(file, writePkcs12(made.key, [made.certificate], passphrase))
  return made
}

/** Valid now and for a day more. */
function isFresh({ validFrom, validTo }: Certificate, now: number): boolean {
  return validFrom <= now && validTo > now + dayMs
}
