import type { AppDeps } from '../routes/app.ts'
import type { Store } from '../adapters/store/store.ts'
import { tokenKeys } from '../signing/token.ts'
import { createIssueToken } from '../workers/access-token.ts'
import { createReadClientCertificate } from '../workers/client-certificate.ts'
import { createCredentialLookup } from '../workers/credential-lookup.ts'
import { createCredentials } from '../workers/credentials.ts'
import type { Directory } from '../workers/directory.ts'
import { createAuthenticate } from '../workers/session.ts'
import type { Env } from './env.ts'
import type { GatewayKeys } from './keys.ts'
import { describe, type Log } from './log.ts'
import { createTrust } from './proxies.ts'

interface IdentityParts {
  readonly env: Env
  readonly keys: GatewayKeys
  readonly store: Store
  readonly log: Log
  readonly now: () => number
}

/** Joins what tells who calls. */
export function wireIdentity(
  { env, keys, store, log, now }: IdentityParts,
  directory: () => Directory,
): Pick<AppDeps, 'authenticate' | 'credentials' | 'issueToken' | 'proxies'> {
  const onError = (error: unknown) => log('warn', 'last use not noted', describe(error))
  const lookup = createCredentialLookup({ store, directory, now, onError })
  const common = {
    ...{ store, directory, now, lookup, code: env.GATEWAY_CODE, tokenKeys: tokenKeys(keys.master) },
    readClientCertificate: createReadClientCertificate({ lookup, directory, now }),
  }
  return {
    authenticate: createAuthenticate(common),
    issueToken: createIssueToken({ ...common, tokenSeconds: env.TOKEN_SECONDS }),
    credentials: createCredentials({ store, directory, now }),
    proxies: {
      isTrusted: createTrust(env.TRUSTED_PROXIES),
      certificateHeader: env.CLIENT_CERT_HEADER,
    },
  }
}
