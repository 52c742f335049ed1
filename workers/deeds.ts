import type { Deed, Done } from '../adapters/agencies/door.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Accounts } from './accounts.ts'
import type { Intake, IntakeWhole } from './intake.ts'
import type { Lookup } from './lookup.ts'
import { submitLineOf, type SubmitLine } from './submit-line.ts'

/** Does what a request at a dialect's own door asks for. */
export type Deeds = (caller: Caller | null, deed: Deed, dialect: string) => Promise<Done>

export interface DeedDeps {
  readonly intake: Intake
  readonly intakeWhole: IntakeWhole
  readonly lookup: Lookup
  readonly accounts: Pick<Accounts, 'login'>
  readonly reportSubmit: (line: SubmitLine) => void
}

type Doers = { readonly [K in Deed['kind']]: (asked: Extract<Deed, { kind: K }>, by: By) => Promise<Done> }

interface By {
  /** Throws `unauthenticated` where nobody has shown who calls. */
  readonly caller: () => Caller
  readonly dialect: string
}

export function createDeeds(deps: DeedDeps): Deeds {
  const doers: Doers = {
    submit: (deed, { caller }) => submit(deed, caller(), deps),
    login: ({ account, secret }, { dialect }) =>
      Promise.resolve({ kind: 'login', ...deps.accounts.login(dialect, account, secret) }),
    lookup: async ({ wanted }, { caller }) => ({
      kind: 'lookup',
      found: await deps.lookup(caller(), wanted),
    }),
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

async function submit(
  { contents, whole }: Extract<Deed, { kind: 'submit' }>,
  caller: Caller,
  { intake, intakeWhole, reportSubmit }: DeedDeps,
): Promise<Done> {
  if (whole) {
    const { results, refusedAt } = await intakeWhole(caller, contents)
    for (const result of results) reportSubmit(submitLineOf(caller, result))
    return { kind: 'submit', results, refusedAt }
  }
  const results = []
  for (const content of contents) results.push(await intake(caller, content)) // in order: the lanes keep it
  for (const result of results) reportSubmit(submitLineOf(caller, result))
  return { kind: 'submit', results, refusedAt: null }
}
