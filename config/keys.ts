import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { MasterKeys } from '../signing/at-rest.ts'
import type { Certificate } from '../signing/certificate.ts'
import { signingKey, type DecryptionKey, type SigningKey } from '../signing/keys.ts'
import { readPkcs12 } from '../signing/pkcs12.ts'
import type { Env } from './env.ts'

/** The gateway's own keys. Receipts and seals are signed with the same key; what is sent to it is encrypted to another. */
export interface GatewayKeys {
  readonly signing: SigningKey
  readonly decryption: DecryptionKey
  readonly master: MasterKeys
}

/** Word in the issuer's name of every certificate the sandbox makes, and id of its master key. */
const sandboxMark = 'sandbox'

/** Loads the keys. Throws an Error that says which is missing, wrong, or a sandbox key outside the sandbox. */
export function loadKeys(env: Env): GatewayKeys {
  const signing = load('SIGNING', env.SIGNING_PKCS12_FILE, env.SIGNING_PASSPHRASE)
  const decryption = load('ENCRYPTION', env.ENCRYPTION_PKCS12_FILE, env.ENCRYPTION_PASSPHRASE)
  const master = readMasterKeys(env.MASTER_KEYS)
  if (env.SANDBOX !== '1') {
    refuseSandbox('SIGNING_PKCS12_FILE', signing.certificate)
    refuseSandbox('ENCRYPTION_PKCS12_FILE', decryption.certificate)
    if (master.current === sandboxMark) throw new Error('cannot start: MASTER_KEYS holds the sandbox key')
  }
  return { signing: signingKey(signing.key, signing.certificate), decryption, master }
}

function load(name: string, path: string, passphrase: string) {
  try {
    return readPkcs12(readFileSync(path), passphrase)
  } catch (cause) {
    throw new Error(`cannot start: ${name}_PKCS12_FILE or ${name}_PASSPHRASE is wrong`, { cause })
  }
}

function refuseSandbox(name: string, { issuer }: Certificate): void {
  if (issuer.toLowerCase().includes(sandboxMark))
    throw new Error(`cannot start: ${name} holds a sandbox certificate; SANDBOX=1 is for the sandbox alone`)
}

function readMasterKeys(text: string): MasterKeys {
  const pairs = text.split(',').map((pair) => {
    const [id = '', base64 = ''] = pair.trim().split(':')
    const bytes = Buffer.from(base64, 'base64')
    if (!/^[a-z0-9-]{1,32}$/.test(id) || bytes.byteLength !== 32)
      throw new Error('cannot start: MASTER_KEYS is not a list of id:base64 of 32 bytes')
    return [id, createSecretKey(bytes)] as const
  })
  return { current: pairs[0]?.[0] ?? '', keys: new Map(pairs) }
}
