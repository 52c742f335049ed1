import type { AskDeed, AskDone, Reply } from '../adapters/agencies/ask.ts'
import type { AgencyKeys, Dialect, Transport } from '../adapters/agencies/dialect.ts'
import type { Found } from '../adapters/agencies/door.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Agency, Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Message } from '../schemas/message.ts'
import { createAskByMessage, type MessageAskDeps } from './ask-by-message.ts'
import { createBelieved } from './believed.ts'
import type { Directory } from './directory.ts'
import { mayReach } from './readiness.ts'
import { portalCoreAlias } from './route.ts'

/** What a citizen waits for with the page open. */
const mostWaitMs = 5_000
/** Clients ask for the same procedure before each dossier (dvcqg §21 trap 13). */
const procedures = { ms: 600_000, most: 2_000 } as const

export interface AskDeps extends MessageAskDeps {
  readonly directory: () => Directory
  readonly store: Pick<Store, 'agencyStates'>
  readonly dialectOf: (agency: Agency) => Dialect
  readonly transportOf: (agency: Agency) => Transport
  readonly keysOf: (agency: string) => AgencyKeys
}

/** Asks a body now. Throws `forbidden`, or `unavailable` where it does not answer and nothing here may take its place. */
export type AskBody = (caller: Caller, deed: AskDeed) => Promise<AskDone>

/** A question to a body, with when (ms) somebody stops waiting for the answer. */
interface Asking {
  readonly asker: string
  readonly agency: Agency
  readonly deed: AskDeed
  readonly deadline: number
}

/** Asks in the body's own dialect. One whose dialect has no such call is asked for its dossier by a signed message, `status.requested`. */
export function createAskBody(deps: AskDeps): AskBody {
  const { lookup, now } = deps
  const believe = createBelieved<Reply | null>({
    ...procedures,
    now,
    isWorth: (reply) => reply?.kind === 'rows',
  })
  const askByMessage = createAskByMessage(deps)

  function replyOf(asking: Asking): Promise<Reply | null> {
    const { agency, deed } = asking
    const { question } = deed
    if (question.of !== 'procedure') return askIt(asking, deps)
    return believe(JSON.stringify([agency.code, question.maTTHC]), () => askIt(asking, deps))
  }

  return async (caller, deed) => {
    const asker = authorised(caller, deed, deps)
    const agency = await bodyAsked(asker, deed, deps)
    const deadline = now() + mostWaitMs
    const reply = agency === undefined ? unasked : await replyOf({ asker, agency, deed, deadline })
    if (reply?.kind === 'rows') return { kind: 'ask', from: 'body', rows: reply.rows }
    if (deed.wanted === null) throw unanswered(reply)
    const { wanted } = deed
    const found =
      reply === null && agency !== undefined && wanted.of === 'subject' && takesRequests(agency, deps)
        ? await askByMessage(caller, { agency: agency.code, wanted, deadline })
        : await lookup(caller, wanted)
    return { kind: 'ask', from: 'here', found, ageMs: ageOf(found, now()) }
  }
}

/** Whether the body's dialect carries a wish for the state of a dossier: else it would be parked, and told of. */
function takesRequests(agency: Agency, { dialectOf, now }: AskDeps): boolean {
  const message: Message = {
    ...{ id: '', sender: '', senderRef: '', recipients: [agency.code], action: 'status.requested' },
    ...{ family: 'status', subjectKey: '', sentAt: now(), receivedAt: now(), flags: [] },
    payload: { data: [] },
  }
  return dialectOf(agency).encode(message, agency).kind === 'encoded'
}

const unasked: Reply = { kind: 'none', code: 'not_asked', reason: 'nobody can be asked' }

/** Code of the body that asks. Whoever asks the owner of a dossier for its state must be granted the message that does the same. */
function authorised({ agency }: Caller, { whom }: AskDeed, { directory }: AskDeps): string {
  if (agency === null) throw new GatewayError('forbidden', { reason: 'only a body asks another' })
  if (whom === 'dossier-owner' && !directory().isGranted(agency, 'status.requested'))
    throw new GatewayError('forbidden', {
      field: 'service',
      reason: `${agency} is not granted status.requested`,
    })
  return agency
}

/** Undefined where there is none, or it is not to be called now: nothing is started to one that is suspended, paused or behind its breaker. */
async function bodyAsked(
  asker: string,
  { whom, question }: AskDeed,
  { directory, store, now }: AskDeps,
): Promise<Agency | undefined> {
  const named = question.of === 'dossier' ? directory().dossierOwner(question.maHoSo) : undefined
  const code = whom === 'portal-core' ? portalCoreAlias : named
  const [first = ''] = code === undefined ? [] : directory().resolve(code, now())
  const agency = directory().agency(first)
  if (agency === undefined || agency.status === 'suspended' || directory().isWithin(first, asker))
    return undefined
  if (!mayReach(directory().agency(asker), agency)) return undefined
  const state = (await store.agencyStates()).find((each) => each.agency === first)
  return state !== undefined && (state.paused || state.openUntil > now()) ? undefined : agency
}

/** Null where its dialect, or this body, has no such call. Every call on the way ends with the time that is left. */
async function askIt({ agency, asker, deed, deadline }: Asking, deps: AskDeps): Promise<Reply | null> {
  const { now, transportOf, keysOf, dialectOf } = deps
  const way = transportOf(agency)
  const transport: Transport = {
    post: (call) => way.post({ ...call, timeoutMs: Math.max(1, Math.min(call.timeoutMs, deadline - now())) }),
  }
  const partner = { agency, asker, transport, keys: keysOf(agency.code), now }
  return (await dialectOf(agency).ask?.(deed.question, partner)) ?? null
}

function unanswered(reply: Reply | null): GatewayError {
  const reason = reply?.kind === 'none' ? reply.reason : 'the body cannot be asked this'
  return new GatewayError('unavailable', { reason })
}

/** Of the newest message that was found. */
function ageOf(found: Found, now: number): number | null {
  if (found.of !== 'subject' || found.messages.length === 0) return null
  return now - Math.max(...found.messages.map(({ receivedAt }) => receivedAt))
}
