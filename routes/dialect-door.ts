import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express'
import type { Dialect, DoorRequest } from '../adapters/agencies/dialect.ts'
import type {
  AccountClaim,
  Claim,
  DialectDoor,
  DoorRow,
  Found,
  Guest,
  Wanted,
} from '../adapters/agencies/door.ts'
import type { Agency, Caller } from '../schemas/agency.ts'
import { GatewayError, signatureFaults } from '../schemas/errors.ts'
import type { Accounts } from '../workers/accounts.ts'
import type { Deeds } from '../workers/deeds.ts'
import type { Directory } from '../workers/directory.ts'
import type { Files } from '../workers/files.ts'
import { isUncoded } from './body.ts'
import { reads } from './content-type.ts'
import { asGatewayError, reportOf, type ErrorReport } from './errors.ts'
import type { FailureLimit } from './failures.ts'
import { isUnknown, type Identify } from './identify.ts'
import { doorRequest, streamAnswer, writeAnswer } from './request.ts'
import { begun, createLendBody } from './incoming.ts'

export interface DialectDoorDeps {
  readonly dialects: ReadonlyMap<string, Dialect>
  readonly identify: Identify
  readonly accounts: Accounts
  readonly failures: FailureLimit
  readonly readBody: RequestHandler
  readonly limit: (key: string, now: number) => void
  readonly directory: () => Directory
  readonly deeds: Deeds
  readonly files: Pick<Files, 'keepingOf' | 'read' | 'maxRequestBytes'>
  readonly report: (line: ErrorReport) => void
  readonly now: () => number
}

type Opened = Pick<Dialect, 'name' | 'options'> & { readonly door: DialectDoor }

/** Mounts the doors that dialects bring along. Whatever happens behind them is answered in the dialect's own form. */
export function createDialectDoors(deps: DialectDoorDeps): Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  const mount = createMount(router, deps)
  for (const { name, options, door } of deps.dialects.values())
    for (const row of door?.rows ?? []) mount(row, { name, options, door: door as DialectDoor })
  return router
}

const methods = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const

function createMount(router: Router, deps: DialectDoorDeps): (row: DoorRow, dialect: Opened) => void {
  const lend = createLendBody(deps.files.maxRequestBytes) // one for all doors: its bounds are those of the process
  return (row, dialect) => {
    const { door, name } = dialect
    async function look(caller: Caller | null, wanted: readonly Wanted[]): Promise<readonly Found[]> {
      const found: Found[] = []
      for (const each of wanted) {
        const done = await deps.deeds(caller, { kind: 'lookup', wanted: each }, name)
        if (done.kind === 'lookup') found.push(done.found)
      }
      return found
    }
    async function answer(req: Request, res: Response, stream?: AsyncIterable<Uint8Array>): Promise<void> {
      const came = { ...doorRequest(req), ...(stream && (await begun(stream, row.headBytes))) }
      const { caller, guest } = await enter(req, res, { request: came, dialect, deps })
      const incoming = came.stream && { bytes: came.stream, keeping: deps.files.keepingOf(caller) }
      const taking = incoming && door.take?.(incoming, came, guest)
      const taken = await taking?.catch((error: unknown) => refuseSigned(error, caller, { dialect, deps }))
      const asked = { ...came, taken, at: deps.now() }
      const request = { ...asked, found: await look(caller, door.refers?.(asked, guest) ?? []) }
      const first = await deps.deeds(caller, door.read(request, guest), name)
      const next = door.follow?.(first, request, guest) ?? null
      const done = next === null ? first : await deps.deeds(caller, next, name)
      const answered = done.kind === 'login' ? guestOf(done.agency, dialect, deps) : guest
      await streamAnswer(res, door.write(done, request, answered), deps.files.read)
    }
    const handle: RequestHandler = (req, res) =>
      row.streams === true ? lend(req, (stream) => answer(req, res, stream)) : answer(req, res)
    const take = row.streams === true ? isUncoded : deps.readBody
    const route = router[methods[row.method]].bind(router)
    route(row.path, reads(row), take, handle, failing(door, deps))
  }
}

