import type { Deed, Done } from '../adapters/agencies/door.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Accounts } from './accounts.ts'
import type { AskBody } from './ask.ts'
import type { Inbox } from './inbox.ts'
import type { Lookup } from './lookup.ts'
import type { Money } from './money.ts'
import type { Confirm } from './confirm.ts'
import type { DrawCode } from './numbers.ts'
import type { Pulls } from './pulls.ts'
import type { ReadFile } from './read-file.ts'
import type { Submit } from './submit.ts'
import type { Traces } from './traces.ts'

/** Does what a request at a dialect's own door asks for. */
export type Deeds = (caller: Caller | null, deed: Deed, dialect: string) => Promise<Done>

export interface DeedDeps {
  readonly submit: Submit
  readonly lookup: Lookup
  readonly ask: AskBody
  readonly inbox: Inbox
  readonly traces: Traces
  readonly money: Money
  readonly pulls: Pick<Pulls, 'list' | 'get'>
  readonly confirm: Confirm
  readonly accounts: Pick<Accounts, 'login'>
  readonly drawCode: DrawCode
  readonly readFile: ReadFile
}

type Doers = { readonly [K in Deed['kind']]: (asked: Extract<Deed, { kind: K }>, by: By) => Promise<Done> }

interface By {
  /** Throws `unauthenticated` where nobody has shown who calls. */
  readonly caller: () => Caller
  readonly dialect: string
}

export function createDeeds({
  submit,
  lookup,
  ask,
  inbox,
  traces,
  confirm,
  money,
  pulls,
  accounts,
  drawCode,
  readFile,
}: DeedDeps): Deeds {
  const doers: Doers = {
    submit: async (deed, { caller }) => ({ kind: 'submit', ...(await submit(caller(), deed)) }),
    money: async (deed, { caller }) => ({ kind: 'money', ...(await money(caller(), deed)) }),
    login: ({ account, secret }, { dialect }) =>
      Promise.resolve({ kind: 'login', ...accounts.login(dialect, account, secret) }),
    lookup: async ({ wanted }, { caller }) => ({ kind: 'lookup', found: await lookup(caller(), wanted) }),
    ask: (deed, { caller }) => ask(caller(), deed),
    inbox: async (deed, { caller, dialect }) => ({
      kind: 'inbox',
      messages: await inbox(caller(), dialect, deed),
    }),
    traces: (deed, { caller, dialect }) => traces(caller(), dialect, deed),
    list: async (deed, { caller, dialect }) => ({
      kind: 'list',
      waiting: await pulls.list(caller(), dialect, deed),
    }),
    get: async ({ deliveryId }, { caller }) => ({
      kind: 'get',
      encoded: await pulls.get(caller(), deliveryId),
    }),
    ack: async (deed, { caller }) => {
      await confirm(caller(), deed)
      return { kind: 'ack' }
    },
    number: async (deed, { caller }) => ({ kind: 'number', code: await drawCode(caller(), deed) }),
    file: (deed, { caller }) => readFile(caller(), deed),
    nothing: () => Promise.resolve({ kind: 'nothing' }),
  }
  return (caller, deed, dialect) => {
    const act = doers[deed.kind] as (asked: Deed, by: By) => Promise<Done> // the row of the deed's own kind
    return act(deed, { caller: () => known(caller), dialect })
  }
}

function known(caller: Caller | null): Caller {
  if (caller === null) throw new GatewayError('unauthenticated', { reason: 'this asks for a login' })
  return caller
}
