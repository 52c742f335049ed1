import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** Authorities (PEM) in OUTGOING_CA_FILE. Throws an Error that says when the file cannot be used. */
export function readAuthorities(path: string | undefined): readonly string[] {
  if (path === undefined) return []
  try {
    const found = readFileSync(path, 'utf8').match(certificate) ?? []
    if (found.length === 0) throw new Error('no certificate in it')
    return found.map((pem) => new X509Certificate(pem).toString())
  } catch (cause) {
    throw new Error('cannot start: OUTGOING_CA_FILE is no PEM file of certificates', { cause })
  }
}
