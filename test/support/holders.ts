import { randomUUID } from 'node:crypto'
import type { CredentialRow } from '../../adapters/store/views.ts'
import type { Role } from '../../schemas/agency.ts'
import { drawSecret, secretHash } from '../../signing/secret.ts'
import type { LentGateway } from './gateway.ts'

type Imported = CredentialRow & { readonly secretHash: Uint8Array }

/** A credential of a test with its secret, to be added to a registry file. */
export interface Holder {
  readonly secret: string
  readonly row: Imported
}

/** A person or system with a credential that has been good for a minute, for a year. */
export function createHolder(holder: Partial<CredentialRow> & { readonly roles: readonly Role[] }): Holder {
  const secret = drawSecret()
  const validFrom = Date.now() - 60_000
  const row = {
    ...{ id: randomUUID(), person: null, agency: null, validFrom },
    validTo: validFrom + 365 * 86_400_000,
    secretHash: secretHash(secret),
    ...holder,
  }
  return { secret, row }
}

/** A call with a JSON body. */
export function callJson(
  { call }: LentGateway,
  key: string | null,
  [method, path]: readonly [method: string, path: string],
  body?: unknown,
) {
  const json = body === undefined ? undefined : { type: 'application/json', bytes: JSON.stringify(body) }
  return call(key, method, path, json)
}

/** A call of the token endpoint; the parameters as they stand, an object's also encoded. */
export function askToken(
  { url }: Pick<LentGateway, 'url'>,
  form: Readonly<Record<string, string>> | string,
  headers = {},
) {
  return fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  })
}
