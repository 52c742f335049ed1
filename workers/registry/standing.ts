import type { MessageView, Store } from '../../adapters/store/store.ts'
import type { Agency, AgencyStatus, Caller } from '../../schemas/agency.ts'
import { GatewayError } from '../../schemas/errors.ts'
import type { Json } from '../../schemas/message.ts'
import type { ChangeRegistry } from './change.ts'

/** The test that a body passed: a message of it, or to it, that was processed (QC25 Art. 23.4-5). */
export interface RecordedTest {
  readonly messageId: string
  readonly action: string
}

export interface StandingWish {
  readonly code: string
  readonly status: AgencyStatus
  readonly test?: RecordedTest | undefined
  readonly reason: string
}

export type SetStanding = (caller: Caller, wish: StandingWish) => Promise<Agency>

/** What was tested, as the audit keeps it. */
interface Proof extends RecordedTest {
  /** MaHoSo, or what else the message was about. */
  readonly subjectKey: string
  readonly receivedAt: number
}

/**
 * Moves a body between testing, live and suspended; the audit keeps who confirmed it and by which test. Going live needs a test that the
 * store bears out, unless the body was live before.
 */
export function createSetStanding(deps: {
  readonly store: Pick<Store, 'findMessage'>
  readonly change: ChangeRegistry
  readonly now: () => number
}): SetStanding {
  return async (caller, { code, status, test, reason }) => {
    const proof = test === undefined ? null : await prove(code, test, deps.store)
    return deps.change(caller, (current) => {
      const before = current.agency(code)
      if (before === undefined) throw new GatewayError('not_found', { field: 'code' })
      if (before.status === status) return { patch: {}, acts: [], answer: before }
      if (status === 'live' && before.liveSince === undefined && proof === null)
        throw new GatewayError('invalid_field', {
          field: 'test',
          reason: 'going live for the first time needs a processed test: messageId and action',
        })
      const agency = moved(before, status, deps.now())
      const act = {
        act: 'agency.state',
        object: code,
        body: code,
        before: { status: before.status },
        after: { status, ...(proof === null ? {} : { test: { ...proof } }) } satisfies Json,
        reason,
      }
      return { patch: { agencies: { [code]: agency } }, acts: [act], answer: agency }
    })
  }
}

/** One that leaves `live` has been live, even where that was never noted (a first registry). */
function moved(before: Agency, status: AgencyStatus, now: number): Agency {
  const wasLive = before.status === 'live' || status === 'live'
  return { ...before, status, ...(wasLive ? { liveSince: before.liveSince ?? now } : {}) }
}

async function prove(code: string, test: RecordedTest, store: Pick<Store, 'findMessage'>): Promise<Proof> {
  const view = await store.findMessage(test.messageId)
  if (view === null || !isPartyTo(code, view)) refuse('test.messageId', `${code} has no such message`)
  if (view.message.action !== test.action) refuse('test.action', `the message is ${view.message.action}`)
  if (!isProcessed(code, view)) refuse('test.messageId', 'its recipient has not answered "processed"')
  const { subjectKey, receivedAt } = view.message
  return { ...test, subjectKey, receivedAt }
}

const isPartyTo = (code: string, { message, deliveries }: MessageView) =>
  message.sender === code || deliveries.some(({ recipient }) => recipient === code)

/** What the body sent was processed by another; what was sent to it, by itself. */
const isProcessed = (code: string, { message, deliveries }: MessageView) =>
  deliveries.some(
    ({ recipient, state }) => state === 'processed' && (message.sender === code || recipient === code),
  )

function refuse(field: string, reason: string): never {
  throw new GatewayError('invalid_field', { field, reason })
}
