import type { AskDeed, AskDone, Reply } from '../adapters/agencies/ask.ts'
import type { Found } from '../adapters/agencies/door.ts'
import type { Agency, Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Message } from '../schemas/message.ts'
import { createAskByMessage, type MessageAskDeps } from './ask-by-message.ts'
import { createAskPayment, type PaymentAskDeps } from './ask-payment.ts'
import { askIt, callable, givenIn, unanswered, unasked, type Asking } from './asked-body.ts'
import { createBelieved } from './believed.ts'
import { portalCoreAlias } from './route.ts'

/** What a citizen waits for with the page open. */
const mostWaitMs = 5_000
/** Clients ask for the same procedure before each dossier (dvcqg §21 trap 13). */
const procedures = { ms: 600_000, most: 2_000 } as const

export type AskDeps = MessageAskDeps & PaymentAskDeps

/** Asks a body now. Throws `forbidden`, or `unavailable` where it does not answer and nothing here may take its place. */
export type AskBody = (caller: Caller, deed: AskDeed) => Promise<AskDone>

/** Asks in the body's own dialect. One whose dialect has no such call is asked for its dossier by a signed message, `status.requested`. */
export function createAskBody(deps: AskDeps): AskBody {
  const { lookup, now } = deps
  const believe = createBelieved<Reply | null>({
    ...procedures,
    now,
    isWorth: (reply) => reply?.kind === 'rows',
  })
  const askByMessage = createAskByMessage(deps)

  const askPayment = createAskPayment(deps)

  function replyOf(asking: Asking): Promise<Reply | null> {
    const { agency, question } = asking
    if (question.of !== 'procedure') return askIt(asking, deps)
    return believe(JSON.stringify([agency.code, question.maTTHC]), () => askIt(asking, deps))
  }

  return async (caller, deed) => {
    const asker = authorised(caller, deed, deps)
    const deadline = now() + mostWaitMs
    const { question, wanted } = deed
    if (question.of === 'payment')
      return askPayment(caller, { question, deadline, elseHere: wanted !== null })
    const agency = await bodyAsked(asker, deed, deps)
    const reply = agency === undefined ? unasked : await replyOf({ asker, agency, question, deadline })
    const given = givenIn(reply)
    if (given !== null) return { kind: 'ask', from: 'body', given }
    if (wanted === null) throw unanswered(reply)
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

/** Undefined where there is none, or it is not to be called now. */
async function bodyAsked(
  asker: string,
  { whom, question }: AskDeed,
  deps: AskDeps,
): Promise<Agency | undefined> {
  const { directory, now } = deps
  const named = question.of === 'dossier' ? directory().dossierOwner(question.maHoSo) : undefined
  const code = whom === 'portal-core' ? portalCoreAlias : named
  const [first = ''] = code === undefined ? [] : directory().resolve(code, now())
  return callable(asker, first, deps)
}

/** Of the newest message that was found. */
function ageOf(found: Found, now: number): number | null {
  if (found.of !== 'subject' || found.messages.length === 0) return null
  return now - Math.max(...found.messages.map(({ receivedAt }) => receivedAt))
}
