import { BasicAuthSecurity, WSSecurity, type Client } from 'soap'
import type { SoapOptions } from './options.ts'

/** The value of a secret of the body that holds now. Throws where it has none. */
export type SecretOf = (name: string) => string

/** Name of the secret that goes with a user's name. */
export const passwordName = 'password'

/** Names of all secrets that a call needs. */
export function secretsOf({ security, header, operations }: SoapOptions): readonly string[] {
  const inHeader = Object.values(header?.fields ?? {}).flatMap((field) =>
    typeof field === 'string' ? [] : [field.secret],
  )
  const inBody = Object.values(operations).flatMap(({ secrets }) => Object.values(secrets))
  return [...(security === undefined ? [] : [passwordName]), ...inHeader, ...inBody]
}

/** Puts on a client what shows to the recipient who calls, in place of what was there. */
export function credentialsOn(
  client: Client,
  { options: { security, header }, secretOf }: { readonly options: SoapOptions; readonly secretOf: SecretOf },
): void {
  if (security?.kind === 'basic')
    client.setSecurity(new BasicAuthSecurity(security.username, secretOf(passwordName)))
  if (security?.kind === 'username-token')
    client.setSecurity(
      new WSSecurity(security.username, secretOf(passwordName), {
        passwordType: security.password === 'digest' ? 'PasswordDigest' : 'PasswordText',
        hasTimeStamp: security.timestamp,
        mustUnderstand: security.mustUnderstand,
      }),
    )
  client.clearSoapHeaders()
  if (header === undefined) return
  const fields = Object.entries(header.fields).map(([name, field]) => [
    name,
    typeof field === 'string' ? field : secretOf(field.secret),
  ])
  client.addSoapHeader({ [header.name]: Object.fromEntries(fields) as object }, '', 'own', header.namespace)
}
