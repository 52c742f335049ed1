import type {
  ListedMessage,
  ListingStore,
  ListPage,
  MessageQuery,
  Whose,
} from '../adapters/store/ports/listing.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { auditEntry } from '../schemas/audit.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { SignedReceipt } from '../schemas/receipt.ts'
import { newId } from '../signing/new-id.ts'
import { bodiesOf, seesAll, speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'
import type { Queries } from './query.ts'

type Ask = Omit<MessageQuery, 'whose'>

export interface Lists {
  /** What the caller's body and those below it sent and received; for operators and auditors, all. */
  messages(caller: Caller, ask: Ask): Promise<ListPage<ListedMessage>>
  refusals(caller: Caller, ask: Pick<Ask, 'since' | 'max'>): Promise<ListPage<SignedReceipt>>
  /** A receipt, for the parties of its message; a refusal, for the body that was refused. */
  receipt(caller: Caller, id: string): Promise<SignedReceipt>
  /** The signed envelope of a message, for those who may see the message. A read by the gateway's own people is kept in the audit first. */
  envelope(caller: Caller, id: string): Promise<Uint8Array>
}

export interface ListsDeps {
  readonly store: ListingStore & Pick<Store, 'recordAudit'>
  readonly queries: Pick<Queries, 'message'>
  readonly directory: () => Directory
  readonly now: () => number
}

const missing = () => new GatewayError('not_found', { field: 'id' })

/** Lists by cursor, and the single proofs they lead to. */
export function createLists({ store, queries, directory, now }: ListsDeps): Lists {
  const whose = (caller: Caller): Whose => (seesAll(caller) ? 'all' : bodiesOf(caller, directory()))
  return {
    messages: (caller, ask) => store.listMessages({ ...ask, whose: whose(caller) }),
    refusals: (caller, ask) => store.listRefusals({ ...ask, whose: whose(caller) }),
    async receipt(caller, id) {
      const signed = await store.findReceipt(id)
      if (signed === null) throw missing()
      const { sender, kind, messageId } = signed.receipt
      if (seesAll(caller) || speaksFor(caller, sender, directory())) return signed
      if (kind === 'refusal') throw missing()
      await queries.message(caller, messageId)
      return signed
    },
    async envelope(caller, id) {
      const { message } = await queries.message(caller, id)
      if (caller.agency === null) {
        const act = { act: 'message.read', object: id, body: message.sender }
        await store.recordAudit([auditEntry(caller, act, { id: newId(), at: now() })])
      }
      const original = await store.findOriginal(id)
      if (original === null) throw missing()
      return original
    },
  }
}
