import type { AppDeps } from '../routes/app.ts'
import { tokenKeys } from '../signing/token.ts'
import { createAccounts } from '../workers/accounts.ts'
import { createAskBody, type AskDeps } from '../workers/ask.ts'
import { createConfirm } from '../workers/confirm.ts'
import { createDeeds, type DeedDeps } from '../workers/deeds.ts'
import { createInbox } from '../workers/inbox.ts'
import { createLookup } from '../workers/lookup.ts'
import { createMoney } from '../workers/money.ts'
import { createDrawCode } from '../workers/numbers.ts'
import { createReadFile, type ReadFileDeps } from '../workers/read-file.ts'
import { createPulls, type PullsDeps } from '../workers/pulls.ts'
import { createTraces } from '../workers/traces.ts'
import type { RegistryWatch } from '../workers/registry-watch.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Env } from './env.ts'
import type { GatewayKeys } from './keys.ts'

interface DoorParts {
  readonly env: Env
  readonly keys: GatewayKeys
  readonly store: Store
  readonly registry: RegistryWatch
  readonly now: () => number
}

type Steps = Omit<
  DeedDeps,
  'accounts' | 'lookup' | 'ask' | 'inbox' | 'traces' | 'confirm' | 'pulls' | 'money' | 'drawCode' | 'readFile'
> &
  ReadFileDeps &
  Omit<PullsDeps, 'store' | 'mailboxLeaseMs'> &
  Omit<AskDeps, 'lookup' | 'store' | 'now' | 'money'>

/** Joins what stands behind the doors that dialects bring along. */
export function wireDialectDoors(
  { env, keys, store, registry, now }: DoorParts,
  steps: Steps,
): Pick<AppDeps, 'accounts' | 'deeds'> {
  const { directory } = steps
  const accounts = createAccounts({
    ...{ secrets: registry.secrets, directory, now },
    ...{ tokenKeys: tokenKeys(keys.master), code: env.GATEWAY_CODE },
  })
  const lookup = createLookup({ ...steps, store, now })
  const drawCode = createDrawCode({ store, directory, now })
  const pulls = createPulls({ ...steps, store, mailboxLeaseMs: env.MAILBOX_LEASE_SECONDS * 1000 })
  const money = createMoney({ ...steps, store, now })
  const inbox = createInbox({ store, directory, pulls })
  const traces = createTraces({ store, directory, lookup, pulls })
  const ask = createAskBody({ ...steps, store, lookup, money, now })
  const readFile = createReadFile(steps)
  const confirm = createConfirm({ ...steps, store, pulls })
  const doers = { accounts, lookup, ask, inbox, traces, confirm, pulls, money, drawCode, readFile }
  return { accounts, deeds: createDeeds({ ...steps, ...doers }) }
}