/** A signature that does not hold is refused with evidence, as at the gateway's own doors, and then in the dialect's own form. */
async function refuseSigned(
  error: unknown,
  caller: Caller | null,
  { dialect, deps }: Omit<Entering, 'request'>,
): Promise<never> {
  if (caller !== null && error instanceof GatewayError && signatureFaults.has(error.code))
    await deps.deeds(
      caller,
      { kind: 'submit', contents: [{ kind: 'unreadable', error }], whole: true },
      dialect.name,
    )
  throw error
}

/** Whatever a row's steps throw goes to the dialect's own answer, never to the gateway's. */
function failing(door: DialectDoor, { report, failures }: DialectDoorDeps): ErrorRequestHandler {
  return (thrown: unknown, req, res, _next) => {
    const error =
      isUnknown(thrown) && !asksCredential(res) ? counted(thrown, req, failures) : asGatewayError(thrown)
    report(reportOf(error, req, res))
    if (res.headersSent) res.destroy()
    else writeAnswer(res, door.fail(error, doorRequest(req), guestIn(res)))
  }
}

/** Who had entered before the fault. */
const guestIn = ({ locals }: Response): Guest | null => (locals['guest'] as Guest | undefined) ?? null // set on entering alone

/** Failures of the gateway's own credentials are counted where those are read. */
const asksCredential = ({ locals }: Response): boolean =>
  (locals['claim'] as Claim | undefined)?.kind === 'credential' // set on entering alone

/** One who tries accounts is told to wait. */
function counted(thrown: unknown, req: Request, failures: FailureLimit): GatewayError {
  try {
    failures.count(req.ip ?? '')
    return asGatewayError(thrown)
  } catch (error) {
    return asGatewayError(error)
  }
}

interface Entering {
  readonly request: DoorRequest
  readonly dialect: Opened
  readonly deps: DialectDoorDeps
}

interface Entered {
  readonly caller: Caller | null
  readonly guest: Guest | null
}

async function enter(req: Request, res: Response, { request, dialect, deps }: Entering): Promise<Entered> {
  const claim = dialect.door.claim(request)
  res.locals['claim'] = claim
  if (claim.kind === 'nobody') return { caller: null, guest: null }
  const caller = claim.kind === 'credential' ? await deps.identify(req, res) : proved(claim, dialect, deps)
  res.locals['caller'] = caller
  if (claim.kind !== 'credential') deps.limit(caller.agency ?? caller.credentialId, deps.now())
  const secrets = claim.kind === 'account' ? deps.accounts.secrets(dialect.name, claim.account) : []
  const guest = { ...guestOf(caller.agency, dialect, deps), secrets }
  res.locals['guest'] = guest
  return { caller, guest }
}

function guestOf(code: string | null, dialect: Opened, { directory }: DialectDoorDeps): Guest {
  const agency = code === null ? undefined : directory().agency(code)
  if (agency === undefined) throw new GatewayError('forbidden', { reason: 'this door is for bodies' })
  return { agency, options: optionsOf(agency, dialect) }
}

function proved(
  claim: Extract<Claim, { readonly kind: 'session' | 'account' }>,
  { name }: Opened,
  { accounts }: DialectDoorDeps,
): Caller {
  const prove = ({ account, isProvedBy }: AccountClaim) => accounts.prove(name, account, isProvedBy)
  if (claim.kind === 'account') return prove(claim)
  const caller = accounts.resume(name, claim.token)
  return claim.beside === undefined ? caller : agreed(caller, claim.beside, prove)
}

/** Throws `unauthenticated` with the field `account`, so that a client does not take its token for the fault. */
function agreed(caller: Caller, beside: AccountClaim, prove: (claim: AccountClaim) => Caller): Caller {
  try {
    if (prove(beside).agency === caller.agency) return caller
  } catch (error) {
    if (!isUnknown(error)) throw error
  }
  throw new GatewayError('unauthenticated', { field: 'account', reason: 'not one of the body of the token' })
}

/** A body whose own dialect is another one comes here with the defaults. */
function optionsOf(agency: Agency, { name, options }: Opened): unknown {
  const read = options.safeParse(agency.dialect === name ? agency.options : {})
  if (!read.success)
    throw new GatewayError('forbidden', { reason: `${agency.code} has no options for the dialect ${name}` })
  return read.data
}
